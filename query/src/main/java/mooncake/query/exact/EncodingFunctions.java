package mooncake.query.exact;

import static mooncake.query.exact.Rows.BOOLEAN;
import static mooncake.query.exact.Rows.INTEGER;
import static mooncake.query.exact.Rows.TEXT;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import mooncake.duckdb.DuckVector;

/// Functions of encodings and of names in text.
final class EncodingFunctions {
    private static final String BLOB = "BLOB";

    /// The encodings that Postgres brings to ASCII, by name and by number.
    private static final Set<String> NAMES = Set.of("latin1", "latin2", "latin9", "win1250");

    private static final Set<Integer> NUMBERS = Set.of(8, 9, 16, 29);

    private static final Pattern UUID = Pattern.compile("\\{?(?:\\p{XDigit}{4}-?){7}\\p{XDigit}{4}\\}?");
    private static final Pattern SEPARATORS = Pattern.compile("[-{}]");

    private EncodingFunctions() {}

    /// Makes bytes from a row's arguments.
    private interface Body {
        byte[] apply(DuckVector[] in, int row);
    }

    static List<ExactFunction> all() {
        return List.of(
                Rows.text("mc_unistr", List.of(TEXT), (in, row) -> Unistr.read(in[0].getString(row))),
                Rows.number(
                        "mc_encoded_length",
                        List.of(BLOB, TEXT),
                        (in, row) -> Encodings.length(bytes(in[0], row), in[1].getString(row))),
                of(
                        "mc_convert_from",
                        List.of(BLOB, TEXT),
                        TEXT,
                        (in, row) -> Encodings.toText(bytes(in[0], row), in[1].getString(row))),
                of(
                        "mc_convert_to",
                        List.of(TEXT, TEXT),
                        BLOB,
                        (in, row) -> Encodings.ofText(bytes(in[0], row), in[1].getString(row))),
                of(
                        "mc_convert",
                        List.of(BLOB, TEXT, TEXT),
                        BLOB,
                        (in, row) -> Encodings.convert(bytes(in[0], row), in[1].getString(row), in[2].getString(row))),
                Rows.truth(
                        "mc_bytes_like",
                        List.of(BLOB, BLOB),
                        (in, row) -> LikePattern.bytesMatch(bytes(in[0], row), bytes(in[1], row))),
                of("mc_to_ascii", List.of(TEXT), TEXT, (in, row) -> {
                    throw Errors.notSupported("encoding conversion from UTF8 to ASCII not supported");
                }),
                of(
                        "mc_to_ascii",
                        List.of(TEXT, TEXT),
                        TEXT,
                        (in, row) -> Encodings.ascii(
                                bytes(in[0], row),
                                NAMES.contains(in[1].getString(row).toLowerCase(Locale.ROOT)))),
                of(
                        "mc_to_ascii",
                        List.of(TEXT, INTEGER),
                        TEXT,
                        (in, row) -> Encodings.ascii(bytes(in[0], row), NUMBERS.contains(in[1].getInt(row)))),
                Rows.text(
                        "mc_normalize",
                        List.of(TEXT, TEXT, INTEGER),
                        (in, row) -> Normalization.normalized(
                                in[0].getString(row), in[1].getString(row), in[2].getInt(row))),
                Rows.truth(
                        "mc_is_normalized",
                        List.of(TEXT, TEXT, INTEGER),
                        (in, row) -> Normalization.isNormalized(
                                in[0].getString(row), in[1].getString(row), in[2].getInt(row))),
                Rows.text("mc_uuid", List.of(TEXT), (in, row) -> uuid(in[0].getString(row))),
                Rows.text(
                        "mc_parse_ident",
                        List.of(TEXT, BOOLEAN),
                        (in, row) -> Arrays.text(IdentifierParser.parse(in[0].getString(row), in[1].getBoolean(row)))));
    }

    /// The digits of a uuid, which may be in braces and have a hyphen after each four.
    static String uuid(String text) {
        if (!UUID.matcher(text).matches() || text.startsWith("{") != text.endsWith("}")) {
            throw Errors.invalidText("uuid", text);
        }
        return SEPARATORS.matcher(text).replaceAll("");
    }

    private static ExactFunction of(String name, List<String> arguments, String type, Body body) {
        return ExactFunction.ofRows(name, arguments, type, (in, row, out) -> out.setBytes(row, body.apply(in, row)));
    }

    private static byte[] bytes(DuckVector vector, int row) {
        return ExactFunction.bytes(vector, row);
    }
}
