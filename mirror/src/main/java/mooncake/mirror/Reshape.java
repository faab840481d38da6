package mooncake.mirror;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import mooncake.model.Column;
import mooncake.model.ColumnBatch;
import mooncake.model.ColumnType;
import mooncake.model.ErrorCode;
import mooncake.model.MemoryBudget;
import mooncake.model.MooncakeException;
import mooncake.model.StoredValue;
import mooncake.model.TableSchema;

/// A table's change from one schema to the next, by field ids: columns that stay, that are gone, that
/// are new, and numbers that became wider. Rows in memory take part by sharing all memory that still
/// fits.
final class Reshape {
    private final TableSchema from;
    private final TableSchema to;

    /// For each next column the position of the one it was, -1 when it is new.
    private final int[] origin;

    /// The same, but -1 also for those that lie otherwise.
    private final int[] shared;

    private Reshape(TableSchema from, TableSchema to) {
        this.from = from;
        this.to = to;
        origin = new int[to.width()];
        shared = new int[to.width()];
        for (int i = 0; i < origin.length; i++) {
            origin[i] = position(from, to.column(i).fieldId());
            boolean same = origin[i] >= 0
                    && from.column(origin[i]).type().storage()
                            == to.column(i).type().storage();
            shared[i] = same ? origin[i] : -1;
        }
    }

    /// Checks that rows of the one schema can be seen as rows of the next.
    static Reshape of(String table, TableSchema from, TableSchema to) {
        Reshape reshape = new Reshape(from, to);
        if (from.identity() != to.identity()) {
            throw refused(table, "its rows are found by other means");
        }
        for (int i = 0; i < reshape.origin.length; i++) {
            if (reshape.origin[i] >= 0) {
                Column before = from.column(reshape.origin[i]);
                Column after = to.column(i);
                if (!isWidening(before.type(), after.type())) {
                    throw refused(
                            table,
                            "column \"" + after.name() + "\" became "
                                    + after.type().displayName() + " from "
                                    + before.type().displayName());
                }
            }
        }
        if (from.identity() == mooncake.model.Identity.KEY && !reshape.keepsKey()) {
            throw refused(table, "its key has other columns");
        }
        return reshape;
    }

    TableSchema from() {
        return from;
    }

    TableSchema to() {
        return to;
    }

    /// Whether every stored value of the one type is the same value of the other, in the same or in a
    /// wider storage.
    static boolean isWidening(ColumnType before, ColumnType after) {
        ColumnType from = before.base();
        ColumnType to = after.base();
        if (from.equals(to) || (isText(from) && isText(to))) {
            return true;
        }
        if (from instanceof ColumnType.Numeric narrow && to instanceof ColumnType.Numeric wide) {
            return narrow.scale() == wide.scale() && narrow.precision() <= wide.precision();
        }
        if (from instanceof ColumnType.Moment narrow && to instanceof ColumnType.Moment wide) {
            boolean finer = wide.typmod() < 0 || (narrow.typmod() >= 0 && narrow.typmod() <= wide.typmod());
            return narrow.kind() == wide.kind() && finer;
        }
        return isNumber(from) && isNumber(to) && Entries.canWiden(from.storage(), to.storage());
    }

    private static boolean isText(ColumnType type) {
        return type instanceof ColumnType.Varchar || type == ColumnType.Scalar.TEXT;
    }

    private static boolean isNumber(ColumnType type) {
        return type == ColumnType.Scalar.INT2
                || type == ColumnType.Scalar.INT4
                || type == ColumnType.Scalar.INT8
                || type == ColumnType.Scalar.FLOAT4
                || type == ColumnType.Scalar.FLOAT8;
    }

    /// Whether key columns lie in another storage than before.
    boolean widensKey() {
        for (int position : to.key()) {
            if (shared[position] < 0) {
                return true;
            }
        }
        return false;
    }

    /// Whether a row's identity, all its values, lost some of them or counts rows without a column
    /// otherwise.
    boolean losesValues() {
        for (Column column : from.columns()) {
            int position = position(to, column.fieldId());
            if (position < 0 || !sameInitial(column, to.column(position))) {
                return true;
            }
        }
        return false;
    }

    private static boolean sameInitial(Column before, Column after) {
        StoredValue first = before.initial();
        StoredValue second = after.initial();
        boolean converted = before.type().storage() != after.type().storage() && first != null && second != null;
        return converted || Objects.equals(first, second);
    }

    /// The rows of a batch in the next shape; the caller holds it. Nothing may be appended to either
    /// batch after.
    ColumnBatch apply(ColumnBatch batch, int rows, MemoryBudget budget) {
        ColumnBatch next = ColumnBatch.derived(to, rows, budget, batch, shared);
        boolean filled = false;
        try {
            for (int i = 0; i < origin.length; i++) {
                if (origin[i] < 0) {
                    fill(next, i, rows);
                } else if (shared[i] < 0) {
                    widen(batch, next, i, rows);
                }
            }
            filled = true;
        } finally {
            if (!filled) {
                next.release();
            }
        }
        return next;
    }

    private void fill(ColumnBatch next, int column, int rows) {
        StoredValue initial = to.column(column).initial();
        if (initial == null) {
            return;
        }
        int width = to.column(column).type().storage().width();
        MemorySegment data = next.data(column);
        Entries.put(initial.bytes(), to.column(column).type().storage(), data, 0, next::allocateBytes);
        for (int row = 1; row < rows; row++) {
            MemorySegment.copy(data, 0, data, (long) row * width, width);
        }
        MemorySegment validity = next.validity(column);
        for (int row = 0; row < rows; row += 64) {
            validity.set(JAVA_LONG, row / 8, rows - row >= 64 ? -1L : (1L << (rows - row)) - 1);
        }
    }

    private void widen(ColumnBatch batch, ColumnBatch next, int column, int rows) {
        int before = origin[column];
        for (int row = 0; row < rows; row++) {
            Entries.widen(
                    from.column(before).type().storage(),
                    batch.data(before),
                    row,
                    to.column(column).type().storage(),
                    next.data(column),
                    row);
        }
        MemorySegment.copy(batch.validity(before), 0, next.validity(column), 0, (rows + 63L) / 64 * 8);
    }

    private boolean keepsKey() {
        if (from.key().size() != to.key().size()) {
            return false;
        }
        for (int i = 0; i < to.key().size(); i++) {
            if (origin[to.key().get(i)] != from.key().get(i)) {
                return false;
            }
        }
        return true;
    }

    private static int position(TableSchema schema, int fieldId) {
        for (int i = 0; i < schema.width(); i++) {
            if (schema.column(i).fieldId() == fieldId) {
                return i;
            }
        }
        return -1;
    }

    private static MooncakeException refused(String table, String why) {
        return new MooncakeException(
                ErrorCode.NOT_IN_PLACE, "\"" + table + "\" has changed in a way that needs a new copy: " + why);
    }
}
