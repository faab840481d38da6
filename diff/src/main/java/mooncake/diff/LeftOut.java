package mooncake.diff;

import java.util.List;
import java.util.Set;
import mooncake.diff.Tokens.Token;
import org.jspecify.annotations.Nullable;

/// Queries whose answer is another one each time, or is about the table itself.
final class LeftOut {
    private static final Set<String> VOLATILE = Set.of(
            "now",
            "random",
            "clock_timestamp",
            "statement_timestamp",
            "transaction_timestamp",
            "timeofday",
            "current_date",
            "current_time",
            "current_timestamp",
            "localtime",
            "localtimestamp",
            "gen_random_uuid",
            "nextval",
            "currval",
            "lastval",
            "setval",
            "setseed",
            "age",
            "ctid",
            "tableoid",
            "xmin",
            "xmax",
            "cmin",
            "cmax",
            "pg_sleep",
            "txid_current",
            "pg_backend_pid",
            "tablesample",
            "now()",
            "today",
            "tomorrow");

    private static final Set<String> LOCKS = Set.of("share", "update", "key");

    private LeftOut() {}

    /// Why nothing can be said about a query, null when something can.
    static @Nullable String reason(String query) {
        List<Token> tokens = Tokens.of(query);
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.kind() != Tokens.Kind.TEXT && VOLATILE.contains(token.text())) {
                return "volatile";
            }
            if (token.kind() != Tokens.Kind.WORD) {
                continue;
            }
            if (token.text().startsWith("pg_") && !token.text().equals("pg_typeof")) {
                return "asks the catalog or the server";
            }
            if (token.text().equals("information_schema") || token.text().equals("current_setting")) {
                return "asks the catalog or the server";
            }
            if (LOCKS.contains(token.text()) && tokens.get(Math.max(0, i - 1)).is("for")) {
                return "locks rows";
            }
        }
        return null;
    }
}
