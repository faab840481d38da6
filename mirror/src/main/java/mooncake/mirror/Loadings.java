package mooncake.mirror;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import mooncake.mirror.ColumnLoader.Form;
import mooncake.mirror.ColumnLoader.Loading;
import mooncake.mirror.ColumnLoader.Values;
import mooncake.mirror.ColumnWriter.Refusal;
import mooncake.model.Column;
import mooncake.model.ColumnType;

/// The loops of [ColumnLoader]: short ways for common types, and the way over the send format for all others.
final class Loadings {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int VARLENA_HEADER = 4;

    private Loadings() {}

    static Loading of(String table, Column column, Form form, int width) {
        ColumnType type = column.type().base();
        ColumnWriter writer = ColumnWriter.of(table, column);
        int entry = type.storage().width();
        return switch (form) {
            case FIXED -> fixed(type, new Refusal(table, column), writer, width);
            case VARLENA -> type.oid() == ColumnType.Numeric.OID ? numeric(writer, entry) : variable(writer, entry);
            case SENT -> variable(writer, entry);
        };
    }

    private static Loading fixed(ColumnType type, Refusal refusal, ColumnWriter writer, int width) {
        return switch (type) {
            case ColumnType.Scalar scalar ->
                switch (scalar) {
                    case BOOL, INT2, INT4, INT8, FLOAT4, FLOAT8, MONEY -> ColumnLoader.copy(scalar.storage());
                    case DATE -> dates(refusal);
                    case UUID -> uuids();
                    case BYTEA, TEXT, JSON, JSONB -> throw new IllegalStateException(scalar + " of fixed width");
                };
            case ColumnType.Unsigned _ -> unsigned();
            case ColumnType.Moment moment ->
                switch (moment.kind()) {
                    case TIME -> ColumnLoader.copy(moment.storage());
                    case TIMESTAMP, TIMESTAMPTZ -> timestamps(refusal);
                };
            case ColumnType.Numeric _,
                    ColumnType.Varchar _,
                    ColumnType.Bpchar _,
                    ColumnType.Textual _,
                    ColumnType.Opaque _,
                    ColumnType.Domain _ ->
                reversed(writer, width, type.storage().width());
        };
    }

    private static int int32(Values values, int row) {
        return (int) INT.get(values.bytes(), values.origin() + values.data() + 4 * row);
    }

    private static long int64(Values values, int row) {
        return (long) LONG.get(values.bytes(), values.origin() + values.data() + 8 * row);
    }

    private static Loading dates(Refusal refusal) {
        return (values, data, row, _) -> {
            for (int i = 0; i < values.rows(); i++) {
                if (!values.isNull(i)) {
                    data.set(JAVA_INT, (row + i) * 4, FixedWriters.epochDays(int32(values, i), refusal));
                }
            }
        };
    }

    private static Loading timestamps(Refusal refusal) {
        return (values, data, row, _) -> {
            for (int i = 0; i < values.rows(); i++) {
                if (!values.isNull(i)) {
                    data.set(JAVA_LONG, (row + i) * 8, FixedWriters.epochMicros(int64(values, i), refusal));
                }
            }
        };
    }

    private static Loading unsigned() {
        return (values, data, row, _) -> {
            for (int i = 0; i < values.rows(); i++) {
                data.set(JAVA_LONG, (row + i) * 8, int32(values, i) & 0xffffffffL);
            }
        };
    }

    /// A UUID's bytes are in the order in which they are shown.
    private static Loading uuids() {
        return (values, data, row, _) -> {
            for (int i = 0; i < values.rows(); i++) {
                long high = Long.reverseBytes(int64(values, 2 * i));
                data.set(JAVA_LONG, (row + i) * 16, Long.reverseBytes(int64(values, 2 * i + 1)));
                data.set(JAVA_LONG, (row + i) * 16 + 8, high ^ Long.MIN_VALUE);
            }
        };
    }

    /// The send format of a number is its bytes in the other order.
    private static Loading reversed(ColumnWriter writer, int width, int entry) {
        byte[] sent = new byte[width];
        return (values, data, row, heap) -> {
            for (int i = 0; i < values.rows(); i++) {
                if (!values.isNull(i)) {
                    int from = values.origin() + values.data() + i * width;
                    for (int b = 0; b < width; b++) {
                        sent[width - 1 - b] = values.bytes()[from + b];
                    }
                    writer.write(sent, 0, width, data, (row + i) * entry, heap);
                }
            }
        };
    }

    /// Texts and bytes are the same in memory and when they are sent.
    private static Loading variable(ColumnWriter writer, int entry) {
        return (values, data, row, heap) -> {
            for (int i = 0; i < values.rows(); i++) {
                if (!values.isNull(i)) {
                    int at = place(values, i);
                    writer.write(values.bytes(), at, length(values, at), data, (row + i) * entry, heap);
                }
            }
        };
    }

    private static Loading numeric(ColumnWriter writer, int entry) {
        SentNumeric sent = new SentNumeric();
        return (values, data, row, heap) -> {
            for (int i = 0; i < values.rows(); i++) {
                if (!values.isNull(i)) {
                    int at = place(values, i);
                    int length = sent.convert(values.bytes(), at, length(values, at));
                    writer.write(sent.bytes(), 0, length, data, (row + i) * entry, heap);
                }
            }
        };
    }

    /// Where a value's bytes are in the frame.
    private static int place(Values values, int row) {
        return values.origin() + int32(values, row) + VARLENA_HEADER;
    }

    /// Their number, from the header before them.
    private static int length(Values values, int place) {
        return ((int) INT.get(values.bytes(), place - VARLENA_HEADER) >>> 2) - VARLENA_HEADER;
    }
}
