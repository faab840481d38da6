package mooncake.lake;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import mooncake.model.Column;
import mooncake.model.StoredValue;
import org.apache.iceberg.SingleValueParser;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.DecimalType;

/// What rows without a column have in it ([Column#initial]), as Iceberg's default of the column.
final class InitialDefault {
    private InitialDefault() {}

    /// Empty for null, and for a value that Iceberg's metadata cannot say, such as NaN.
    static Optional<Literal<?>> of(Column column, Type type) {
        StoredValue initial = column.initial();
        if (initial == null) {
            return Optional.empty();
        }
        Literal<?> literal = literal(initial.bytes(), type).to(type);
        return survives(literal, type) ? Optional.of(literal) : Optional.empty();
    }

    /// Whether a column either has no such value or one that Iceberg can say.
    static boolean canSay(Column column, Type type) {
        return column.initial() == null || of(column, type).isPresent();
    }

    private static Literal<?> literal(byte[] bytes, Type type) {
        return switch (type.typeId()) {
            case BOOLEAN -> Literal.of(bytes[0] != 0);
            case INTEGER, DATE -> Literal.of(integer(bytes).intValueExact());
            case LONG, TIME, TIMESTAMP -> Literal.of(integer(bytes).longValueExact());
            case FLOAT -> Literal.of(little(bytes).getFloat());
            case DOUBLE ->
                Literal.of(
                        bytes.length == Float.BYTES
                                ? little(bytes).getFloat()
                                : little(bytes).getDouble());
            case DECIMAL -> Literal.of(new BigDecimal(integer(bytes), ((DecimalType) type).scale()));
            case UUID -> {
                ByteBuffer words = little(bytes);
                long low = words.getLong();
                yield Literal.of(new UUID(words.getLong() ^ Long.MIN_VALUE, low));
            }
            case BINARY -> Literal.of(bytes);
            default -> Literal.of(new String(bytes, StandardCharsets.UTF_8));
        };
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static BigInteger integer(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[bytes.length - 1 - i] = bytes[i];
        }
        return new BigInteger(reversed);
    }

    /// Whether metadata that is written and read again still has the value.
    private static boolean survives(Literal<?> literal, Type type) {
        try {
            Object read = SingleValueParser.fromJson(type, SingleValueParser.toJson(type, literal.value()));
            return literal.value().toString().contentEquals(String.valueOf(read))
                    || literal.value().equals(read);
        } catch (RuntimeException e) {
            return false;
        }
    }
}
