package mooncake.query.exact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.query.exact.Oracle.Case;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Texts as dates, times and intervals. What is left to Postgres is not compared, but must be the
/// smaller part.
@Timeout(120)
class MomentInputDifferentialTest {
    private static final String LEFT = "left to Postgres";
    private static final String ZONE = "Europe/Rome";
    private static final List<String> DATES = List.of(
            "%1$04d-%2$02d-%3$02d",
            "%1$d-%2$d-%3$d",
            "%1$04d%2$02d%3$02d",
            "%2$d/%3$d/%1$04d",
            "%2$02d-%3$02d-%1$04d",
            "%4$s %3$d, %1$04d",
            "%3$d %4$s %1$04d",
            "%3$02d-%4$s-%1$04d",
            "%1$04d-%4$s-%3$02d",
            "%4$s-%3$d-%1$04d");
    private static final List<String> MONTHS = List.of(
            "Jan", "feb", "MAR", "April", "may", "June", "jul", "August", "Sept", "sep", "october", "Nov", "December");
    private static final List<String> ZONES = List.of(
            "",
            "",
            "",
            "Z",
            "+02",
            "-5",
            "+05:30",
            "-0330",
            "+16",
            "+12:60",
            " UTC",
            " Europe/Rome",
            " america/new_york",
            "+01:02:03",
            " GMT",
            "+530");
    private static final List<String> WORDS = List.of(
            "infinity",
            "-infinity",
            " Infinity ",
            "epoch",
            "",
            " ",
            "abc",
            "monday",
            "est",
            "2024",
            "x1",
            "24:00",
            "12:60");
    private static final List<String> UNITS = List.of(
            "us",
            "usec",
            "microseconds",
            "ms",
            "msecs",
            "milliseconds",
            "s",
            "sec",
            "secs",
            "second",
            "seconds",
            "m",
            "min",
            "mins",
            "minute",
            "minutes",
            "h",
            "hr",
            "hrs",
            "hour",
            "hours",
            "d",
            "day",
            "days",
            "w",
            "week",
            "weeks",
            "mon",
            "mons",
            "month",
            "months",
            "y",
            "yr",
            "yrs",
            "year",
            "years",
            "dec",
            "decade",
            "decades",
            "c",
            "cent",
            "century",
            "centuries",
            "mil",
            "mils",
            "millennium",
            "millennia",
            "DAYS",
            "Year");

    @AutoClose
    private static final Oracle ORACLE = zoned();

    private final Cases cases = new Cases(ORACLE);
    private final Random random = cases.random();
    private int tried;
    private int computed;
    private final Zone zone = Zone.of(ZONE);

    private static Oracle zoned() {
        Oracle oracle = new Oracle();
        oracle.execute("SET TimeZone = '" + ZONE + "'");
        return oracle;
    }

    @Test
    void moments() {
        for (int i = 0; i < 6000; i++) {
            String date = random.nextInt(30) == 0 ? one(WORDS) : date();
            String time = time();
            String text = switch (random.nextInt(5)) {
                case 0 -> date;
                case 1 -> time;
                case 2 -> date + (random.nextBoolean() ? "T" : " ") + time;
                default -> date + "  " + time + one(ZONES) + one(List.of("", "", "", " BC", " ad", "bc"));
            };
            add(text, "date", () -> MomentPrinter.date(MomentInput.date(text, "MDY")));
            add(text, "time", () -> MomentPrinter.time(MomentInput.time(text)));
            add(text, "timestamp", () -> MomentPrinter.timestamp(MomentInput.timestamp(text, "MDY")));
            add(text, "timestamptz", () -> MomentPrinter.timestamptz(MomentInput.timestamptz(text, "MDY", zone), zone));
        }
        assertThat(computed).isGreaterThan(tried / 3);
        cases.check();
    }

    @Test
    void intervals() {
        for (int i = 0; i < 8000; i++) {
            StringBuilder text = new StringBuilder();
            if (random.nextInt(8) == 0) {
                iso(text);
            } else {
                for (int terms = random.nextInt(4); terms > 0; terms--) {
                    text.append(number())
                            .append(random.nextBoolean() ? " " : "")
                            .append(one(UNITS));
                    text.append(random.nextInt(4) == 0 ? "  " : " ");
                }
                if (random.nextInt(3) == 0) {
                    text.append(random.nextInt(4) == 0 ? number() + " " : "");
                    text.append(one(List.of("", "", "-", "+"))).append(time());
                }
                text.append(random.nextInt(8) == 0 ? " ago" : "");
            }
            String interval = text.toString();
            add(
                    interval,
                    "interval",
                    () -> IntervalInput.read(interval, ORACLE.major()).text());
        }
        assertThat(computed).isGreaterThan(tried / 3);
        cases.check();
    }

    private void iso(StringBuilder text) {
        text.append("P");
        for (char unit : "YMWD".toCharArray()) {
            text.append(random.nextInt(3) == 0 ? random.nextInt(99) - 20 + String.valueOf(unit) : "");
        }
        text.append('T');
        for (char unit : "HMS".toCharArray()) {
            text.append(random.nextInt(2) == 0 ? random.nextInt(99) - 20 + String.valueOf(unit) : "");
        }
        text.append(random.nextInt(2) == 0 ? random.nextInt(1_000_000) / 1e4 + "S" : "");
    }

    private String number() {
        String whole = switch (random.nextInt(12)) {
            case 0 -> Long.toString(random.nextLong() >>> (1 + random.nextInt(60)));
            case 1 -> "2147483647";
            default -> Integer.toString(random.nextInt(40));
        };
        String fraction = random.nextInt(3) == 0 ? "." + random.nextInt(10_000) : random.nextInt(20) == 0 ? ".5" : "";
        return one(List.of("", "", "", "-", "+")) + whole + fraction;
    }

    private String date() {
        int year = random.nextInt(9) == 0 ? random.nextInt(300_000) : 1000 + random.nextInt(1200);
        return String.format(
                java.util.Locale.ROOT, one(DATES), year, random.nextInt(14), random.nextInt(33), one(MONTHS));
    }

    private String time() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                java.util.Locale.ROOT,
                random.nextBoolean() ? "%02d:%02d" : "%d:%d",
                random.nextInt(26),
                random.nextInt(62)));
        if (random.nextBoolean()) {
            text.append(String.format(java.util.Locale.ROOT, ":%02d", random.nextInt(63)));
            text.append(random.nextBoolean() ? "." + random.nextInt(1 << random.nextInt(1, 31)) : "");
        }
        return text.append(one(List.of("", "", "", "", " AM", "pm", " PM"))).toString();
    }

    private void add(String text, String type, Supplier<String> ours) {
        Case added = new Case("'" + text + "'::" + type, () -> read(ours));
        tried++;
        if (!LEFT.equals(added.outcome())) {
            computed++;
            cases.add(added);
        }
    }

    /// The text of a value, or that it is left to Postgres.
    private static String read(Supplier<String> ours) {
        try {
            return ours.get();
        } catch (MooncakeException e) {
            if (e.code() == ErrorCode.NOT_PUSHED) {
                return LEFT;
            }
            throw e;
        }
    }

    private String one(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
