package mooncake.mirror.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/// The shortest decimal that reads back as the same number, laid out as Postgres does.
final class FloatText {
    private static final int FIXED_EXPONENT_MIN = -4;
    private static final int FLOAT4_EXPONENT_END = 6;
    private static final int FLOAT8_EXPONENT_END = 15;

    private FloatText() {}

    static void put(float value, TextBuffer out) {
        if (!special(value, out)) {
            Shortest shortest = Shortest.of(Float.toString(Math.abs(value)));
            shortest = shortest.atMostOneDigit(text -> Float.parseFloat(text) == Math.abs(value));
            float size = Math.abs(value);
            shortest = shortest.within(size, Math.nextDown(size), Math.nextUp(size), FLOAT4_EXPONENT_END);
            shortest.put(FLOAT4_EXPONENT_END, out);
        }
    }

    static void put(double value, TextBuffer out) {
        if (!special(value, out)) {
            Shortest shortest = Shortest.of(Double.toString(Math.abs(value)));
            shortest = shortest.atMostOneDigit(text -> Double.parseDouble(text) == Math.abs(value));
            double size = Math.abs(value);
            shortest = shortest.within(size, Math.nextDown(size), Math.nextUp(size), FLOAT8_EXPONENT_END);
            shortest.put(FLOAT8_EXPONENT_END, out);
        }
    }

    /// Writes the sign, and all of a value that is no number other than zero.
    private static boolean special(double value, TextBuffer out) {
        if (Double.isNaN(value)) {
            out.put("NaN");
            return true;
        }
        if (Double.doubleToRawLongBits(value) < 0) {
            out.put('-');
        }
        if (Double.isInfinite(value)) {
            out.put("Infinity");
            return true;
        }
        if (value == 0) {
            out.put('0');
            return true;
        }
        return false;
    }

    /// @param digits without zeros at either end
    /// @param exponent of the first digit
    private record Shortest(String digits, int exponent) {
        /// Reads what Java prints, for example `12.5` or `4.9E-324`.
        static Shortest of(String text) {
            int mark = text.indexOf('E');
            String mantissa = mark < 0 ? text : text.substring(0, mark);
            int exponent = mark < 0 ? 0 : Integer.parseInt(text.substring(mark + 1));
            int point = mantissa.indexOf('.');
            String all = mantissa.substring(0, point) + mantissa.substring(point + 1);
            int first = 0;
            while (all.charAt(first) == '0') {
                first++;
            }
            int last = all.length();
            while (all.charAt(last - 1) == '0') {
                last--;
            }
            return new Shortest(all.substring(first, last), exponent + point - 1 - first);
        }

        /// Java prints two digits where one is enough.
        Shortest atMostOneDigit(java.util.function.Predicate<String> same) {
            if (digits.length() != 2) {
                return this;
            }
            int low = digits.charAt(0) - '0';
            int nearest = digits.charAt(1) >= '5' ? low + 1 : low;
            if (nearest < 10 && same.test(nearest + "E" + exponent)) {
                return new Shortest(Integer.toString(nearest), exponent);
            }
            return this;
        }

        /// Postgres takes no decimal that lies in the middle between two numbers, though it would be read as this one.
        /// Only large numbers have such a neighbour of few digits.
        Shortest within(double value, double below, double above, int exponentEnd) {
            if ((exponent < exponentEnd && digits.length() <= exponentEnd) || Double.isInfinite(above)) {
                return this;
            }
            BigDecimal exact = new BigDecimal(value);
            BigDecimal low = exact.add(new BigDecimal(below));
            BigDecimal high = exact.add(new BigDecimal(above));
            Shortest found = this;
            while (found.isHalf(low) || found.isHalf(high)) {
                BigDecimal longer = exact.round(new MathContext(found.digits.length() + 1));
                String all = longer.unscaledValue().toString();
                found = new Shortest(all, all.length() - 1 - longer.scale());
            }
            return found.digits.equals(digits)
                    ? this
                    : of(found.digits.charAt(0) + "." + found.digits.substring(1) + "E" + found.exponent);
        }

        private boolean isHalf(BigDecimal whole) {
            BigDecimal value = new BigDecimal(new BigInteger(digits)).scaleByPowerOfTen(exponent - digits.length() + 1);
            return value.multiply(BigDecimal.TWO).compareTo(whole) == 0;
        }

        void put(int exponentEnd, TextBuffer out) {
            if (exponent < FIXED_EXPONENT_MIN || exponent >= exponentEnd) {
                scientific(out);
            } else if (exponent < 0) {
                out.put("0.");
                out.put("0".repeat(-exponent - 1));
                out.put(digits);
            } else if (digits.length() <= exponent + 1) {
                out.put(digits);
                out.put("0".repeat(exponent + 1 - digits.length()));
            } else {
                out.put(digits.substring(0, exponent + 1));
                out.put('.');
                out.put(digits.substring(exponent + 1));
            }
        }

        private void scientific(TextBuffer out) {
            out.put(digits.charAt(0));
            if (digits.length() > 1) {
                out.put('.');
                out.put(digits.substring(1));
            }
            out.put('e');
            out.put(exponent < 0 ? '-' : '+');
            out.putPadded(Math.abs(exponent), 2);
        }
    }
}
