package mooncake.query.exact;

import java.math.BigDecimal;

/// A value of Postgres' type numeric.
sealed interface Numeric {
    Finite ZERO = new Finite(BigDecimal.ZERO);

    /// A number and the digits it shows after the point, which are its scale and never negative.
    record Finite(BigDecimal value) implements Numeric {
        @Override
        public String text() {
            return value.toPlainString();
        }

        @Override
        public int signum() {
            return value.signum();
        }
    }

    /// The values that are no numbers.
    enum Special implements Numeric {
        NAN("NaN", 0),
        INFINITY("Infinity", 1),
        NEGATIVE_INFINITY("-Infinity", -1);

        private final String text;
        private final int sign;

        Special(String text, int sign) {
            this.text = text;
            this.sign = sign;
        }

        static Special infinity(int sign) {
            return sign < 0 ? NEGATIVE_INFINITY : INFINITY;
        }

        @Override
        public String text() {
            return text;
        }

        @Override
        public int signum() {
            return sign;
        }
    }

    /// What Postgres prints.
    String text();

    /// -1, 0 or 1; 0 for NaN.
    int signum();

    static Numeric parse(String text) {
        return switch (text) {
            case "NaN" -> Special.NAN;
            case "Infinity" -> Special.INFINITY;
            case "-Infinity" -> Special.NEGATIVE_INFINITY;
            default -> new Finite(plain(new BigDecimal(text)));
        };
    }

    /// The same number without the negative scale that Java gives to trailing zeros.
    static BigDecimal plain(BigDecimal value) {
        return value.scale() < 0 ? value.setScale(0) : value;
    }
}
