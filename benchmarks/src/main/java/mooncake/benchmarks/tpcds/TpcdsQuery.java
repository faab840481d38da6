package mooncake.benchmarks.tpcds;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One of the 99 queries, or one of the two parts that four of them have, as the benchmark's own resources hold it in
/// Presto's dialect. To be Postgres' they are rewritten mechanically:
/// - *prefix*: the place of the tables is filled in, and removed where the resources have it inside of quotes;
/// - *case*: quoted names are in lower case, as Presto takes them;
/// - *alias*: a sub-SELECT in FROM has a name;
/// - *hierarchy*: an output column inside of an expression of ORDER BY is one of a sub-SELECT.
///
/// @param name `q01` to `q99`, with `_1` and `_2` for parts
public record TpcdsQuery(String name, String text) {
    private static final int QUERIES = 99;
    private static final Pattern QUOTED_PREFIX = Pattern.compile("(?<=['\"])\\$\\{database}\\.\\$\\{schema}\\.");
    private static final Pattern PREFIX = Pattern.compile("\\$\\{database}\\.\\$\\{schema}\\.");
    private static final Pattern QUOTED_NAME = Pattern.compile("\"[A-Z_]+\"");
    private static final Pattern DERIVED = Pattern.compile("(FROM|,)\\s*\\(\\s*SELECT");
    private static final Pattern ALIAS =
            Pattern.compile("\\s*(AS\\b|\"|(?!WHERE|GROUP|ORDER|LIMIT|UNION|HAVING)[a-zA-Z])");
    private static final String HIERARCHY = "\nORDER BY \"lochierarchy\" DESC, (CASE ";

    public static List<TpcdsQuery> all() {
        List<TpcdsQuery> queries = new ArrayList<>();
        for (int number = 1; number <= QUERIES; number++) {
            String name = String.format(Locale.ROOT, "q%02d", number);
            for (String part : List.of("", "_1", "_2")) {
                if (TpcdsQuery.class.getResource(resource(name + part)) != null) {
                    queries.add(read(name + part));
                }
            }
        }
        return queries;
    }

    public static TpcdsQuery read(String name) {
        try (InputStream stream = TpcdsQuery.class.getResourceAsStream(resource(name))) {
            if (stream == null) {
                throw new IllegalStateException("no resource " + resource(name));
            }
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
            return new TpcdsQuery(name, text.endsWith(";") ? text.substring(0, text.length() - 1) : text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The query in Postgres' dialect over the tables of this schema.
    public String in(String schema) {
        return dialect(schema + ".");
    }

    /// The query in Postgres' dialect over the tables that the search path finds.
    public String onSearchPath() {
        return dialect("");
    }

    private String dialect(String prefix) {
        String named =
                PREFIX.matcher(QUOTED_PREFIX.matcher(text).replaceAll("")).replaceAll(Matcher.quoteReplacement(prefix));
        named = QUOTED_NAME.matcher(named).replaceAll(found -> found.group().toLowerCase(Locale.ROOT));
        named = withAliases(named);
        int order = named.lastIndexOf(HIERARCHY);
        return order < 0
                ? named
                : "SELECT * FROM (" + named.substring(0, order) + ") hierarchy" + named.substring(order);
    }

    private static String withAliases(String sql) {
        String text = sql;
        int from = 0;
        for (Matcher derived = DERIVED.matcher(text); derived.find(from); derived = DERIVED.matcher(text)) {
            from = derived.end();
            int end = closing(text, text.indexOf('(', derived.start())) + 1;
            if (!ALIAS.matcher(text.substring(end)).lookingAt()) {
                text = text.substring(0, end) + " derived" + from + text.substring(end);
            }
        }
        return text;
    }

    /// Where the parenthesis that opens here is closed; none of the queries has one in a text.
    private static int closing(String text, int open) {
        int depth = 0;
        for (int i = open; ; i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
    }

    private static String resource(String name) {
        return "/sql/presto/tpcds/" + name + ".sql";
    }
}
