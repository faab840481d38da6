package mooncake.duckdb;

import java.util.concurrent.atomic.AtomicInteger;
import mooncake.model.Deletes;
import mooncake.model.Limits;
import mooncake.model.ReadView;

/// One execution of `mem`: hands out batches to threads and copies the live rows of the asked columns.
///
/// Batches are given out in order, so a single thread sees all rows in order.
final class MemScan {
    private final ReadView view;
    private final int[] columns;
    private final AtomicInteger nextBatch = new AtomicInteger();

    MemScan(ReadView view, int[] columns) {
        this.view = view;
        this.columns = columns;
    }

    /// Where one thread is: a row of the batch it works on.
    static final class Cursor {
        private int batch = -1;
        private int row;
        private final int[] live = new int[Limits.VECTOR_ROWS];
    }

    /// Fills the next vectors and returns their rows, 0 when the thread has nothing left to do.
    int fill(Cursor cursor, long chunk) {
        while (true) {
            if (cursor.batch < 0
                    || cursor.row >= view.batches().get(cursor.batch).rows()) {
                cursor.batch = nextBatch.getAndIncrement();
                cursor.row = 0;
                if (cursor.batch >= view.batches().size()) {
                    cursor.batch = -1;
                    return 0;
                }
            }
            ReadView.BatchView batch = view.batches().get(cursor.batch);
            int from = cursor.row;
            int to = Math.min(batch.rows(), from + Limits.VECTOR_ROWS);
            cursor.row = to;
            int rows = copy(batch, from, to, cursor, chunk);
            if (rows > 0) {
                return rows;
            }
        }
    }

    private int copy(ReadView.BatchView batch, int from, int to, Cursor cursor, long chunk) {
        if (!batch.deletes().anyIn(from, to)) {
            for (int i = 0; i < columns.length; i++) {
                VectorCopy.range(batch.batch(), columns[i], from, to, Api.CHUNK_VECTOR.call(chunk, i));
            }
            return to - from;
        }
        int rows = liveRows(batch.deletes(), from, to, cursor.live);
        for (int i = 0; rows > 0 && i < columns.length; i++) {
            VectorCopy.gather(batch.batch(), columns[i], cursor.live, rows, Api.CHUNK_VECTOR.call(chunk, i));
        }
        return rows;
    }

    /// The rows of `[from, to)` that are not deleted; `from` is a multiple of 64.
    private static int liveRows(Deletes deletes, int from, int to, int[] live) {
        int count = 0;
        for (int base = from; base < to; base += 64) {
            long word = ~deletes.word(base);
            if (to - base < 64) {
                word &= (1L << (to - base)) - 1;
            }
            for (; word != 0; word &= word - 1) {
                live[count++] = base + Long.numberOfTrailingZeros(word);
            }
        }
        return count;
    }
}
