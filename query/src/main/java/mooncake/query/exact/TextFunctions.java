package mooncake.query.exact;

import java.util.List;
import java.util.function.UnaryOperator;

/// Functions of text.
final class TextFunctions {
    private static final String TEXT = "VARCHAR";
    private static final String INTEGER = "INTEGER";

    private TextFunctions() {}

    /// What a text and an integer make.
    private interface WithInteger {
        byte[] apply(byte[] text, int number);
    }

    /// What a text makes that is cast to a type of some length.
    private interface Cast {
        byte[] apply(byte[] text, int length, boolean explicit);
    }

    static List<ExactFunction> all() {
        return List.of(
                withInteger("mc_left", Texts::left),
                withInteger("mc_right", Texts::right),
                withInteger("mc_repeat", Texts::repeat),
                withInteger("mc_substring", Texts::substring),
                ExactFunction.ofRows(
                        "mc_substring",
                        List.of(TEXT, INTEGER, INTEGER),
                        TEXT,
                        (in, row, out) -> out.setBytes(
                                row,
                                Texts.substring(
                                        ExactFunction.bytes(in[0], row), in[1].getInt(row), in[2].getInt(row)))),
                unary("mc_reverse", Texts::reverse),
                cast("mc_char", Texts::toChar),
                cast("mc_varchar", Texts::toVarchar),
                ExactFunction.ofRows(
                        "mc_like",
                        List.of(TEXT, TEXT),
                        "BOOLEAN",
                        (in, row, out) -> out.setBoolean(
                                row,
                                LikePattern.matches(
                                        ExactFunction.bytes(in[0], row), ExactFunction.bytes(in[1], row)))));
    }

    private static ExactFunction unary(String name, UnaryOperator<byte[]> function) {
        return ExactFunction.ofRows(
                name,
                List.of(TEXT),
                TEXT,
                (in, row, out) -> out.setBytes(row, function.apply(ExactFunction.bytes(in[0], row))));
    }

    private static ExactFunction withInteger(String name, WithInteger function) {
        return ExactFunction.ofRows(
                name,
                List.of(TEXT, INTEGER),
                TEXT,
                (in, row, out) ->
                        out.setBytes(row, function.apply(ExactFunction.bytes(in[0], row), in[1].getInt(row))));
    }

    private static ExactFunction cast(String name, Cast function) {
        return ExactFunction.ofRows(
                name,
                List.of(TEXT, INTEGER, "BOOLEAN"),
                TEXT,
                (in, row, out) -> out.setBytes(
                        row,
                        function.apply(ExactFunction.bytes(in[0], row), in[1].getInt(row), in[2].getBoolean(row))));
    }
}
