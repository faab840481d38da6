package mooncake.query.exact;

import java.math.BigDecimal;
import mooncake.query.exact.Numeric.Finite;
import mooncake.query.exact.Numeric.Special;

/// Bytes whose order is the order of numerics, and which are equal for equal numbers of different scale.
///
/// A class byte, then for numbers the place of the first digit in three bytes and the digits in pairs, each one more
/// than the pair's value. Negative numbers have the complement of that and a last byte above all pairs, so that longer
/// ones come first.
final class NumericKey {
    private static final int CLASS_NEGATIVE_INFINITY = 0;
    private static final int CLASS_NEGATIVE = 1;
    private static final int CLASS_ZERO = 2;
    private static final int CLASS_POSITIVE = 3;
    private static final int CLASS_INFINITY = 4;
    private static final int CLASS_NAN = 5;

    /// Makes the place of the first digit positive.
    private static final int PLACE_BIAS = 1 << 20;

    private static final int HEAD = 4;

    private NumericKey() {}

    static byte[] of(Numeric numeric) {
        return switch (numeric) {
            case Special.NAN -> new byte[] {CLASS_NAN};
            case Special.INFINITY -> new byte[] {CLASS_INFINITY};
            case Special.NEGATIVE_INFINITY -> new byte[] {CLASS_NEGATIVE_INFINITY};
            case Finite(BigDecimal value) ->
                value.signum() == 0 ? new byte[] {CLASS_ZERO} : of(value, value.signum() < 0);
        };
    }

    private static byte[] of(BigDecimal value, boolean negative) {
        String digits = value.unscaledValue().abs().toString();
        int place = digits.length() - value.scale() + PLACE_BIAS;
        int used = digits.length();
        while (digits.charAt(used - 1) == '0') {
            used--;
        }
        int pairs = (used + 1) / 2;
        byte[] key = new byte[HEAD + pairs + (negative ? 1 : 0)];
        int flip = negative ? 0xff : 0;
        key[0] = (byte) (negative ? CLASS_NEGATIVE : CLASS_POSITIVE);
        key[1] = (byte) (place >> 16 ^ flip);
        key[2] = (byte) (place >> 8 ^ flip);
        key[3] = (byte) (place ^ flip);
        for (int i = 0; i < pairs; i++) {
            int high = digits.charAt(2 * i) - '0';
            int low = 2 * i + 1 < used ? digits.charAt(2 * i + 1) - '0' : 0;
            key[HEAD + i] = (byte) (high * 10 + low + 1 ^ flip);
        }
        if (negative) {
            key[HEAD + pairs] = (byte) 0xff;
        }
        return key;
    }
}
