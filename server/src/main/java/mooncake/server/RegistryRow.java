package mooncake.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import mooncake.model.Check;
import mooncake.model.Tuple;
import org.jspecify.annotations.Nullable;

/// A row of `mooncake.tables` as the log holds it.
///
/// @param definition null when an update did not touch it and it is too large to be repeated in the
///     log
/// @param error why the mirror has failed for good, or null
/// @param generation grows with every change of the definition
/// @param resync grows whenever the mirror is to be copied anew
/// @param detached the source was dropped
/// @param remote whether the source is on another server
record RegistryRow(
        int mirror,
        int source,
        @Nullable String error,
        @Nullable String definition,
        int generation,
        int resync,
        boolean detached,
        boolean remote) {
    private static final int OID_BYTES = 4;
    private static final int MIRROR = 0;
    private static final int SOURCE = 1;
    private static final int ERROR = 7;
    private static final int DEFINITION = 9;
    private static final int GENERATION = 10;
    private static final int RESYNC = 11;
    private static final int DETACHED = 12;
    private static final int SOURCE_URI = 13;
    private static final int WIDTH_MIN = SOURCE_URI + 1;

    static RegistryRow of(Tuple row) {
        Check.that(row.width() >= WIDTH_MIN, "a registry row of %d columns", row.width());
        return new RegistryRow(
                number(row, MIRROR),
                number(row, SOURCE),
                text(row, ERROR),
                text(row, DEFINITION),
                number(row, GENERATION),
                number(row, RESYNC),
                row.length(DETACHED) == 1 && row.bytes()[row.offset(DETACHED)] != 0,
                !row.isNull(SOURCE_URI));
    }

    /// The mirror of an old row, which has the key only.
    static int mirror(Tuple old) {
        return number(old, MIRROR);
    }

    private static int number(Tuple row, int column) {
        Check.that(row.length(column) == OID_BYTES, "registry column %d is no 4-byte number", column);
        return ByteBuffer.wrap(row.bytes()).getInt(row.offset(column));
    }

    private static @Nullable String text(Tuple row, int column) {
        return row.length(column) < 0
                ? null
                : new String(row.bytes(), row.offset(column), row.length(column), StandardCharsets.UTF_8);
    }
}
