package mooncake.query.exact;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import mooncake.query.exact.Numeric.Finite;

/// `to_char` of numbers under the C locale: the digits are worked out here and set into the template by
/// [NumberWriter].
final class NumberFormat {
    private static final int ROMAN_MAX = 3999;
    private static final int ROMAN_WIDTH = 15;
    private static final int DOUBLE_DIGITS = 15;
    private static final int FLOAT_DIGITS = 6;
    private static final String[] ROMAN_1 = romanDigits("I", "V", "X");
    private static final String[] ROMAN_10 = romanDigits("X", "L", "C");
    private static final String[] ROMAN_100 = romanDigits("C", "D", "M");

    private NumberFormat() {}

    /// The digits from 0 to 9 of one decimal place.
    private static String[] romanDigits(String one, String five, String ten) {
        String two = one + one;
        String three = two + one;
        String four = one + five;
        return new String[] {"", one, two, three, four, five, five + one, five + two, five + three, one + ten};
    }

    static String ofInt(int value, NumberTemplate shared) {
        NumberTemplate template = shared.copy();
        if (template.roman) {
            return NumberWriter.write(template, roman(value), 0, '+');
        }
        if (template.scientific) {
            return signSpace(scientific(value, template.fraction));
        }
        long number = value;
        if (template.shifted) {
            double factor = LibM.POW.of(10, template.shift);
            if (Math.rint(factor) > Integer.MAX_VALUE) {
                throw Errors.outOfRange("integer out of range");
            }
            number = value * (long) Math.rint(factor);
            if (number != (int) number) {
                throw Errors.outOfRange("integer out of range");
            }
            template.whole += template.shift;
        }
        return ofDigits(Long.toString(number), template);
    }

    static String ofLong(long value, NumberTemplate shared) {
        NumberTemplate template = shared.copy();
        if (template.roman) {
            if (value != (int) value) {
                throw Errors.outOfRange("integer out of range");
            }
            return NumberWriter.write(template, roman((int) value), 0, '+');
        }
        if (template.scientific) {
            return ofNumeric(new Finite(BigDecimal.valueOf(value)), shared);
        }
        long number = value;
        if (template.shifted) {
            double factor = LibM.POW.of(10, template.shift);
            if (Math.rint(factor) >= -(double) Long.MIN_VALUE) {
                throw Errors.outOfRange("bigint out of range");
            }
            try {
                number = Math.multiplyExact(value, (long) Math.rint(factor));
            } catch (ArithmeticException _) {
                throw Errors.outOfRange("bigint out of range");
            }
            template.whole += template.shift;
        }
        return ofDigits(Long.toString(number), template);
    }

    private static String ofDigits(String number, NumberTemplate template) {
        char sign = number.startsWith("-") ? '-' : '+';
        String digits = sign == '-' ? number.substring(1) : number;
        String text = template.fraction > 0 ? digits + "." + "0".repeat(template.fraction) : digits;
        return set(text, digits.length(), sign, template);
    }

    static String ofNumeric(Numeric value, NumberTemplate shared) {
        NumberTemplate template = shared.copy();
        if (template.roman) {
            long whole = NumericCasts.toInteger(NumericMath.round(value, 0), Integer.SIZE, "integer");
            return NumberWriter.write(template, roman((int) whole), 0, '+');
        }
        if (template.scientific) {
            return value instanceof Finite(BigDecimal number)
                    ? signSpace(scientific(number, template.fraction))
                    : noExponent(template);
        }
        Numeric shown = value;
        if (template.shifted) {
            shown = NumericMath.multiply(value, new Finite(BigDecimal.TEN.pow(template.shift)));
            template.whole += template.shift;
        }
        return ofText(NumericMath.round(shown, template.fraction).text(), template);
    }

    static String ofDouble(double value, NumberTemplate shared) {
        return ofFloat(value, DOUBLE_DIGITS, shared);
    }

    static String ofFloat(float value, NumberTemplate shared) {
        return ofFloat(value, FLOAT_DIGITS, shared);
    }

    private static String ofFloat(double value, int digits, NumberTemplate shared) {
        NumberTemplate template = shared.copy();
        if (template.roman) {
            double whole = Math.rint(value);
            boolean fits = whole >= Integer.MIN_VALUE && whole <= Integer.MAX_VALUE;
            return NumberWriter.write(template, roman(fits ? (int) whole : 0), 0, '+');
        }
        if (template.scientific) {
            return Double.isNaN(value) || Double.isInfinite(value)
                    ? noExponent(template)
                    : signSpace(scientific(value, template.fraction));
        }
        double shown = value;
        if (template.shifted) {
            double factor = LibM.POW.of(10, template.shift);
            shown = digits == FLOAT_DIGITS ? (float) value * (float) factor : value * factor;
            template.whole += template.shift;
        }
        int places = fixed(Math.abs(shown), 0).length();
        if (places >= digits) {
            template.fraction = 0;
        } else if (places + template.fraction > digits) {
            template.fraction = digits - places;
        }
        return ofText(fixed(shown, template.fraction), template);
    }

    private static String ofText(String number, NumberTemplate template) {
        char sign = number.startsWith("-") ? '-' : '+';
        String text = sign == '-' ? number.substring(1) : number;
        int point = text.indexOf('.');
        return set(text, point < 0 ? text.length() : point, sign, template);
    }

    private static String set(String number, int whole, char sign, NumberTemplate template) {
        if (whole <= template.whole) {
            return NumberWriter.write(template, number, template.whole - whole, sign);
        }
        String filled = "#".repeat(template.whole) + "." + "#".repeat(template.fraction);
        return NumberWriter.write(template, filled, 0, sign);
    }

    /// As C prints under `%.*f`.
    private static String fixed(double value, int digits) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        String text = new BigDecimal(value)
                .setScale(digits, RoundingMode.HALF_EVEN)
                .abs()
                .toPlainString();
        return (Double.doubleToRawLongBits(value) < 0 ? "-" : "") + text;
    }

    /// As C prints under `%.*e`.
    private static String scientific(double value, int digits) {
        if (value == 0) {
            String zero = digits > 0 ? "0." + "0".repeat(digits) : "0";
            return (Double.doubleToRawLongBits(value) < 0 ? "-" : "") + zero + "e+00";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        return withExponent(rounded.movePointLeft(exponent), digits, exponent);
    }

    /// A numeric is cut at its first digit before it is rounded.
    private static String scientific(BigDecimal value, int digits) {
        int exponent = value.signum() == 0 ? 0 : value.precision() - value.scale() - 1;
        return withExponent(value.movePointLeft(exponent), digits, exponent);
    }

    private static String withExponent(BigDecimal mantissa, int digits, int exponent) {
        return mantissa.setScale(digits, RoundingMode.HALF_UP).toPlainString()
                + String.format(Locale.ROOT, "e%+03d", exponent);
    }

    private static String signSpace(String number) {
        return number.startsWith("-") ? number : " " + number;
    }

    private static String noExponent(NumberTemplate template) {
        StringBuilder text = new StringBuilder("#".repeat(template.whole + template.fraction + 6));
        text.setCharAt(0, ' ');
        text.setCharAt(template.whole + 1, '.');
        return text.toString();
    }

    private static String roman(int number) {
        if (number > ROMAN_MAX || number < 1) {
            return "#".repeat(ROMAN_WIDTH);
        }
        return "M".repeat(number / 1000)
                + ROMAN_100[number / 100 % 10]
                + ROMAN_10[number / 10 % 10]
                + ROMAN_1[number % 10];
    }
}
