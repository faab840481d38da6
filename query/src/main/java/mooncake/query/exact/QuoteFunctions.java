package mooncake.query.exact;

import static mooncake.query.exact.Rows.INTEGER;
import static mooncake.query.exact.Rows.TEXT;
import static mooncake.query.exact.Rows.TEXTS;

import java.util.List;

/// Functions that write values into templates and SQL.
final class QuoteFunctions {
    private QuoteFunctions() {}

    static List<ExactFunction> all() {
        return List.of(
                Rows.text(
                        "mc_quote_ident",
                        List.of(TEXT, INTEGER),
                        (in, row) -> Identifiers.quoted(in[0].getString(row), in[1].getInt(row))),
                Rows.text(
                        "mc_format",
                        List.of(TEXT, TEXTS, INTEGER),
                        (in, row) ->
                                new Format(in[0].getString(row), Rows.list(in[1], row), in[2].getInt(row)).text()));
    }
}
