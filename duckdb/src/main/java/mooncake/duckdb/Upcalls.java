package mooncake.duckdb;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Entry points from native code into Java, a fixed few per process that are never freed: whom a call is for follows
/// from the pointer that DuckDB hands back.
final class Upcalls {
    private static final Logger LOG = LoggerFactory.getLogger(Upcalls.class);

    private Upcalls() {}

    /// `void (*)(void *pointer)`, called when DuckDB drops a pointer from [JavaObjects].
    static long destroy() {
        return Destroy.STUB;
    }

    /// A stub for a static method of `owner` that takes `arity` words and returns nothing.
    static long stub(MethodHandles.Lookup owner, String method, int arity) {
        try {
            Class<?>[] words = new Class<?>[arity];
            Arrays.fill(words, long.class);
            MethodHandle target =
                    owner.findStatic(owner.lookupClass(), method, MethodType.methodType(void.class, words));
            MemoryLayout[] layouts = new MemoryLayout[arity];
            Arrays.fill(layouts, ValueLayout.JAVA_LONG);
            return Linker.nativeLinker()
                    .upcallStub(target, FunctionDescriptor.ofVoid(layouts), Arena.global())
                    .address();
        } catch (ReflectiveOperationException e) {
            throw new MooncakeException(ErrorCode.BROKEN_INVARIANT, "no upcall " + method, e);
        }
    }

    /// Reports a failure to DuckDB. The last resort when even that fails is the log: nothing may leave an upcall.
    static void fail(NativeCall setError, long info, Throwable failure) {
        try (Arena arena = Arena.ofConfined()) {
            String text = DuckErrors.encode(failure).replace('\0', ' ');
            setError.call(info, Memory.cString(arena, text));
        } catch (Throwable t) {
            log("reporting a failure to DuckDB failed", t);
        }
    }

    private static void log(String message, Throwable t) {
        try {
            LOG.error(message, t);
        } catch (Throwable ignored) {
            // Nothing is left that could be told.
        }
    }

    private static final class Destroy {
        private static final long STUB = stub(MethodHandles.lookup(), "onDestroy", 1);

        @SuppressWarnings("unused") // Called by DuckDB.
        private static void onDestroy(long pointer) {
            try {
                JavaObjects.remove(pointer);
            } catch (Throwable t) {
                log("freeing an object that DuckDB dropped failed", t);
            }
        }
    }
}
