package mooncake.query.exact;

import java.util.Arrays;
import java.util.List;
import mooncake.duckdb.DuckVector;
import mooncake.duckdb.VectorFunction;
import mooncake.duckdb.WritableVector;
import mooncake.query.collate.TextLocale;
import mooncake.query.collate.TextLocales;

/// Functions of text in a locale, whose name is their first argument.
final class CollationFunctions {
    private static final String TEXT = "VARCHAR";

    private CollationFunctions() {}

    private interface InLocale {
        byte[] apply(TextLocale locale, byte[] text);
    }

    static List<ExactFunction> all() {
        return List.of(
                unary("mc_collation_key", "BLOB", TextLocale::sortKey),
                unary("mc_lower", TEXT, TextLocale::lower),
                unary("mc_upper", TEXT, TextLocale::upper),
                unary("mc_initcap", TEXT, TextLocale::capitalised),
                best("mc_greater_text", 1),
                best("mc_lesser_text", -1));
    }

    static TextLocale locale(String name) {
        return TextLocales.find(name).orElseThrow(() -> Errors.notComputed("text in locale " + name));
    }

    private static ExactFunction unary(String name, String result, InLocale function) {
        return new ExactFunction(name, List.of(TEXT, TEXT), result, (in, rows, out) -> {
            LastSeen<TextLocale> locale = new LastSeen<>(in[0], CollationFunctions::locale);
            try (TextOut texts = new TextOut(out)) {
                VectorFunction.eachRow(
                        in,
                        rows,
                        out,
                        row -> texts.put(row, function.apply(locale.get(row), ExactFunction.bytes(in[1], row))));
            }
        });
    }

    /// Of two texts the greater or lesser one; a null one counts for nothing.
    private static ExactFunction best(String name, int sign) {
        return new ExactFunction(
                name, List.of(TEXT, TEXT, TEXT), TEXT, VectorFunction.Nulls.HANDLED, (in, rows, out) -> {
                    LastSeen<TextLocale> locale = new LastSeen<>(in[0], CollationFunctions::locale);
                    for (int row = 0; row < rows; row++) {
                        best(in, row, out, locale, sign);
                    }
                });
    }

    private static void best(DuckVector[] in, int row, WritableVector out, LastSeen<TextLocale> locale, int sign) {
        if (!in[1].isValid(row) && !in[2].isValid(row)) {
            out.setNull(row);
        } else if (!in[2].isValid(row)) {
            out.setBytes(row, ExactFunction.bytes(in[1], row));
        } else if (!in[1].isValid(row)) {
            out.setBytes(row, ExactFunction.bytes(in[2], row));
        } else {
            byte[] first = ExactFunction.bytes(in[1], row);
            byte[] second = ExactFunction.bytes(in[2], row);
            TextLocale order = locale.get(row);
            int compared = Arrays.compareUnsigned(order.sortKey(first), order.sortKey(second));
            out.setBytes(row, compared * sign >= 0 ? first : second);
        }
    }
}
