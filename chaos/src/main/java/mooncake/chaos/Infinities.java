package mooncake.chaos;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/// Dates and times as Iceberg's records hold them, infinite ones as the extreme days and microseconds.
final class Infinities {
    private static final Instant LAST = Instant.EPOCH.plus(Long.MAX_VALUE, ChronoUnit.MICROS);
    private static final Instant FIRST = Instant.EPOCH.plus(-Long.MAX_VALUE, ChronoUnit.MICROS);

    private Infinities() {}

    static LocalDate date(String text) {
        return switch (text) {
            case "infinity" -> LocalDate.ofEpochDay(Integer.MAX_VALUE);
            case "-infinity" -> LocalDate.ofEpochDay(-Integer.MAX_VALUE);
            default -> LocalDate.parse(text);
        };
    }

    static LocalDateTime timestamp(String text, ResultSet result, int column) throws SQLException {
        return switch (text) {
            case "infinity" -> LocalDateTime.ofInstant(LAST, ZoneOffset.UTC);
            case "-infinity" -> LocalDateTime.ofInstant(FIRST, ZoneOffset.UTC);
            default -> result.getObject(column, LocalDateTime.class);
        };
    }

    static OffsetDateTime timestamptz(String text, ResultSet result, int column) throws SQLException {
        return switch (text) {
            case "infinity" -> OffsetDateTime.ofInstant(LAST, ZoneOffset.UTC);
            case "-infinity" -> OffsetDateTime.ofInstant(FIRST, ZoneOffset.UTC);
            default -> result.getObject(column, OffsetDateTime.class).withOffsetSameInstant(ZoneOffset.UTC);
        };
    }
}
