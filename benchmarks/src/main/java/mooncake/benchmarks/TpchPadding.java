package mooncake.benchmarks;

import java.util.regex.Pattern;

/// TPC-H's queries for DuckDB by itself: files keep the blanks of `char(n)`, which Postgres' comparison ignores and
/// DuckDB's does not, so literals that such columns are compared with get them here.
public final class TpchPadding {
    private static final Pattern CHAR_10 =
            Pattern.compile("'(BUILDING|MAIL|SHIP|AIR|AIR REG|Brand#\\d\\d|(?:SM|MED|LG) (?:CASE|BOX|PACK|PKG|BAG))'");
    private static final Pattern CHAR_15 = Pattern.compile("'(1-URGENT|2-HIGH)'");
    private static final Pattern CHAR_25 =
            Pattern.compile("'(EUROPE|ASIA|AMERICA|FRANCE|GERMANY|BRAZIL|CANADA|SAUDI ARABIA|DELIVER IN PERSON)'");

    private TpchPadding() {}

    public static String padded(String sql) {
        return pad(pad(pad(sql, CHAR_10, 10), CHAR_15, 15), CHAR_25, 25);
    }

    private static String pad(String sql, Pattern literals, int width) {
        return literals.matcher(sql)
                .replaceAll(found ->
                        "'" + found.group(1) + " ".repeat(width - found.group(1).length()) + "'");
    }
}
