package mooncake.query.collate;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Links functions of native libraries.
final class Native {
    private Native() {}

    /// A function that may be given arrays of Java, for whose time the collector waits.
    static MethodHandle function(SymbolLookup library, String name, MemoryLayout result, MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .downcallHandle(
                        library.find(name).orElseThrow(() -> missing(name)),
                        FunctionDescriptor.of(result, arguments),
                        Linker.Option.critical(true));
    }

    /// A function of a character that gives an `int`.
    static MethodHandle ofCharacter(SymbolLookup library, String name) {
        return function(library, name, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    }

    private static MooncakeException missing(String name) {
        return new MooncakeException(ErrorCode.BAD_CONFIGURATION, "a library of locales has no function " + name);
    }

    static MooncakeException failure(Throwable cause) {
        if (cause instanceof MooncakeException known) {
            return known;
        }
        return new MooncakeException(ErrorCode.BROKEN_INVARIANT, "a library of locales failed: " + cause, cause);
    }
}
