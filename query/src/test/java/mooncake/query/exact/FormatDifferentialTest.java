package mooncake.query.exact;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import mooncake.query.exact.Oracle.Case;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `to_char` with templates made at random.
@Timeout(120)
class FormatDifferentialTest {
    private static final int ROUNDS = 4000;

    private static final List<String> BETWEEN =
            List.of(" ", "-", "/", ":", ".", ",", "\"at\"", "x", "\\\"", "\\", "é", "\"a\\\"b\"", "");
    private static final List<String> NUMBERS = List.of(
            "9", "9", "9", "9", "0", "0", "99", "999", "9999", ".", "D", ",", "G", "FM", "S", "MI", "PL", "SG", "PR",
            "L", "TH", "th", "V", "EEEE", "RN", "rn", "B", " ", "\"x\"", "a");

    @AutoClose
    private static final Oracle ORACLE = new Oracle();

    private final Cases cases = new Cases(ORACLE);
    private final Random random = cases.random();
    private final RandomNumerics numerics = new RandomNumerics(random);

    @Test
    void timestamps() {
        for (int i = 0; i < ROUNDS; i++) {
            long timestamp = switch (random.nextInt(4)) {
                case 0 -> random.nextLong(4_000_000) * Timestamps.DAY - 1_700_000 * Timestamps.DAY + micros();
                default -> random.nextLong(40_000) * Timestamps.DAY + micros();
            };
            String template = dates();
            cases.add(new Case(
                    "to_char('" + MomentPrinter.timestamp(timestamp) + "'::timestamp, " + literal(template) + ")",
                    () -> DateFormat.format(FormatFunctions.dates(template), FormatFunctions.fields(timestamp))));
        }
        cases.check();
    }

    @Test
    void timestampsInZones() {
        for (String name : List.of("Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/St_Johns")) {
            Zone zone = Zone.of(name);
            ORACLE.execute("SET TimeZone = '" + name + "'");
            Cases inZone = new Cases(ORACLE);
            for (int i = 0; i < 300; i++) {
                long timestamp = random.nextLong(30_000) * Timestamps.DAY + micros();
                String template = dates()
                        + List.of("TZ", "tz", "TZH", "TZM", "OF", "FMOF").get(random.nextInt(6));
                inZone.add(new Case(
                        "to_char('" + MomentPrinter.timestamp(timestamp) + "+00'::timestamptz, " + literal(template)
                                + ")",
                        () -> DateFormat.format(
                                FormatFunctions.dates(template), FormatFunctions.fields(timestamp, zone))));
            }
            inZone.check();
        }
    }

    @Test
    void intervals() {
        for (int i = 0; i < ROUNDS; i++) {
            int sign = random.nextInt(3) == 0 ? -1 : 1;
            Interval interval = new Interval(
                    random.nextInt(4) == 0 ? 0 : sign * random.nextInt(200),
                    random.nextInt(4) == 0 ? 0 : sign * random.nextInt(100),
                    random.nextInt(4) == 0 ? 0 : sign * random.nextLong(200 * 3600 * Timestamps.SECOND));
            String template = dates();
            cases.add(new Case(
                    "to_char('" + interval.text() + "'::interval, " + literal(template) + ")",
                    () -> DateFormat.format(FormatFunctions.dates(template), FormatFunctions.fields(interval))));
        }
        cases.check();
    }

    @Test
    void numbers() {
        for (int i = 0; i < ROUNDS; i++) {
            String template = template();
            String numeric = random.nextBoolean() ? numerics.next() : small();
            add(
                    "'" + numeric + "'::numeric",
                    template,
                    () -> NumberFormat.ofNumeric(Numeric.parse(numeric), NumberTemplate.of(template)));
            int integer = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(2000) - 1000;
            add("'" + integer + "'::int4", template, () -> NumberFormat.ofInt(integer, NumberTemplate.of(template)));
            long wide = random.nextInt(2) == 0 ? random.nextLong() : random.nextInt(2_000_000) - 1_000_000;
            add("'" + wide + "'::int8", template, () -> NumberFormat.ofLong(wide, NumberTemplate.of(template)));
            double number = number();
            add("'" + number + "'::float8", template, () -> NumberFormat.ofDouble(number, NumberTemplate.of(template)));
            float narrow = (float) number;
            if (random.nextInt(4) == 0) {
                add(
                        "'" + narrow + "'::float4",
                        template,
                        () -> NumberFormat.ofFloat(narrow, NumberTemplate.of(template)));
            }
        }
        cases.check();
    }

    @Test
    void readMoments() {
        Zone zone = Zone.of("Europe/Berlin");
        ORACLE.execute("SET TimeZone = 'Europe/Berlin'");
        int major = ORACLE.major();
        for (int i = 0; i < ROUNDS; i++) {
            long timestamp = random.nextLong(40_000) * Timestamps.DAY + micros();
            String template =
                    random.nextInt(3) == 0 ? dates().replace("é", "x") : ORDERLY.get(random.nextInt(ORDERLY.size()));
            String printed = DateFormat.format(FormatFunctions.dates(template), FormatFunctions.fields(timestamp));
            String text = random.nextInt(3) == 0 ? damaged(printed) : printed;
            cases.add(new Case(
                    "extract(epoch from to_date(" + literal(text) + ", " + literal(template) + "))",
                    () -> Long.toString(86_400L
                            * DateScanner.scan(text, FormatFunctions.dates(template), major)
                                    .toDate(text))));
            cases.add(new Case(
                    "to_timestamp(" + literal(text) + ", " + literal(template) + ")",
                    () -> MomentPrinter.timestamptz(
                            DateScanner.scan(text, FormatFunctions.dates(template), major)
                                    .toTimestamp(text, zone),
                            zone)));
        }
        cases.check();
    }

    private static final List<String> ORDERLY = List.of(
            "YYYY-MM-DD",
            "YYYYMMDD",
            "YYYY-MM-DD HH24:MI:SS",
            "DD Mon YYYY",
            "DD/MM/YY",
            "FMMonth DD, YYYY",
            "YYYY-DDD",
            "IYYY-IW-ID",
            "IYYYIWID",
            "YYYYMMDDHH24MISS",
            "HH12:MI:SS AM DD.MM.YYYY",
            "J",
            "YYYY-MM-DD HH24:MI:SS.MS",
            "YYYY-MM-DD HH24:MI:SS.US",
            "YYYY-MM-DD HH24:MI:SS.FF4",
            "CC YY MM DD",
            "FXYYYY-MM-DD",
            "DD RM YYYY",
            "Day DD Month YYYY BC",
            "YYYY WW",
            "YYYY MM W",
            "Y,YYY-MM-DD",
            "DDth Mon YYYY",
            "YYYY-MM-DD SSSS",
            "MM-DD",
            "YYY-MM",
            "Y-MM-DD",
            "IYYY-IDDD",
            "HH24:MI",
            "YYYY-MM-DD HH24:MI TZH:TZM");

    private String damaged(String text) {
        if (text.isEmpty()) {
            return " ";
        }
        int at = random.nextInt(text.length());
        return switch (random.nextInt(4)) {
            case 0 -> text.substring(0, at);
            case 1 ->
                text.substring(0, at)
                        + List.of(" ", "-", "x", "9", "  ", "/").get(random.nextInt(6))
                        + text.substring(at);
            case 2 -> text.substring(0, at) + text.substring(at + 1);
            default -> text.replace('-', random.nextBoolean() ? ' ' : '/');
        };
    }

    @Test
    void readNumbers() {
        int major = ORACLE.major();
        for (int i = 0; i < ROUNDS; i++) {
            String template = random.nextInt(3) == 0 ? template() : "S9,999,990.99".substring(random.nextInt(5));
            String value = small();
            String printed;
            try {
                printed = NumberFormat.ofNumeric(Numeric.parse(value), NumberTemplate.of(template));
            } catch (mooncake.model.MooncakeException _) {
                printed = value;
            }
            String text = random.nextInt(3) == 0 ? damaged(printed) : printed;
            // The translator leaves templates with TH to Postgres.
            String upper = template.toUpperCase(Locale.ROOT);
            if (!upper.contains("TH") && (!upper.contains("RN") || major < 18)) {
                cases.add(new Case(
                        "to_number(" + literal(text) + ", " + literal(template) + ")",
                        () -> NumberParser.parse(text, NumberTemplate.of(template), major)
                                .text()));
            }
        }
        cases.check();
    }

    private void add(
            String value,
            String template,
            java.util.function.Supplier<@org.jspecify.annotations.Nullable String> ours) {
        cases.add(new Case("to_char(" + value + ", " + literal(template) + ")", ours));
    }

    private String dates() {
        StringBuilder template = new StringBuilder();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String key = DateFormat.KEYS.get(random.nextInt(DateFormat.KEYS.size()));
            template.append(random.nextInt(5) == 0 ? List.of("FM", "fm", "TM").get(random.nextInt(3)) : "")
                    .append(random.nextInt(10) == 0 ? key.toLowerCase(Locale.ROOT) : key)
                    .append(random.nextInt(6) == 0 ? List.of("TH", "th", "SP").get(random.nextInt(3)) : "")
                    .append(BETWEEN.get(random.nextInt(BETWEEN.size())));
        }
        return template.toString();
    }

    private String template() {
        StringBuilder template = new StringBuilder();
        int count = 1 + random.nextInt(7);
        for (int i = 0; i < count; i++) {
            template.append(NUMBERS.get(random.nextInt(random.nextInt(3) == 0 ? NUMBERS.size() : 14)));
        }
        return template.toString();
    }

    private String small() {
        int scale = random.nextInt(5);
        return java.math.BigDecimal.valueOf(random.nextInt(200_000) - 100_000, scale)
                .toPlainString();
    }

    private double number() {
        return switch (random.nextInt(6)) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextInt(2000) - 1000;
            case 2 -> 0;
            case 3 -> random.nextGaussian();
            default -> (random.nextInt(2_000_000) - 1_000_000) / 1000.0;
        };
    }

    private long micros() {
        return random.nextInt(3) == 0
                ? random.nextInt(24) * 3600L * Timestamps.SECOND
                : random.nextLong(Timestamps.DAY);
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
