package mooncake.diff;

import java.util.Set;

/// Words of queries whose answer is another one each time, or is about the table itself.
final class Volatile {
    static final Set<String> WORDS = Set.of(
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

    private Volatile() {}

    static boolean isIn(String query) {
        return Tokens.of(query).stream()
                .anyMatch(token -> token.kind() != Tokens.Kind.TEXT && WORDS.contains(token.text()));
    }
}
