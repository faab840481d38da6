package mooncake.mirror;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import mooncake.model.ColumnType;
import mooncake.model.TableSchema;
import mooncake.model.Tuple;
import org.jspecify.annotations.Nullable;

/// Rows of Java values in Postgres' binary send format.
final class Encoder {
    /// Stands for a TOASTed value that an UPDATE did not touch.
    static final Object UNCHANGED = new Object();

    private Encoder() {}

    static Tuple tuple(TableSchema schema, List<@Nullable Object> values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int[] offsets = new int[values.size()];
        int[] lengths = new int[values.size()];
        bytes.write(0x55);
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = bytes.size();
            Object value = values.get(i);
            if (value == null) {
                lengths[i] = Tuple.NULL;
            } else if (value.equals(UNCHANGED)) {
                lengths[i] = Tuple.UNCHANGED;
            } else {
                byte[] encoded = value(schema.column(i).type(), value);
                bytes.writeBytes(encoded);
                lengths[i] = encoded.length;
            }
        }
        return new Tuple(bytes.toByteArray(), offsets, lengths, offsets.length);
    }

    static byte[] value(ColumnType type, Object value) {
        return switch (value) {
            case byte[] raw -> raw;
            case Boolean bool -> new byte[] {(byte) (bool ? 1 : 0)};
            case Short number -> ByteBuffer.allocate(2).putShort(number).array();
            case Integer number -> ByteBuffer.allocate(4).putInt(number).array();
            case Long number -> ByteBuffer.allocate(8).putLong(number).array();
            case Float number -> ByteBuffer.allocate(4).putFloat(number).array();
            case Double number -> ByteBuffer.allocate(8).putDouble(number).array();
            case BigDecimal number -> numeric(number);
            case UUID uuid ->
                ByteBuffer.allocate(16)
                        .putLong(uuid.getMostSignificantBits())
                        .putLong(uuid.getLeastSignificantBits())
                        .array();
            case String text ->
                (type == ColumnType.Scalar.JSONB ? "\u0001" + text : text).getBytes(StandardCharsets.UTF_8);
            default -> throw new IllegalArgumentException(String.valueOf(value));
        };
    }

    /// As numeric_send writes it: base-10000 digits without leading and trailing zero groups.
    static byte[] numeric(BigDecimal value) {
        int scale = Math.max(0, value.scale());
        int groups = (scale + 3) / 4;
        BigInteger rest = value.abs().setScale(groups * 4).unscaledValue();
        Deque<Short> digits = new ArrayDeque<>();
        BigInteger base = BigInteger.valueOf(10_000);
        int weight = -groups - 1;
        while (rest.signum() != 0) {
            BigInteger[] divided = rest.divideAndRemainder(base);
            digits.addFirst(divided[1].shortValue());
            rest = divided[0];
            weight++;
        }
        while (!digits.isEmpty() && digits.getLast() == 0) {
            digits.removeLast();
        }
        ByteBuffer buffer = ByteBuffer.allocate(8 + 2 * digits.size());
        buffer.putShort((short) digits.size()).putShort((short) (digits.isEmpty() ? 0 : weight));
        buffer.putShort((short) (value.signum() < 0 ? 0x4000 : 0)).putShort((short) scale);
        digits.forEach(buffer::putShort);
        return buffer.array();
    }
}
