package mooncake.query.translate;

import java.util.regex.Pattern;

/// Which queries may turn out to be Postgres' while they run: a function of the engine meets a value for which it does
/// not know Postgres' answer. The rows of such a query are held until the last is there, so that none was sent when
/// Postgres takes over.
final class LateRefusals {
    /// Functions that refuse some of their ordinary arguments.
    private static final Pattern ALWAYS = Pattern.compile("\\bmc_(similar_to_escape|to_date|to_timestamp|number"
            + "|part_interval|trunc_interval|interval_times|interval_div|series_\\w+|num_series"
            + "|zone|part_unit|trunc_unit|array_fill|repeat|lpad|rpad)\\(");

    /// Functions that make intervals, which may be infinite from here on.
    private static final int MAJOR_OF_INFINITE_INTERVALS = 17;

    private static final Pattern INTERVALS =
            Pattern.compile("\\bmc_(interval_\\w+|\\w+_difference|\\w+_age|make_interval|time_interval)\\(");

    private LateRefusals() {}

    static boolean inSql(String sql, int major) {
        return ALWAYS.matcher(sql).find()
                || (hasInfiniteIntervals(major) && INTERVALS.matcher(sql).find());
    }

    static boolean hasInfiniteIntervals(int major) {
        return major >= MAJOR_OF_INFINITE_INTERVALS;
    }
}
