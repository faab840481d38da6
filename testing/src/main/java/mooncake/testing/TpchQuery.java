package mooncake.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// One of the 22 queries, as the benchmark's own resources hold it; only the names of the tables are filled in.
public record TpchQuery(int number, String text) {
    private static final int QUERIES = 22;
    private static final Pattern TABLE =
            Pattern.compile("\"\\$\\{database}\"\\.\"\\$\\{schema}\"\\.\"\\$\\{prefix}(\\w+)\"");

    public static List<TpchQuery> all() {
        return IntStream.rangeClosed(1, QUERIES).mapToObj(TpchQuery::read).toList();
    }

    public static TpchQuery read(int number) {
        String resource = String.format(java.util.Locale.ROOT, "/sql/presto/tpch/q%02d.sql", number);
        try (InputStream stream = TpchQuery.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
            return new TpchQuery(
                    number,
                    text.endsWith(";") ? text.substring(0, text.length() - 1).strip() : text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The query on tables whose names are made from the standard's, for example by adding a suffix.
    public String on(UnaryOperator<String> tableName) {
        Matcher matcher = TABLE.matcher(text);
        return matcher.replaceAll(found -> Matcher.quoteReplacement(tableName.apply(found.group(1))));
    }
}
