package mooncake.query.exact;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooncake.query.exact.Numeric.Special;

/// Reads numbers and truth values as Postgres' input functions do.
final class NumberInput {
    /// From this major on integers may be written in other bases and digits with underscores between.
    private static final int FIRST_UNDERSCORES = 16;

    private static final int EXPONENT_MAX = Integer.MAX_VALUE / 2;
    private static final int SCALE_MAX = 16_383;
    private static final int WHOLE_DIGITS_MAX = 131_072;
    private static final Pattern FLOAT =
            Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?|[+-]?0[xX](?:\\p{XDigit}+\\.?\\p{XDigit}*"
                    + "|\\.\\p{XDigit}+)(?:[pP][+-]?\\d+)?");
    private static final Pattern NUMERIC = Pattern.compile("([+-]?(?:\\d+\\.?\\d*|\\.\\d+))(?:[eE]([+-]?\\d+))?");
    private static final Pattern GROUPED_NUMERIC = Pattern.compile(
            "([+-]?(?:\\d+(?:_\\d+)*(?:\\.(?:\\d+(?:_\\d+)*)?)?|\\.\\d+(?:_\\d+)*))(?:[eE]([+-]?\\d+(?:_\\d+)*))?");
    private static final Pattern BASED = Pattern.compile("([+-]?)0([xXoObB])((?:_?\\p{XDigit})+)");
    private static final Pattern GROUPED_INTEGER = Pattern.compile("([+-]?)(\\d+(?:_\\d+)*)");
    private static final Pattern NOT_A_NUMBER = Pattern.compile("[+-]?nan(?:\\(\\w*\\))?");

    private NumberInput() {}

    /// @param bits of the integer type
    /// @param type its name in Postgres
    static long integer(String text, int bits, String type, int major) {
        String trimmed = trim(text);
        if (major >= FIRST_UNDERSCORES) {
            Matcher based = BASED.matcher(trimmed);
            Matcher grouped = GROUPED_INTEGER.matcher(trimmed);
            if (based.matches()) {
                return based(based, text, bits, type);
            }
            if (grouped.matches()) {
                trimmed = grouped.group().replace("_", "");
            }
        }
        int at = 0;
        boolean negative = trimmed.startsWith("-");
        if (negative || trimmed.startsWith("+")) {
            at++;
        }
        if (at == trimmed.length() || !isDigit(trimmed.charAt(at))) {
            throw Errors.invalidText(type, text);
        }
        long value = 0;
        long limit = 1L << (bits - 1);
        for (; at < trimmed.length() && isDigit(trimmed.charAt(at)); at++) {
            int digit = trimmed.charAt(at) - '0';
            boolean overflows = value < (Long.MIN_VALUE + digit) / 10;
            value = value * 10 - digit;
            if (overflows || (bits < Long.SIZE && value < -limit)) {
                throw outOfRange(text, type);
            }
        }
        if (at < trimmed.length()) {
            throw Errors.invalidText(type, text);
        }
        if ((!negative && value == -limit) || (bits == Long.SIZE && !negative && value == Long.MIN_VALUE)) {
            throw outOfRange(text, type);
        }
        return negative ? value : -value;
    }

    private static long based(Matcher number, String text, int bits, String type) {
        int radix = switch (number.group(2).toLowerCase(Locale.ROOT)) {
            case "x" -> 16;
            case "o" -> 8;
            default -> 2;
        };
        java.math.BigInteger value;
        try {
            value = new java.math.BigInteger(
                    number.group(1).replace("+", "") + number.group(3).replace("_", ""), radix);
        } catch (NumberFormatException _) {
            throw Errors.invalidText(type, text);
        }
        if (value.bitLength() >= bits) {
            throw outOfRange(text, type);
        }
        return value.longValueExact();
    }

    static double float8(String text) {
        String trimmed = trim(text);
        Double special = special(trimmed);
        if (special != null) {
            return special;
        }
        String decimal = floatDigits(trimmed, text, "double precision");
        double value = Double.parseDouble(decimal);
        if (Double.isInfinite(value) || (value == 0 && hasDigit(trimmed))) {
            throw Errors.outOfRange("\"" + trimStart(text) + "\" is out of range for type double precision");
        }
        return value;
    }

    static float float4(String text) {
        String trimmed = trim(text);
        Double special = special(trimmed);
        if (special != null) {
            return special.floatValue();
        }
        float value = Float.parseFloat(floatDigits(trimmed, text, "real"));
        if (Float.isInfinite(value) || (value == 0 && hasDigit(trimmed))) {
            throw Errors.outOfRange("\"" + trimStart(text) + "\" is out of range for type real");
        }
        return value;
    }

    private static String floatDigits(String trimmed, String text, String type) {
        if (!FLOAT.matcher(trimmed).matches()) {
            throw Errors.invalidText(type, text);
        }
        boolean hexadecimal = trimmed.indexOf('x') >= 0 || trimmed.indexOf('X') >= 0;
        return hexadecimal && trimmed.indexOf('p') < 0 && trimmed.indexOf('P') < 0 ? trimmed + "p0" : trimmed;
    }

    /// Whether a digit other than zero stands before the exponent.
    private static boolean hasDigit(String number) {
        boolean hexadecimal = number.indexOf('x') >= 0 || number.indexOf('X') >= 0;
        String mantissa = number.split(hexadecimal ? "[pP]" : "[eE]", -1)[0];
        return mantissa.chars().anyMatch(c -> Character.digit(c, hexadecimal ? 16 : 10) > 0);
    }

    private static @org.jspecify.annotations.Nullable Double special(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (NOT_A_NUMBER.matcher(lower).matches()) {
            return Double.NaN;
        }
        return switch (lower) {
            case "inf", "infinity", "+inf", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> null;
        };
    }

    static Numeric numeric(String text, int major) {
        String trimmed = trim(text);
        switch (trimmed.toLowerCase(Locale.ROOT)) {
            case "nan" -> {
                return Special.NAN;
            }
            case "inf", "infinity", "+inf", "+infinity" -> {
                return Special.INFINITY;
            }
            case "-inf", "-infinity" -> {
                return Special.NEGATIVE_INFINITY;
            }
            default -> {}
        }
        Matcher number = (major >= FIRST_UNDERSCORES ? GROUPED_NUMERIC : NUMERIC).matcher(trimmed);
        Matcher based = BASED.matcher(trimmed);
        if (major >= FIRST_UNDERSCORES && based.matches()) {
            return NumericMath.result(new BigDecimal(wide(based, text)));
        }
        if (!number.matches()) {
            throw Errors.invalidText("numeric", text);
        }
        String power = number.group(2);
        BigDecimal digits = new BigDecimal(number.group(1).replace("_", ""));
        BigDecimal exponent = power == null ? BigDecimal.ZERO : new BigDecimal(power.replace("_", ""));
        if (exponent.abs().compareTo(BigDecimal.valueOf(EXPONENT_MAX)) >= 0) {
            throw major >= FIRST_UNDERSCORES ? Errors.numericOverflow() : Errors.invalidText("numeric", text);
        }
        int scale = Math.max(digits.scale(), 0) - exponent.intValueExact();
        if (scale > SCALE_MAX || -scale > 2 * WHOLE_DIGITS_MAX) {
            throw Errors.numericOverflow();
        }
        return NumericMath.result(Numeric.plain(digits.scaleByPowerOfTen(exponent.intValueExact())));
    }

    private static java.math.BigInteger wide(Matcher number, String text) {
        int radix = switch (number.group(2).toLowerCase(Locale.ROOT)) {
            case "x" -> 16;
            case "o" -> 8;
            default -> 2;
        };
        try {
            return new java.math.BigInteger(
                    number.group(1).replace("+", "") + number.group(3).replace("_", ""), radix);
        } catch (NumberFormatException _) {
            throw Errors.invalidText("numeric", text);
        }
    }

    /// Any beginning of a word for true or false, if no other begins so.
    static boolean truth(String text) {
        return switch (trim(text).toLowerCase(Locale.ROOT)) {
            case "t", "tr", "tru", "true", "y", "ye", "yes", "on", "1" -> true;
            case "f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0" -> false;
            default -> throw Errors.invalidText("boolean", text);
        };
    }

    private static RuntimeException outOfRange(String text, String type) {
        return Errors.outOfRange("value \"" + text + "\" is out of range for type " + type);
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /// Without what C takes for white space at both ends.
    static String trim(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return trimStart(text.substring(0, end));
    }

    private static String trimStart(String text) {
        int start = 0;
        while (start < text.length() && isSpace(text.charAt(start))) {
            start++;
        }
        return text.substring(start);
    }

    static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
