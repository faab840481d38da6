package mooncake.query.exact;

import java.util.ArrayList;
import java.util.List;
import mooncake.duckdb.DuckVector;

/// Functions of bytes as SQL has them.
final class ByteFunctions {
    private static final String TEXT = "VARCHAR";
    private static final String BLOB = "BLOB";
    private static final String INTEGER = "INTEGER";
    private static final String BIGINT = "BIGINT";

    private ByteFunctions() {}

    /// Makes bytes from a row's arguments.
    private interface Body {
        byte[] apply(DuckVector[] in, int row);
    }

    private interface NumberBody {
        long apply(DuckVector[] in, int row);
    }

    static List<ExactFunction> all() {
        List<ExactFunction> all = new ArrayList<>();
        for (int bits : new int[] {224, 256, 384, 512}) {
            all.add(bytes("mc_sha" + bits, List.of(BLOB), (in, row) -> Bytes.digest(get(in[0], row), "SHA-" + bits)));
        }
        all.add(text(
                "mc_encode", List.of(BLOB, TEXT), (in, row) -> Bytes.encode(get(in[0], row), in[1].getString(row))));
        all.add(bytes(
                "mc_decode", List.of(TEXT, TEXT), (in, row) -> Bytes.decode(get(in[0], row), in[1].getString(row))));
        all.add(bytes(
                "mc_bytes_substring",
                List.of(BLOB, INTEGER),
                (in, row) -> Bytes.substring(get(in[0], row), in[1].getInt(row))));
        all.add(bytes(
                "mc_bytes_substring",
                List.of(BLOB, INTEGER, INTEGER),
                (in, row) -> Bytes.substring(get(in[0], row), in[1].getInt(row), in[2].getInt(row))));
        all.add(bytes(
                "mc_bytes_overlay",
                List.of(BLOB, BLOB, INTEGER, INTEGER),
                (in, row) -> Bytes.overlay(get(in[0], row), get(in[1], row), in[2].getInt(row), in[3].getInt(row))));
        all.add(trim("mc_bytes_btrim", true, true));
        all.add(trim("mc_bytes_ltrim", true, false));
        all.add(trim("mc_bytes_rtrim", false, true));
        all.add(bytes(
                "mc_set_byte",
                List.of(BLOB, INTEGER, INTEGER),
                (in, row) -> Bytes.setByte(get(in[0], row), in[1].getInt(row), in[2].getInt(row))));
        all.add(bytes(
                "mc_set_bit",
                List.of(BLOB, BIGINT, INTEGER),
                (in, row) -> Bytes.setBit(get(in[0], row), in[1].getLong(row), in[2].getInt(row))));
        all.add(number(
                "mc_get_byte", List.of(BLOB, INTEGER), (in, row) -> Bytes.getByte(get(in[0], row), in[1].getInt(row))));
        all.add(number(
                "mc_get_bit", List.of(BLOB, BIGINT), (in, row) -> Bytes.getBit(get(in[0], row), in[1].getLong(row))));
        all.add(number("mc_bytes_bit_count", List.of(BLOB), (in, row) -> Bytes.bitCount(get(in[0], row))));
        all.add(number(
                "mc_bytes_position",
                List.of(BLOB, BLOB),
                (in, row) -> Strings.find(get(in[0], row), get(in[1], row), 0) + 1));
        return all;
    }

    private static ExactFunction trim(String name, boolean left, boolean right) {
        return bytes(name, List.of(BLOB, BLOB), (in, row) -> Bytes.trim(get(in[0], row), get(in[1], row), left, right));
    }

    private static ExactFunction bytes(String name, List<String> arguments, Body body) {
        return ExactFunction.ofRows(name, arguments, BLOB, (in, row, out) -> out.setBytes(row, body.apply(in, row)));
    }

    private static ExactFunction text(String name, List<String> arguments, Body body) {
        return ExactFunction.ofRows(name, arguments, TEXT, (in, row, out) -> out.setBytes(row, body.apply(in, row)));
    }

    private static ExactFunction number(String name, List<String> arguments, NumberBody body) {
        return ExactFunction.ofRows(name, arguments, BIGINT, (in, row, out) -> out.setLong(row, body.apply(in, row)));
    }

    private static byte[] get(DuckVector vector, int row) {
        return ExactFunction.bytes(vector, row);
    }
}
