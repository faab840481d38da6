package mooncake.duckdb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// The one native library of the process, loaded by the first database that is opened and never unloaded.
final class NativeLibrary {
    /// The release whose memory layouts and calls this package was written for.
    static final String VERSION = "v2.0.0";

    private static @Nullable Path loaded;
    private static volatile @Nullable SymbolLookup symbols;

    private NativeLibrary() {}

    static synchronized void load(Path library) {
        if (loaded != null) {
            if (!loaded.equals(library.toAbsolutePath())) {
                throw wrong("DuckDB was already loaded from " + loaded + ", not from " + library);
            }
            return;
        }
        if (!Files.isReadable(library)) {
            throw wrong("DuckDB's library " + library + " cannot be read");
        }
        try {
            symbols = SymbolLookup.libraryLookup(library, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new MooncakeException(ErrorCode.BAD_CONFIGURATION, library + " is no library for this machine", e);
        }
        String version = Memory.string(Api.LIBRARY_VERSION.call());
        if (!version.equals(VERSION)) {
            symbols = null;
            throw wrong("DuckDB's library " + library + " is " + version + ", this engine needs " + VERSION);
        }
        loaded = library.toAbsolutePath();
    }

    static MemorySegment symbol(String name) {
        SymbolLookup lookup = symbols;
        if (lookup == null) {
            throw new MooncakeException(ErrorCode.BROKEN_INVARIANT, name + " called before DuckDB was loaded");
        }
        return lookup.find(name)
                .orElseThrow(() -> wrong("DuckDB's library has no function " + name + ": it is not " + VERSION));
    }

    private static MooncakeException wrong(String message) {
        return new MooncakeException(
                ErrorCode.BAD_CONFIGURATION,
                message,
                "Point mooncake.duckdb.library at the library that was installed with this engine.",
                null);
    }
}
