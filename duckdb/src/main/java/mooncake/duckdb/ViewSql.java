package mooncake.duckdb;

/// SQL.
public final class ViewSql {
    private ViewSql() {}

    /// A text as an SQL literal.
    public static String quote(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
