package mooncake.duckdb;

import java.lang.foreign.MemorySegment;
import java.util.List;
import mooncake.model.Deletes;
import mooncake.model.ReadView;

/// The scalar function `keep(handle, file_index, file_row_number)`: whether a row of a view's data file is live. Files
/// are counted in the order of [ReadView#files], which must be the order of the list that `read_parquet` was given.
record KeepFunction(ViewHandles handles) implements VectorFunction {

    @Override
    public String name() {
        return "keep";
    }

    @Override
    public List<String> argumentTypes() {
        return List.of("BIGINT", "UBIGINT", "BIGINT");
    }

    @Override
    public String resultType() {
        return "BOOLEAN";
    }

    @Override
    public void apply(DuckVector[] arguments, int rows, WritableVector out) {
        DuckVector handle = arguments[0];
        DuckVector file = arguments[1];
        DuckVector position = arguments[2];
        if (handle.mayHaveNulls() || file.mayHaveNulls() || position.mayHaveNulls()) {
            VectorFunction.eachRow(arguments, rows, out, row -> {
                ReadView view = handles.view(handle.getLong(row));
                out.setBoolean(row, !deletes(view, file.getLong(row)).isDeleted(position.getLong(row)));
            });
        } else if (isRun(handle, file, position, rows)) {
            Deletes deletes = deletes(handles.view(handle.getLong(0)), file.getLong(0));
            keepRun(deletes, position.getLong(0), rows, out.data());
        } else {
            keepEach(handle, file, position, rows, out);
        }
    }

    private static Deletes deletes(ReadView view, long file) {
        return view.files().get(Math.toIntExact(file)).deletes();
    }

    /// Whether the rows are neighbours in one file of one view, as scans without a filter below deliver them.
    private static boolean isRun(DuckVector handle, DuckVector file, DuckVector position, int rows) {
        long firstHandle = handle.getLong(0);
        long firstFile = file.getLong(0);
        long first = position.getLong(0);
        if (position.getLong(rows - 1) - first != rows - 1) {
            return false;
        }
        long difference = 0;
        for (int i = 0; i < rows; i++) {
            difference |= handle.getLong(i) ^ firstHandle;
            difference |= file.getLong(i) ^ firstFile;
            difference |= position.getLong(i) ^ (first + i);
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

    private void keepEach(DuckVector handle, DuckVector file, DuckVector position, int rows, WritableVector out) {
        long handleNow = handle.getLong(0);
        long fileNow = file.getLong(0);
        Deletes deletes = deletes(handles.view(handleNow), fileNow);
        for (int i = 0; i < rows; i++) {
            if (handle.getLong(i) != handleNow || file.getLong(i) != fileNow) {
                handleNow = handle.getLong(i);
                fileNow = file.getLong(i);
                deletes = deletes(handles.view(handleNow), fileNow);
            }
            out.setBoolean(i, !deletes.isDeleted(position.getLong(i)));
        }
    }
}
