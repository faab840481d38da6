package mooncake.mirror.text;

import java.util.Locale;

/// Numbers of transactions, rows and places in the log.
final class SystemText {
    private SystemText() {}

    static void tid(SendReader in, TextBuffer out) {
        out.put('(');
        out.putNumber(in.uint32());
        out.put(',');
        out.putNumber(in.uint16());
        out.put(')');
    }

    static void lsn(SendReader in, TextBuffer out) {
        long lsn = in.int64();
        out.put(Long.toHexString(lsn >>> 32).toUpperCase(Locale.ROOT));
        out.put('/');
        out.put(Long.toHexString(lsn & 0xffffffffL).toUpperCase(Locale.ROOT));
    }

    static void snapshot(SendReader in, TextBuffer out) {
        int running = in.int32();
        out.put(Long.toUnsignedString(in.int64()));
        out.put(':');
        out.put(Long.toUnsignedString(in.int64()));
        out.put(':');
        SendReader.require(running >= 0 && running <= in.remaining() / 8, "%d running transactions", running);
        for (int i = 0; i < running; i++) {
            if (i > 0) {
                out.put(',');
            }
            out.put(Long.toUnsignedString(in.int64()));
        }
    }

    /// `int2vector` and `oidvector`, whose send format is that of an array of one dimension counted from 0.
    static TextCodec vector(TextCodec element) {
        return (in, out) -> {
            int dimensions = in.int32();
            in.take(8);
            SendReader.require(dimensions == 0 || dimensions == 1, "a vector of %d dimensions", dimensions);
            if (dimensions == 0) {
                return;
            }
            int count = in.int32();
            in.int32();
            SendReader.require(count >= 0 && count <= in.remaining() / 4, "a vector of %d elements", count);
            for (int i = 0; i < count; i++) {
                if (i > 0) {
                    out.put(' ');
                }
                int outer = in.enter(in.int32());
                element.write(in, out);
                in.leave(outer);
            }
        };
    }
}
