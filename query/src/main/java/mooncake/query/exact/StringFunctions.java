package mooncake.query.exact;

import java.util.List;
import mooncake.duckdb.DuckVector;

/// More functions of text as SQL has them.
final class StringFunctions {
    private static final String TEXT = "VARCHAR";
    private static final String INTEGER = "INTEGER";

    private StringFunctions() {}

    /// Makes a text from a row's arguments.
    private interface Body {
        byte[] apply(DuckVector[] in, int row);
    }

    static List<ExactFunction> all() {
        return List.of(
                ExactFunction.ofRows(
                        "mc_ascii",
                        List.of(TEXT),
                        INTEGER,
                        (in, row, out) -> out.setInt(row, Strings.ascii(ExactFunction.bytes(in[0], row)))),
                of("mc_chr", List.of(INTEGER), (in, row) -> Strings.chr(in[0].getInt(row))),
                pad("mc_lpad", true),
                pad("mc_rpad", false),
                of(
                        "mc_translate",
                        List.of(TEXT, TEXT, TEXT),
                        (in, row) -> Strings.translate(bytes(in[0], row), bytes(in[1], row), bytes(in[2], row))),
                of(
                        "mc_split_part",
                        List.of(TEXT, TEXT, INTEGER),
                        (in, row) -> Strings.splitPart(bytes(in[0], row), bytes(in[1], row), in[2].getInt(row))),
                of(
                        "mc_overlay",
                        List.of(TEXT, TEXT, INTEGER, INTEGER),
                        (in, row) -> Strings.overlay(
                                bytes(in[0], row), bytes(in[1], row), in[2].getInt(row), in[3].getInt(row))),
                of("mc_quote_literal", List.of(TEXT), (in, row) -> Strings.quoteLiteral(bytes(in[0], row))),
                of(
                        "mc_like_escape",
                        List.of(TEXT, TEXT),
                        (in, row) -> Strings.likeEscape(bytes(in[0], row), bytes(in[1], row))),
                Rows.text(
                        "mc_similar_to_escape",
                        List.of(TEXT, TEXT),
                        (in, row) -> SimilarPattern.regex(bytes(in[0], row), bytes(in[1], row))));
    }

    private static ExactFunction pad(String name, boolean left) {
        return of(
                name,
                List.of(TEXT, INTEGER, TEXT),
                (in, row) -> Strings.pad(bytes(in[0], row), in[1].getInt(row), bytes(in[2], row), left));
    }

    private static ExactFunction of(String name, List<String> arguments, Body body) {
        return ExactFunction.ofRows(name, arguments, TEXT, (in, row, out) -> out.setBytes(row, body.apply(in, row)));
    }

    private static byte[] bytes(DuckVector vector, int row) {
        return ExactFunction.bytes(vector, row);
    }
}
