package mooncake.chaos;

import java.util.List;
import java.util.Random;

/// Types and values of columns that come and go.
final class Extras {
    static final List<String> TYPES =
            List.of("integer", "smallint", "text", "bigint", "numeric(10,2)", "varchar(20)", "real", "boolean", "date");

    private Extras() {}

    /// An expression of a value of that type.
    static String value(String type, Random random) {
        int number = random.nextInt(10_000);
        if (random.nextInt(8) == 0) {
            return "NULL";
        }
        return switch (type) {
            case "boolean" -> Boolean.toString(random.nextBoolean());
            case "date" -> "date '2020-01-01' + " + number;
            case "timestamp without time zone" -> "timestamp '2020-01-01' + " + number + " * interval '1 s'";
            case "text", "character varying(20)", "varchar(20)", "character varying(40)" -> "'e" + number + "'";
            default -> "(" + number + ")";
        };
    }
}
