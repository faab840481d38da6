package mooncake.mirror.filter;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import mooncake.mirror.filter.Constant.DecimalValue;
import org.jspecify.annotations.Nullable;

/// What a literal means beside a column, by Postgres' rules of type resolution. An
/// [IllegalArgumentException] says why it is refused.
final class Constants {
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?");
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private Constants() {}

    /// The constant to compare a column of type `stored` with, seen as a `kind`; null for NULL.
    static @Nullable Constant of(ValueKind stored, ValueKind kind, Literal literal) {
        return switch (literal) {
            case Literal.Null _ -> null;
            case Literal.Bool bool -> {
                require(kind == ValueKind.BOOL && isOf(bool.cast(), kind), "a boolean beside " + kind.sqlName());
                yield new Constant.Flag(bool.value());
            }
            case Literal.Text text -> text(stored, kind, text);
            case Literal.Digits number -> number(stored, kind, number);
        };
    }

    private static Constant number(ValueKind stored, ValueKind kind, Literal.Digits number) {
        BigDecimal value = new BigDecimal(number.text());
        ValueKind cast = number.cast();
        if (cast == null) {
            require(kind.isExactNumber() || kind.isFloat(), "a number beside " + kind.sqlName());
            return kind.isFloat() ? real(kind, value) : decimal(stored, DecimalValue.of(value));
        }
        require(cast.isExactNumber() || cast.isFloat(), "a number as " + cast.sqlName());
        if (cast.isInteger()) {
            require(value.stripTrailingZeros().scale() <= 0, "the fraction of " + number.text());
            checkRange(value.abs().toBigInteger(), cast, number.text());
        }
        if (kind.isExactNumber() && cast.isExactNumber()) {
            return decimal(stored, DecimalValue.of(value));
        }
        require(kind.isFloat(), cast.sqlName() + " beside " + kind.sqlName());
        return cast.isFloat() ? new Constant.Real(real(cast, number.text())) : real(kind, value);
    }

    /// A number beside a float, which then is a double; or beside a single one in a list a single one:
    /// both must agree.
    private static Constant real(ValueKind kind, BigDecimal value) {
        double number = real(ValueKind.FLOAT8, value.toString());
        boolean exact = (float) number == number && new BigDecimal(number).compareTo(value) == 0;
        require(
                kind == ValueKind.FLOAT8 || exact,
                value + " is not exactly a real; write it in quotes or cast it to double precision");
        return new Constant.Real(number);
    }

    private static Constant text(ValueKind stored, ValueKind kind, Literal.Text literal) {
        ValueKind as = literal.cast() == null ? kind : literal.cast();
        String text = literal.text();
        boolean numbers = kind.isExactNumber() && as.isExactNumber();
        boolean floats = kind.isFloat() && as.isFloat();
        boolean texts = kind.isText() && as.isText();
        require(as == kind || numbers || floats || texts, as.sqlName() + " beside " + kind.sqlName());
        return switch (as) {
            case INT2, INT4, INT8 -> {
                require(INTEGER.matcher(text.strip()).matches(), "the " + as.sqlName() + " '" + text + "'");
                BigInteger value = new BigInteger(text.strip());
                checkRange(value, as, text);
                yield decimal(stored, DecimalValue.of(new BigDecimal(value)));
            }
            case NUMERIC -> decimal(stored, decimalValue(text.strip()));
            case FLOAT4, FLOAT8 -> new Constant.Real(real(as, text.strip()));
            case TEXT, VARCHAR -> new Constant.Bytes(text.getBytes(StandardCharsets.UTF_8));
            case BOOL -> new Constant.Flag(bool(text.strip().toLowerCase(Locale.ROOT)));
            case DATE -> new Constant.Instant(Moments.date(text.strip()));
            case TIMESTAMP -> new Constant.Instant(Moments.timestamp(text.strip(), false));
            case TIMESTAMPTZ -> new Constant.Instant(Moments.timestamp(text.strip(), true));
            case UUID -> uuid(text);
        };
    }

    private static Constant decimal(ValueKind stored, DecimalValue value) {
        boolean numeric = stored == ValueKind.NUMERIC;
        if (!numeric
                && value.beyond() == 0
                && value.finite().stripTrailingZeros().scale() <= 0) {
            BigInteger whole = value.finite().toBigInteger();
            if (whole.bitLength() < 64) {
                return new Constant.Whole(whole.longValueExact());
            }
        }
        return new Constant.Decimal(value, numeric);
    }

    private static DecimalValue decimalValue(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan" -> DecimalValue.NAN;
            case "infinity", "+infinity", "inf", "+inf" -> DecimalValue.INFINITY;
            case "-infinity", "-inf" -> DecimalValue.NEGATIVE_INFINITY;
            default -> {
                require(DECIMAL.matcher(text).matches(), "the numeric '" + text + "'");
                yield DecimalValue.of(new BigDecimal(text));
            }
        };
    }

    private static double real(ValueKind kind, String text) {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "nan" -> {
                return Double.NaN;
            }
            case "infinity", "+infinity", "inf", "+inf" -> {
                return Double.POSITIVE_INFINITY;
            }
            case "-infinity", "-inf" -> {
                return Double.NEGATIVE_INFINITY;
            }
            default -> require(DECIMAL.matcher(text).matches(), "the " + kind.sqlName() + " '" + text + "'");
        }
        double value = kind == ValueKind.FLOAT4 ? Float.parseFloat(text) : Double.parseDouble(text);
        boolean lost = Double.isInfinite(value) || (value == 0 && new BigDecimal(text).signum() != 0);
        require(!lost, text + " is out of range for " + kind.sqlName());
        return value;
    }

    private static boolean bool(String text) {
        return switch (text) {
            case "t", "true", "y", "yes", "on", "1" -> true;
            case "f", "false", "n", "no", "off", "0" -> false;
            default -> throw new IllegalArgumentException("the boolean '" + text + "'");
        };
    }

    private static Constant uuid(String text) {
        require(UUID_TEXT.matcher(text).matches(), "the uuid '" + text + "'");
        UUID uuid = UUID.fromString(text);
        return new Constant.Bytes(ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array());
    }

    private static void checkRange(BigInteger value, ValueKind kind, String text) {
        int bits = kind == ValueKind.INT2 ? 15 : kind == ValueKind.INT4 ? 31 : 63;
        require(value.bitLength() <= bits, text + " is out of range for " + kind.sqlName());
    }

    private static boolean isOf(@Nullable ValueKind cast, ValueKind kind) {
        return cast == null || cast == kind;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise + " is not supported");
        }
    }
}
