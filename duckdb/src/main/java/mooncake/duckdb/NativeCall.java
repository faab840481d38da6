package mooncake.duckdb;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// One function of DuckDB's C interface, linked at its first call because linking all of them costs start-up time.
///
/// Every argument and result is one 64-bit word: pointers, sizes and narrower integers travel in the same registers.
/// The upper bits of a narrower result are undefined, so callers use [#isSet] and [#asInt].
final class NativeCall {
    private final String name;
    private final int arity;
    private final boolean trivial;
    private volatile @Nullable MethodHandle handle;

    private NativeCall(String name, int arity, boolean trivial) {
        this.name = name;
        this.arity = arity;
        this.trivial = trivial;
    }

    static NativeCall plain(String name, int arity) {
        return new NativeCall(name, arity, false);
    }

    /// A getter that neither blocks nor calls back, called without leaving the Java state of the thread.
    static NativeCall trivial(String name, int arity) {
        return new NativeCall(name, arity, true);
    }

    static int asInt(long result) {
        return (int) result;
    }

    static boolean isSet(long result) {
        return (result & 0xff) != 0;
    }

    long call() {
        try {
            return (long) handle().invokeExact();
        } catch (Throwable t) {
            throw failure(t);
        }
    }

    long call(long a) {
        try {
            return (long) handle().invokeExact(a);
        } catch (Throwable t) {
            throw failure(t);
        }
    }

    long call(long a, long b) {
        try {
            return (long) handle().invokeExact(a, b);
        } catch (Throwable t) {
            throw failure(t);
        }
    }

    long call(long a, long b, long c) {
        try {
            return (long) handle().invokeExact(a, b, c);
        } catch (Throwable t) {
            throw failure(t);
        }
    }

    long call(long a, long b, long c, long d) {
        try {
            return (long) handle().invokeExact(a, b, c, d);
        } catch (Throwable t) {
            throw failure(t);
        }
    }

    private MethodHandle handle() {
        MethodHandle linked = handle;
        if (linked == null) {
            MemoryLayout[] words = new MemoryLayout[arity];
            Arrays.fill(words, ValueLayout.JAVA_LONG);
            FunctionDescriptor descriptor = FunctionDescriptor.of(ValueLayout.JAVA_LONG, words);
            Linker.Option[] options =
                    trivial ? new Linker.Option[] {Linker.Option.critical(false)} : new Linker.Option[0];
            linked = Linker.nativeLinker().downcallHandle(NativeLibrary.symbol(name), descriptor, options);
            handle = linked;
        }
        return linked;
    }

    private RuntimeException failure(Throwable t) {
        if (t instanceof MooncakeException e) {
            return e;
        }
        return new MooncakeException(ErrorCode.BROKEN_INVARIANT, "calling " + name + " failed: " + t, t);
    }
}
