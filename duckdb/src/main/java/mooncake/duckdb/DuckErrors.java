package mooncake.duckdb;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Which of our errors a message of DuckDB stands for. DuckDB puts the kind of an error in front of its text, in every
/// place that an error can come from, so the text is the one thing looked at.
public final class DuckErrors {
    private static final Pattern OWN = Pattern.compile("^(?:[A-Za-z ]+ Error: )*(MC\\d{4}) (.*)$", Pattern.DOTALL);
    private static final Pattern DECIMAL_OVERFLOW = Pattern.compile(
            "(?i)overflow in .*(DECIMAL|HUGEINT|INT128)|to (type )?DECIMAL\\(|exceeds the max(imum)?.*DECIMAL|max precision of 38");

    private static final Pattern INTEGER_OVERFLOW =
            Pattern.compile("(?:Overflow in \\w+ of|for the destination type) INT(16|32|64)\\b");
    private static final Pattern EXTREME_OVERFLOW =
            Pattern.compile("Overflow (?:on abs\\(|in division of )-(32768|2147483648|9223372036854775808)\\b");
    private static final String MANY_ROWS = "More than one row returned by a subquery used as an expression";

    private DuckErrors() {}

    /// Whether the error says that a number left DuckDB's decimal or 128-bit range, where Postgres' numeric goes on.
    public static boolean isDecimalOverflow(MooncakeException e) {
        return e.code() == ErrorCode.NUMERIC_OUT_OF_RANGE
                && DECIMAL_OVERFLOW.matcher(e.text()).find();
    }

    static MooncakeException of(String text) {
        Matcher own = OWN.matcher(text);
        if (own.matches()) {
            for (ErrorCode code : ErrorCode.values()) {
                if (code.label().equals(own.group(1))) {
                    return new MooncakeException(code, own.group(2));
                }
            }
        }
        ErrorCode code = code(text);
        return new MooncakeException(code, code == ErrorCode.DUCKDB_FAILED ? text : forUsers(code, text));
    }

    /// Postgres' words where it has some; otherwise DuckDB's, without the excerpt of our SQL that it appends.
    private static String forUsers(ErrorCode code, String text) {
        if (code == ErrorCode.DIVISION_BY_ZERO) {
            return "division by zero";
        }
        if (code == ErrorCode.MANY_ROWS) {
            return "more than one row returned by a subquery used as an expression";
        }
        if (code == ErrorCode.NUMERIC_OUT_OF_RANGE) {
            Matcher typed = INTEGER_OVERFLOW.matcher(text);
            Matcher extreme = EXTREME_OVERFLOW.matcher(text);
            String width = typed.find() ? typed.group(1) : extreme.find() ? extreme.group(1) : "";
            switch (width) {
                case "16", "32768" -> {
                    return "smallint out of range";
                }
                case "32", "2147483648" -> {
                    return "integer out of range";
                }
                case "64", "9223372036854775808" -> {
                    return "bigint out of range";
                }
                default -> {}
            }
        }
        int excerpt = text.indexOf("\n\nLINE ");
        return excerpt < 0 ? text : text.substring(0, excerpt);
    }

    /// The text under which a failure of Java code travels through DuckDB and back to [#of].
    static String encode(Throwable t) {
        return t instanceof MooncakeException e
                ? e.code().label() + " " + e.text()
                : ErrorCode.BROKEN_INVARIANT.label() + " " + t;
    }

    private static ErrorCode code(String text) {
        int colon = text.indexOf(" Error:");
        String kind = colon < 0 ? "" : text.substring(0, colon);
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        if (text.contains(MANY_ROWS)) {
            return ErrorCode.MANY_ROWS;
        }
        return switch (kind) {
            case "INTERRUPT" -> ErrorCode.QUERY_CANCELLED;
            case "Out of Memory" -> ErrorCode.OUT_OF_MEMORY;
            case "IO" -> lower.contains("no space left") ? ErrorCode.DISK_FULL : ErrorCode.STORAGE_FAILED;
            case "Out of Range", "Conversion", "Invalid Input", "Decimal", "Divide by Zero" ->
                lower.contains("division by zero") || lower.contains("divide by zero")
                        ? ErrorCode.DIVISION_BY_ZERO
                        : outOfRange(kind, lower) ? ErrorCode.NUMERIC_OUT_OF_RANGE : userError(kind);
            default -> ErrorCode.DUCKDB_FAILED;
        };
    }

    private static boolean outOfRange(String kind, String lower) {
        return kind.equals("Out of Range")
                || kind.equals("Decimal")
                || lower.contains("out of range")
                || lower.contains("overflow")
                || lower.contains("could not cast value")
                || lower.contains("to decimal(");
    }

    private static ErrorCode userError(String kind) {
        return kind.equals("Conversion") ? ErrorCode.QUERY_FAILED : ErrorCode.DUCKDB_FAILED;
    }
}
