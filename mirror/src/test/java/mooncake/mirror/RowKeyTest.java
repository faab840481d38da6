package mooncake.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.ColumnType.Bpchar;
import mooncake.model.ColumnType.Numeric;
import mooncake.model.ColumnType.Scalar;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowKeyTest {
    private record Key(long low, long high) {}

    private static Key key(RowKey rowKey, List<? extends ColumnType> types, Object... values) {
        MemorySegment[] data = new MemorySegment[values.length];
        for (int i = 0; i < values.length; i++) {
            data[i] = Arena.global().allocate(16, 16);
            byte[] bytes = Encoder.value(types.get(i), values[i]);
            ColumnWriter.of("t", new Column(i + 1, "c" + i, types.get(i), true))
                    .write(bytes, 0, bytes.length, data[i], 0, Arena.global()::allocate);
        }
        rowKey.read(data, new @Nullable MemorySegment[values.length], 0);
        return new Key(rowKey.low(), rowKey.high());
    }

    private static RowKey rowKey(List<? extends ColumnType> types) {
        List<Column> columns = IntStream.range(0, types.size())
                .mapToObj(i -> new Column(i + 1, "c" + i, types.get(i), true))
                .toList();
        List<Integer> all = IntStream.range(0, types.size()).boxed().toList();
        return new RowKey(new TableSchema(columns, all), RowKey.Secret.drawn(new SplittableRandom()));
    }

    @Test
    void narrowKeysAreTheirOwnBytes() {
        List<Scalar> types = List.of(Scalar.INT4, Scalar.INT8, Scalar.INT2, Scalar.BOOL);
        RowKey rowKey = rowKey(types);
        assertThat(rowKey.isExact()).isTrue();
        assertThat(key(rowKey, types, 0x01020304, 0x1112131415161718L, (short) 0x2122, true))
                .isEqualTo(new Key(0x1516171801020304L, 0x0001212211121314L));
        assertThat(rowKey(List.of(Scalar.UUID)).isExact()).isTrue();
        assertThat(rowKey(List.of(Scalar.UUID, Scalar.BOOL)).isExact()).isFalse();
        assertThat(rowKey(List.of(Scalar.TEXT)).isExact()).isFalse();
    }

    @Test
    void blanksAtTheEndOfBpcharDoNotCount() {
        List<ColumnType> types = List.of(new Bpchar(24), Scalar.TEXT);
        RowKey rowKey = rowKey(types);
        Key padded = key(rowKey, types, "ab          " + "  ", "x");
        assertThat(key(rowKey, types, "ab", "x")).isEqualTo(padded);
        assertThat(key(rowKey, types, " ab", "x")).isNotEqualTo(padded);
        assertThat(key(rowKey, types, "ab", "x ")).isNotEqualTo(padded);
        assertThat(key(rowKey, types, "", "x")).isEqualTo(key(rowKey, types, "   ", "x"));
    }

    @Test
    void equalFloatsAreOneKey() {
        for (ColumnType second : List.of(Scalar.INT4, Scalar.TEXT)) {
            List<ColumnType> types = List.of(Scalar.FLOAT8, second, Scalar.FLOAT4);
            RowKey rowKey = rowKey(types);
            Object other = second == Scalar.INT4 ? 1 : "a";
            assertThat(key(rowKey, types, -0.0, other, -0.0f)).isEqualTo(key(rowKey, types, 0.0, other, 0.0f));
            double oddNan = Double.longBitsToDouble(0xfff8000000000001L);
            float oddNanFloat = Float.intBitsToFloat(0xffc00001);
            assertThat(key(rowKey, types, oddNan, other, oddNanFloat))
                    .isEqualTo(key(rowKey, types, Double.NaN, other, Float.NaN));
            assertThat(key(rowKey, types, 1.0, other, 0f)).isNotEqualTo(key(rowKey, types, 0.0, other, 1f));
        }
    }

    @Test
    void differentKeysDiffer() {
        List<List<? extends ColumnType>> all = List.of(
                List.of(Scalar.TEXT, Scalar.TEXT),
                List.of(new Numeric(30, 2), Scalar.UUID),
                List.of(Scalar.BYTEA, Scalar.INT8));
        for (List<? extends ColumnType> types : all) {
            RowKey rowKey = rowKey(types);
            Map<Key, List<Object>> seen = new HashMap<>();
            for (int a = 0; a < 60; a++) {
                for (int b = 0; b < 60; b++) {
                    List<Object> values = new ArrayList<>();
                    values.add(types.get(0) instanceof Numeric ? new BigDecimal(a) : "x".repeat(a));
                    values.add(
                            switch (types.get(1)) {
                                case Scalar s when s == Scalar.UUID -> new UUID(b, a);
                                case Scalar s when s == Scalar.INT8 -> (long) b;
                                default -> "x".repeat(b);
                            });
                    assertThat(seen.put(key(rowKey, types, values.toArray()), values))
                            .as("the same key as %s", values)
                            .isNull();
                }
            }
        }
    }
}
