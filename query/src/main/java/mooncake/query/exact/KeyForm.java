package mooncake.query.exact;

import java.util.ArrayList;
import java.util.List;
import mooncake.model.Check;

/// How values that are held as text are compared: named by a code like `array(number)` that the translator writes.
sealed interface KeyForm {
    /// Codes of types without parts.
    enum Simple implements KeyForm {
        /// The bytes of the text decide.
        BYTES,
        /// The same, for text that has a collation.
        TEXT,
        /// One byte.
        CHAR,
        /// Text whose blanks at the end do not count.
        PADDED,
        INTEGER,
        /// As [#INTEGER] with 64 bits.
        BIGINT,
        NUMBER,
        FLOAT,
        DATE,
        TIMESTAMP,
        INTERVAL,
        TIMETZ,
        JSONB,
        INET,
        LSN
    }

    /// An enum's labels in their order.
    record Labels(List<String> labels) implements KeyForm {
        public Labels {
            labels = List.copyOf(labels);
        }
    }

    record Array(KeyForm element) implements KeyForm {}

    record Range(KeyForm bound) implements KeyForm {}

    record Multirange(KeyForm bound) implements KeyForm {}

    /// Reads a code.
    static KeyForm parse(String code) {
        int open = code.indexOf('(');
        if (open < 0) {
            return Simple.valueOf(code.toUpperCase(java.util.Locale.ROOT));
        }
        Check.that(code.endsWith(")"), "type code %s", code);
        String inner = code.substring(open + 1, code.length() - 1);
        return switch (code.substring(0, open)) {
            case "array" -> new Array(parse(inner));
            case "range" -> new Range(parse(inner));
            case "multirange" -> new Multirange(parse(inner));
            case "enum" -> new Labels(labels(inner));
            default -> throw new IllegalArgumentException("type code " + code);
        };
    }

    /// Labels are an array in text form.
    private static List<String> labels(String array) {
        List<String> labels = new ArrayList<>();
        for (String label : ArrayValue.parse(array).elements()) {
            labels.add(java.util.Objects.requireNonNull(label));
        }
        return labels;
    }
}
