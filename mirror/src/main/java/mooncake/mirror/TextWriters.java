package mooncake.mirror;

import java.util.HexFormat;
import mooncake.mirror.ColumnWriter.Refusal;

/// Values of any length. Text is checked byte by byte before it enters memory: nothing behind this point does.
final class TextWriters {
    /// Bytes of a refused value that its message shows.
    private static final int SHOWN_MAX = 32;

    private static final int JSONB_VERSION = 1;

    private TextWriters() {}

    static ColumnWriter bytea() {
        return Strings::put;
    }

    static ColumnWriter text(Refusal refusal) {
        return (bytes, offset, length, data, at, heap) -> {
            check(bytes, offset, length, refusal);
            Strings.put(bytes, offset, length, data, at, heap);
        };
    }

    static ColumnWriter jsonb(Refusal refusal) {
        return (bytes, offset, length, data, at, heap) -> {
            if (length < 1 || bytes[offset] != JSONB_VERSION) {
                throw refusal.malformed("its version is not " + JSONB_VERSION);
            }
            check(bytes, offset + 1, length - 1, refusal);
            Strings.put(bytes, offset + 1, length - 1, data, at, heap);
        };
    }

    static void check(byte[] bytes, int offset, int length, Refusal refusal) {
        if (!Utf8.isText(bytes, offset, length)) {
            int shown = Math.min(length, SHOWN_MAX);
            String hex = HexFormat.of().formatHex(bytes, offset, offset + shown);
            throw refusal.of("\\x" + hex + (shown < length ? "..." : ""), "it is not valid UTF-8 text");
        }
    }
}
