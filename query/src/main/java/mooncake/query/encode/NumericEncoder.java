package mooncake.query.encode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import mooncake.duckdb.DuckType;
import mooncake.duckdb.DuckVector;
import mooncake.query.frame.ColumnBuffer;

/// Numerics in Postgres' on-disk form (`NumericData` in src/backend/utils/adt/numeric.c): base-10000 digits behind a
/// short or long header. Integers have display scale 0, decimals their type's scale, texts the scale they show.
final class NumericEncoder implements ColumnEncoder {
    private static final int GROUPS_MAX = 16;

    private final DuckType type;
    private final short[] groups = new short[GROUPS_MAX];

    NumericEncoder(DuckType type) {
        this.type = type;
    }

    @Override
    public void append(DuckVector vector, int from, int count, ColumnBuffer out, int firstRow) {
        long at = out.appendRows(count);
        for (int i = 0; i < count; i++) {
            if (vector.isValid(from + i)) {
                put(vector, from + i, out, at + 4L * i);
            } else {
                out.setNull(firstRow + i);
            }
        }
    }

    private void put(DuckVector vector, int row, ColumnBuffer out, long at) {
        switch (type.id()) {
            case VARCHAR -> putText(vector.getString(row), out, at);
            case DECIMAL -> {
                switch (type.entryBytes()) {
                    case 2 -> putLong(vector.getShort(row), type.scale(), out, at);
                    case 4 -> putLong(vector.getInt(row), type.scale(), out, at);
                    case 8 -> putLong(vector.getLong(row), type.scale(), out, at);
                    default -> putWide(vector, row, type.scale(), out, at);
                }
            }
            case HUGEINT -> putWide(vector, row, 0, out, at);
            default -> putLong(FixedEncoders.integer(vector, type, row), 0, out, at);
        }
    }

    private void putWide(DuckVector vector, int row, int scale, ColumnBuffer out, long at) {
        long low = vector.getLow(row);
        long high = vector.getHigh(row);
        if (high == low >> 63) {
            putLong(low, scale, out, at);
            return;
        }
        BigInteger unscaled = BigInteger.valueOf(high)
                .shiftLeft(64)
                .or(BigInteger.valueOf(low).and(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE)));
        putText(new BigDecimal(unscaled, scale).toPlainString(), out, at);
    }

    private void putLong(long unscaled, int scale, ColumnBuffer out, long at) {
        int fractionGroups = (scale + 3) / 4;
        int used = 0;
        long rest = unscaled;
        int partial = scale % 4;
        if (partial != 0) {
            int power = partial == 1 ? 10 : partial == 2 ? 100 : 1000;
            groups[used++] = (short) (Math.abs(rest % power) * (10_000 / power));
            rest /= power;
        }
        while (rest != 0 || used < fractionGroups) {
            groups[used++] = (short) Math.abs(rest % 10_000);
            rest /= 10_000;
        }
        putGroups(unscaled < 0, used, used - 1 - fractionGroups, scale, out, at);
    }

    /// Writes `groups[used - 1]` down to `groups[0]` without zeros at either end.
    private void putGroups(boolean negative, int used, int firstWeight, int scale, ColumnBuffer out, long at) {
        int top = used;
        int weight = firstWeight;
        while (top > 0 && groups[top - 1] == 0) {
            top--;
            weight--;
        }
        int bottom = 0;
        while (bottom < top && groups[bottom] == 0) {
            bottom++;
        }
        int count = top - bottom;
        NumericHeader header = new NumericHeader(negative && count > 0, count == 0 ? 0 : weight, scale);
        long data = out.place(at, header.bytes() + 2L * count);
        MemorySegment heap = out.heap();
        data = header.write(heap, data);
        for (int i = top - 1; i >= bottom; i--) {
            heap.set(ValueLayout.JAVA_SHORT_UNALIGNED, data, groups[i]);
            data += 2;
        }
    }

    /// Any numeric in Postgres' text form.
    private static void putText(String text, ColumnBuffer out, long at) {
        NumericText.Parsed parsed = NumericText.parse(text);
        switch (parsed) {
            case NumericText.Special special -> {
                long data = out.place(at, 2);
                out.heap().set(ValueLayout.JAVA_SHORT_UNALIGNED, data, special.header());
            }
            case NumericText.Finite finite -> {
                NumericHeader header = new NumericHeader(finite.negative(), finite.weight(), finite.scale());
                long data = out.place(at, header.bytes() + 2L * finite.groups().size());
                data = header.write(out.heap(), data);
                for (short group : finite.groups()) {
                    out.heap().set(ValueLayout.JAVA_SHORT_UNALIGNED, data, group);
                    data += 2;
                }
            }
        }
    }
}
