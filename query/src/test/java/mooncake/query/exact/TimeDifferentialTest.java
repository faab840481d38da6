package mooncake.query.exact;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import mooncake.query.exact.Oracle.Case;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TimeDifferentialTest {
    private static final List<Unit> UNITS = List.of(Unit.values());
    private static final List<Unit> CUTS = List.of(
            Unit.MICROSECONDS,
            Unit.MILLISECONDS,
            Unit.SECOND,
            Unit.MINUTE,
            Unit.HOUR,
            Unit.DAY,
            Unit.WEEK,
            Unit.MONTH,
            Unit.QUARTER,
            Unit.YEAR,
            Unit.DECADE,
            Unit.CENTURY,
            Unit.MILLENNIUM);
    private static final long HALF_HOUR = 1_800 * Timestamps.SECOND;

    @AutoClose
    private static final Oracle ORACLE = new Oracle();

    private final Cases cases = new Cases(ORACLE);
    private final Random random = cases.random();

    @Test
    void dates() {
        for (int i = 0; i < 1000; i++) {
            int a = date();
            int b = date();
            int days = random.nextInt(10) == 0 ? random.nextInt() : random.nextInt(100_000) - 50_000;
            dateCase(dateLiteral(a) + " + " + days, () -> Timestamps.addDays(a, days));
            dateCase(dateLiteral(a) + " - (" + days + ")", () -> Timestamps.addDays(a, -(long) days));
            cases.add(new Case(
                    dateLiteral(a) + "-" + dateLiteral(b), () -> Integer.toString(Timestamps.daysBetween(a, b))));
            for (Unit unit : Unit.values()) {
                if (unit.compareTo(Unit.DAY) >= 0) {
                    cases.add(new Case(
                            "extract(" + unit + " from " + dateLiteral(a) + ")", () -> DateParts.ofDate(unit, a)));
                }
            }
        }
        cases.check();
    }

    @Test
    void timestamps() {
        for (int i = 0; i < 1000; i++) {
            long a = timestamp();
            long b = timestamp();
            Interval by = interval();
            String left = literal(a, "timestamp");
            timestampCase(left + " + " + literal(by), () -> Timestamps.add(a, by.months(), by.days(), by.micros()));
            timestampCase(left + " - " + literal(by), () -> {
                Interval back = by.negated();
                return Timestamps.add(a, back.months(), back.days(), back.micros());
            });
            if (Timestamps.isFinite(a) && Timestamps.isFinite(b)) {
                cases.add(new Case(
                        left + " - " + literal(b, "timestamp"),
                        () -> Timestamps.difference(a, b).text()));
            }
            dateCase(left + "::date", () -> Timestamps.toDate(a));
            for (Unit unit : Unit.values()) {
                cases.add(new Case("extract(" + unit + " from " + left + ")", () -> DateParts.ofTimestamp(unit, a)));
                partCase("date_part('" + unit + "', " + left + ")", unit, DateParts.ofTimestamp(unit, a));
            }
            Unit cut = CUTS.get(random.nextInt(CUTS.size()));
            timestampCase("date_trunc('" + cut + "', " + left + ")", () -> Truncation.truncate(cut, a));
        }
        cases.check();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTC",
                "America/New_York",
                "Europe/Berlin",
                "Asia/Kolkata",
                "Australia/Lord_Howe",
                "America/Sao_Paulo",
                "Asia/Shanghai",
                "Europe/Dublin",
                "Pacific/Apia"
            })
    void timestampsInZones(String name) {
        Zone zone = Zone.of(name);
        ORACLE.execute("SET TimeZone = '" + name + "'");
        for (int i = 0; i < 600; i++) {
            long a = random.nextInt(3) == 0 ? nearTransition(zone) : recent();
            Interval by = interval();
            String left = literal(a, "timestamptz");
            String local = literal(zone.toLocal(a), "timestamp");
            timestampCase(
                    left + " + " + literal(by), () -> Timestamps.add(a, by.months(), by.days(), by.micros(), zone));
            timestampCase(left + "::timestamp", () -> zone.toLocal(a));
            timestampCase(local + "::timestamptz", () -> zone.fromLocal(zone.toLocal(a)));
            timestampCase(local + " AT TIME ZONE '" + name + "'", () -> zone.fromLocal(zone.toLocal(a)));
            long skipped = zone.toLocal(a) + HALF_HOUR;
            timestampCase(literal(skipped, "timestamp") + "::timestamptz", () -> zone.fromLocal(skipped));
            dateCase(left + "::date", () -> Timestamps.toDate(zone.toLocal(a)));
            int day = Timestamps.toDate(a);
            timestampCase(dateLiteral(day) + "::timestamptz", () -> zone.fromLocal(Timestamps.ofDate(day)));
            Unit unit = UNITS.get(random.nextInt(UNITS.size()));
            cases.add(new Case("extract(" + unit + " from " + left + ")", () -> DateParts.ofTimestamp(unit, a, zone)));
            for (Unit cut : CUTS) {
                timestampCase("date_trunc('" + cut + "', " + left + ")", () -> Truncation.truncate(cut, a, zone));
            }
        }
        cases.check();
    }

    @Test
    void intervals() {
        for (int i = 0; i < 1500; i++) {
            Interval a = interval();
            Interval b = interval();
            cases.add(new Case(literal(a), a::text));
            cases.add(new Case(literal(a) + "+" + literal(b), () -> a.plus(b).text()));
            cases.add(new Case(literal(a) + "-" + literal(b), () -> a.minus(b).text()));
            cases.add(new Case("-" + literal(a), () -> a.negated().text()));
            cases.add(new Case(
                    "interval_cmp(" + literal(a) + "," + literal(b) + ")",
                    () -> Integer.toString(a.key().compareTo(b.key()))));
            for (Unit unit : CUTS) {
                if (unit != Unit.WEEK && (unit != Unit.QUARTER || a.months() >= 0)) {
                    cases.add(new Case(
                            "extract(" + unit + " from " + literal(a) + ")", () -> DateParts.ofInterval(unit, a)));
                    partCase("date_part('" + unit + "', " + literal(a) + ")", unit, DateParts.ofInterval(unit, a));
                }
            }
        }
        cases.check();
    }

    @Test
    void timesOfDay() {
        for (int i = 0; i < 500; i++) {
            long time = i == 0 ? Timestamps.DAY : random.nextLong(Timestamps.DAY);
            String literal = i == 0 ? "time '24:00'" : literal(time, "timestamp") + "::time";
            for (Unit unit :
                    List.of(Unit.MICROSECONDS, Unit.MILLISECONDS, Unit.SECOND, Unit.MINUTE, Unit.HOUR, Unit.EPOCH)) {
                cases.add(new Case("extract(" + unit + " from " + literal + ")", () -> DateParts.ofTime(unit, time)));
                partCase("date_part('" + unit + "', " + literal + ")", unit, DateParts.ofTime(unit, time));
            }
        }
        cases.check();
    }

    private interface Days {
        int get();
    }

    private interface Micros {
        long get();
    }

    private void dateCase(String sql, Days ours) {
        cases.add(new Case("trunc(extract(epoch from (" + sql + ")) / 86400)", () -> {
            int date = ours.get();
            return Timestamps.isFinite(date) ? Integer.toString(date) : date > 0 ? "Infinity" : "-Infinity";
        }));
    }

    private void timestampCase(String sql, Micros ours) {
        cases.add(new Case("trunc(extract(epoch from (" + sql + ")) * 1000000)", () -> {
            long timestamp = ours.get();
            return Timestamps.isFinite(timestamp) ? Long.toString(timestamp) : timestamp > 0 ? "Infinity" : "-Infinity";
        }));
    }

    /// Where `extract` gives no value for an infinite time, `date_part` gives none either.
    private void partCase(String sql, Unit unit, @Nullable String part) {
        cases.add(new Case(
                "encode(float8send(" + sql + "), 'hex')",
                () -> part == null
                        ? null
                        : String.format(
                                Locale.ROOT, "%016x", Double.doubleToLongBits(DateParts.toDouble(unit, part)))));
    }

    private int date() {
        return switch (random.nextInt(20)) {
            case 0 -> Timestamps.DATE_INFINITY;
            case 1 -> -Timestamps.DATE_INFINITY;
            case 2, 3, 4 -> random.nextInt(4_000_000) - 2_000_000;
            case 5 -> random.nextInt(2_000_000_000);
            default -> random.nextInt(60_000) - 20_000;
        };
    }

    private long timestamp() {
        return switch (random.nextInt(20)) {
            case 0 -> Timestamps.INFINITY;
            case 1 -> -Timestamps.INFINITY;
            case 2, 3, 4 -> random.nextLong(4_000_000) * Timestamps.DAY - 2_000_000 * Timestamps.DAY + micros();
            case 5 -> random.nextLong(106_000_000) * Timestamps.DAY + micros();
            default -> recent();
        };
    }

    private long recent() {
        return random.nextLong(40_000) * Timestamps.DAY + micros();
    }

    /// Within an hour or two of a change of the offset, if the zone has any.
    private long nearTransition(Zone zone) {
        long start = random.nextLong(20_000) * Timestamps.DAY;
        long next = zone.nextChange(start);
        long at = next == Timestamps.INFINITY ? start : next;
        return at + (random.nextInt(13) - 6) * HALF_HOUR;
    }

    private long micros() {
        return random.nextBoolean()
                ? random.nextLong(Timestamps.DAY)
                : random.nextLong(24) * 2 * HALF_HOUR + random.nextInt(3);
    }

    private Interval interval() {
        int months = random.nextInt(3) == 0 ? 0 : random.nextInt(60) - 30;
        int days = random.nextInt(3) == 0 ? 0 : random.nextInt(100) - 50;
        long micros = random.nextInt(3) == 0 ? 0 : random.nextLong(200_000_000_000L) - 100_000_000_000L;
        return switch (random.nextInt(12)) {
            case 0 -> new Interval(random.nextInt() / 2, random.nextInt() / 2, random.nextLong() / 2);
            case 1 -> new Interval(months, days, micros / Timestamps.SECOND * Timestamps.SECOND);
            case 2 -> new Interval(random.nextInt(5) - 2, random.nextInt(5) - 2, random.nextInt(5) - 2);
            default -> new Interval(months, days, micros);
        };
    }

    private static String literal(Interval interval) {
        return "(make_interval(months => " + interval.months() + ") + make_interval(days => " + interval.days()
                + ") + interval '" + interval.micros() / Timestamps.SECOND + " s' + interval '"
                + interval.micros() % Timestamps.SECOND + " us')";
    }

    private static String dateLiteral(int date) {
        return Timestamps.isFinite(date)
                ? "'" + day(LocalDate.ofEpochDay(date)) + era(LocalDate.ofEpochDay(date)) + "'::date"
                : "'" + (date > 0 ? "" : "-") + "infinity'::date";
    }

    private static String literal(long timestamp, String type) {
        if (!Timestamps.isFinite(timestamp)) {
            return "'" + (timestamp > 0 ? "" : "-") + "infinity'::" + type;
        }
        LocalDateTime time = Timestamps.toLocal(timestamp);
        return String.format(
                Locale.ROOT,
                "'%s %02d:%02d:%02d.%06d%s%s'::%s",
                day(time.toLocalDate()),
                time.getHour(),
                time.getMinute(),
                time.getSecond(),
                time.getNano() / 1000,
                type.equals("timestamp") ? "" : "+00",
                era(time.toLocalDate()),
                type);
    }

    private static String day(LocalDate date) {
        int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
        return String.format(Locale.ROOT, "%04d-%02d-%02d", year, date.getMonthValue(), date.getDayOfMonth());
    }

    private static String era(LocalDate date) {
        return date.getYear() > 0 ? "" : " BC";
    }
}
