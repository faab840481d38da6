package mooncake.query.exact;

import static mooncake.query.exact.Rows.INTEGER;
import static mooncake.query.exact.Rows.TEXT;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Functions of `name`, `"char"` and `oid`.
final class NameFunctions {
    private static final long OID_MAX = 0xffffffffL;

    private NameFunctions() {}

    static List<ExactFunction> all() {
        return List.of(
                ExactFunction.ofRows(
                        "mc_name",
                        List.of(TEXT),
                        TEXT,
                        (in, row, out) ->
                                out.setBytes(row, Names.cut(ExactFunction.bytes(in[0], row), Names.BYTES_MAX))),
                ExactFunction.ofRows(
                        "mc_char_name",
                        List.of(TEXT),
                        TEXT,
                        (in, row, out) -> out.setBytes(row, Names.ofCharacters(ExactFunction.bytes(in[0], row)))),
                ExactFunction.ofRows(
                        "mc_name_oid",
                        List.of(TEXT, "BIGINT"),
                        TEXT,
                        (in, row, out) ->
                                out.setBytes(row, Names.numbered(ExactFunction.bytes(in[0], row), in[1].getLong(row)))),
                Rows.text(
                        "mc_text_char",
                        List.of(TEXT),
                        (in, row) -> SingleByte.text(SingleByte.parse(ExactFunction.bytes(in[0], row)))),
                Rows.number(
                        "mc_char_int", List.of(TEXT), (in, row) -> (int) (byte) SingleByte.of(in[0].getString(row))),
                Rows.text("mc_int_char", List.of(INTEGER), (in, row) -> character(in[0].getInt(row))),
                Rows.text("mc_char_bpchar", List.of(TEXT), (in, row) -> SingleByte.character(in[0].getString(row))),
                ExactFunction.ofRows(
                        "mc_int_oid",
                        List.of("BIGINT"),
                        "BIGINT",
                        (in, row, out) -> out.setLong(row, oid(in[0].getLong(row)))));
    }

    private static String character(int value) {
        if (value != (byte) value) {
            throw Errors.outOfRange("\"char\" out of range");
        }
        return SingleByte.text(value & 0xff);
    }

    private static long oid(long value) {
        if (value < 0 || value > OID_MAX) {
            throw Errors.outOfRange("OID out of range");
        }
        return value;
    }

    /// Texts that are cut to what a name holds.
    static final class Names {
        static final int BYTES_MAX = 63;

        private Names() {}

        /// The characters that fit into some bytes.
        static byte[] cut(byte[] text, int bytes) {
            int end = Math.min(text.length, bytes);
            while (end < text.length && end > 0 && (text[end] & 0xc0) == 0x80) {
                end--;
            }
            return Arrays.copyOf(text, end);
        }

        /// The name of a char(n) is without its blanks.
        static byte[] ofCharacters(byte[] padded) {
            byte[] cut = cut(padded, BYTES_MAX);
            int end = cut.length;
            while (end > 0 && cut[end - 1] == ' ') {
                end--;
            }
            return Arrays.copyOf(cut, end);
        }

        /// A name with a number behind it, which is kept whole.
        static byte[] numbered(byte[] name, long number) {
            byte[] suffix = ("_" + number).getBytes(StandardCharsets.US_ASCII);
            byte[] cut = cut(name, BYTES_MAX - suffix.length);
            byte[] joined = Arrays.copyOf(cut, cut.length + suffix.length);
            System.arraycopy(suffix, 0, joined, cut.length, suffix.length);
            return joined;
        }
    }
}
