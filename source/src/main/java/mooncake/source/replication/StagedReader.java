package mooncake.source.replication;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Iterator;
import mooncake.model.Check;
import org.jspecify.annotations.Nullable;

/// Goes through the messages of a staged transaction that was committed, without those that were rolled back. A
/// message's bytes stay as they are until the next one is asked for.
final class StagedReader {
    private static final int BUFFER_BYTES = 256 << 10;

    /// Bytes of a buffer that is kept after a large message.
    private static final int KEPT_BYTES_MAX = 4 << 20;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final StagedTransaction transaction;
    private final @Nullable SpoolFile file;
    private final Iterator<StagedTransaction.Chunk> chunks;
    private byte[] bytes;
    private long readFromFile;
    private int limit;
    private int start;
    private int end;

    StagedReader(StagedTransaction transaction) {
        this.transaction = transaction;
        this.file = transaction.file();
        this.chunks = transaction.chunks().iterator();
        this.bytes = new byte[file == null ? 0 : BUFFER_BYTES];
    }

    byte[] bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /// Goes to the next message; false at the end.
    boolean next() {
        do {
            if (!advance()) {
                return false;
            }
        } while (transaction.isAborted(bytes, start));
        return true;
    }

    private boolean advance() {
        if (!ensure(StagedTransaction.LENGTH_BYTES)) {
            if (!chunks.hasNext()) {
                return false;
            }
            StagedTransaction.Chunk chunk = chunks.next();
            chunks.remove();
            bytes = chunk.bytes;
            limit = chunk.used;
            end = 0;
        }
        int size = (int) INT.get(bytes, end);
        boolean whole = ensure(StagedTransaction.LENGTH_BYTES + size);
        Check.that(whole, "a staged message of %d bytes is cut", size);
        start = end + StagedTransaction.LENGTH_BYTES;
        end = start + size;
        return true;
    }

    /// Has that many bytes ready behind the last message; false when nothing is left in the place that is being read.
    private boolean ensure(int count) {
        while (limit - end < count) {
            if (file == null || readFromFile == file.size()) {
                Check.that(limit == end, "%d bytes behind the last staged message", limit - end);
                return false;
            }
            makeRoom(count);
            int wanted = (int) Math.min(bytes.length - limit, file.size() - readFromFile);
            int read = file.read(readFromFile, bytes, limit, wanted);
            readFromFile += read;
            limit += read;
        }
        return true;
    }

    private void makeRoom(int count) {
        System.arraycopy(bytes, end, bytes, 0, limit - end);
        limit -= end;
        end = 0;
        if (count > bytes.length) {
            bytes = Arrays.copyOf(bytes, count);
        } else if (limit == 0 && bytes.length > KEPT_BYTES_MAX) {
            bytes = new byte[BUFFER_BYTES];
        }
    }
}
