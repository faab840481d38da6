package mooncake.duckdb;

import java.lang.foreign.MemorySegment;
import java.util.List;
import mooncake.model.Deletes;

/// The scalar function `keep(handle, file_index, file_row_number)`: whether a row of a view's data file
/// is live. Files are counted in the order of [ReadView#files], which must be the order of the list
/// that `read_parquet` was given.
///
/// With a group as second argument, `keep(handle, group, file_index, file_row_number)`, files are
/// counted in the order of that [ViewHandles#group].
record KeepFunction(ViewHandles handles, boolean grouped) implements VectorFunction {
    static List<KeepFunction> all(ViewHandles handles) {
        return List.of(new KeepFunction(handles, false), new KeepFunction(handles, true));
    }

    @Override
    public String name() {
        return "keep";
    }

    @Override
    public List<String> argumentTypes() {
        return grouped ? List.of("BIGINT", "BIGINT", "UBIGINT", "BIGINT") : List.of("BIGINT", "UBIGINT", "BIGINT");
    }

    @Override
    public String resultType() {
        return "BOOLEAN";
    }

    @Override
    public void apply(DuckVector[] arguments, int rows, WritableVector out) {
        boolean nulls = false;
        for (DuckVector argument : arguments) {
            nulls |= argument.mayHaveNulls();
        }
        DuckVector position = arguments[arguments.length - 1];
        if (nulls) {
            VectorFunction.eachRow(
                    arguments,
                    rows,
                    out,
                    row -> out.setBoolean(row, !deletes(arguments, row).isDeleted(position.getLong(row))));
        } else if (isRun(arguments, rows)) {
            keepRun(deletes(arguments, 0), position.getLong(0), rows, out.data());
        } else {
            keepEach(arguments, rows, out);
        }
    }

    private Deletes deletes(DuckVector[] arguments, int row) {
        long group = grouped ? arguments[1].getLong(row) : -1;
        return handles.deletes(arguments[0].getLong(row), group, arguments[arguments.length - 2].getLong(row));
    }

    /// Whether the rows are neighbours in one file of one view, as scans without a filter below deliver
    /// them.
    private static boolean isRun(DuckVector[] arguments, int rows) {
        DuckVector position = arguments[arguments.length - 1];
        long first = position.getLong(0);
        if (position.getLong(rows - 1) - first != rows - 1) {
            return false;
        }
        long difference = 0;
        for (int i = 0; i < rows; i++) {
            difference |= position.getLong(i) ^ (first + i);
        }
        for (int argument = 0; argument < arguments.length - 1 && difference == 0; argument++) {
            DuckVector vector = arguments[argument];
            long same = vector.getLong(0);
            for (int i = 0; i < rows; i++) {
                difference |= vector.getLong(i) ^ same;
            }
        }
        return difference == 0;
    }

    private static void keepRun(Deletes deletes, long first, int rows, MemorySegment out) {
        out.fill((byte) 1);
        long end = first + rows;
        if (!deletes.anyIn(first, end)) {
            return;
        }
        for (long base = first & ~63L; base < end; base += 64) {
            for (long word = deletes.word(base); word != 0; word &= word - 1) {
                long row = base + Long.numberOfTrailingZeros(word);
                if (row >= first && row < end) {
                    out.set(java.lang.foreign.ValueLayout.JAVA_BYTE, row - first, (byte) 0);
                }
            }
        }
    }

    private void keepEach(DuckVector[] arguments, int rows, WritableVector out) {
        DuckVector position = arguments[arguments.length - 1];
        Deletes deletes = deletes(arguments, 0);
        for (int i = 0; i < rows; i++) {
            if (i > 0 && !sameFile(arguments, i)) {
                deletes = deletes(arguments, i);
            }
            out.setBoolean(i, !deletes.isDeleted(position.getLong(i)));
        }
    }

    /// Whether a row is of the same file as the one before.
    private static boolean sameFile(DuckVector[] arguments, int row) {
        for (int argument = 0; argument < arguments.length - 1; argument++) {
            if (arguments[argument].getLong(row) != arguments[argument].getLong(row - 1)) {
                return false;
            }
        }
        return true;
    }
}
