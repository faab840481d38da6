package mooncake.query.exact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import mooncake.query.exact.Oracle.Case;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Offsets and local times in all of the server's zones, at random times, near changes of the offset, and far away.
@Timeout(120)
class ZoneDifferentialTest {
    private static final List<String> WRITTEN = List.of(
            "<+03>-03",
            "CET-1CEST,M3.5.0,M10.5.0/3",
            "AAA+12:30",
            "<-0330>3:30:15",
            "EST5EDT4,J60/2,J300/1:30",
            "XYZ-10ZYX,280,90/-1",
            "europe/BERLIN",
            "gmt",
            "utc",
            "BRST+3BRDT+2,M10.3.0,M2.3.0");

    private static final List<Integer> YEARS = List.of(1, 1500, 1769, 1883, 1916, 1945, 1980, 2037, 2400, 2900, 9000);

    @AutoClose
    private static final Oracle ORACLE = new Oracle();

    private final Cases cases = new Cases(ORACLE);
    private final Random random = cases.random();

    @Test
    void everyZone() {
        List<String> names = ORACLE.column(
                "SELECT name FROM pg_timezone_names WHERE name !~ '^(posix|right)/' AND name !~ '^[A-Za-z]+$' ORDER BY 1");
        assertThat(names).hasSizeGreaterThan(400);
        names.forEach(name -> zone(name, 12));
        WRITTEN.forEach(name -> zone(name, 300));
        cases.check();
    }

    private void zone(String name, int count) {
        Zone zone = Zone.of(name);
        for (int i = 0; i < count; i++) {
            long seconds = switch (random.nextInt(4)) {
                case 0 -> random.nextLong(-60_000_000_000L, 200_000_000_000L);
                case 1 -> random.nextLong(-3_000_000_000L, 4_000_000_000L);
                default -> nearChange();
            };
            long micros = seconds * Timestamps.SECOND + (random.nextBoolean() ? 0 : 123_456);
            String literal = "timestamp '1970-01-01' + interval '" + micros / Timestamps.DAY + " days "
                    + micros % Timestamps.DAY + " microseconds'";
            cases.add(new Case(
                    "extract(epoch FROM (" + literal + ") AT TIME ZONE '" + name + "') * 1000000 ",
                    () -> zone.fromLocal(micros) + ".000000"));
            cases.add(new Case(
                    "extract(epoch FROM ((" + literal + ") AT TIME ZONE 'UTC') AT TIME ZONE '" + name + "') * 1000000 ",
                    () -> zone.toLocal(micros) + ".000000"));
        }
    }

    /// The nights in which most zones change their clocks, in some years.
    private long nearChange() {
        int year = random.nextInt(3) == 0 ? YEARS.get(random.nextInt(YEARS.size())) : random.nextInt(1900, 2060);
        int month = List.of(3, 4, 9, 10, 11).get(random.nextInt(5));
        long day = java.time.LocalDate.of(year, month, 1).toEpochDay() + random.nextInt(31);
        return day * 86_400 + random.nextInt(-30, 80) * 1_800L;
    }
}
