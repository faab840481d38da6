package mooncake.query.exact;

/// Julian days and ISO weeks by whole numbers alone, which go on where no calendar does: intervals are formatted like
/// dates.
final class Calendar {
    private static final int DAYS_PER_WEEK = 7;

    private Calendar() {}

    static int julian(int year, int month, int day) {
        int shiftedMonth = month > 2 ? month + 1 : month + 13;
        int y = month > 2 ? year + 4800 : year + 4799;
        int century = y / 100;
        return y * 365 - 32_167 + y / 4 - century + century / 4 + 7834 * shiftedMonth / 256 + day;
    }

    /// The day that week 1 of a year begins with.
    static int firstWeek(int year) {
        int day4 = julian(year, 1, 4);
        return day4 - Math.floorMod(day4, DAYS_PER_WEEK);
    }

    static int isoWeek(int year, int month, int day) {
        int at = julian(year, month, day);
        int first = firstWeek(year);
        if (at < first) {
            first = firstWeek(year - 1);
        }
        int week = (at - first) / DAYS_PER_WEEK + 1;
        if (week >= 52) {
            int next = firstWeek(year + 1);
            if (at >= next) {
                week = (at - next) / DAYS_PER_WEEK + 1;
            }
        }
        return week;
    }

    static int isoYear(int year, int month, int day) {
        int at = julian(year, month, day);
        int found = year;
        int first = firstWeek(year);
        if (at < first) {
            found = year - 1;
            first = firstWeek(found);
        }
        int week = (at - first) / DAYS_PER_WEEK + 1;
        return week >= 52 && at >= firstWeek(year + 1) ? year + 1 : found;
    }

    static int isoDayOfYear(int year, int month, int day) {
        return julian(year, month, day) - firstWeek(isoYear(year, month, day)) + 1;
    }
}
