package mooncake.source.replication;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// The messages of one transaction that has not ended yet, as they arrived: each behind its length, the oldest in a
/// file, the newest in memory. A message never lies in two chunks.
final class StagedTransaction {
    static final int CHUNK_BYTES = 64 << 10;
    static final int LENGTH_BYTES = 4;

    /// Type byte and the id of the (sub-)transaction that the message belongs to.
    private static final int HEAD_BYTES = 5;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    static final class Chunk {
        final byte[] bytes;
        int used;

        private Chunk(int size) {
            bytes = new byte[size];
        }
    }

    private final int xid;
    private final TransactionIdSet aborted = new TransactionIdSet();
    private final List<Chunk> chunks = new ArrayList<>();
    private @Nullable SpoolFile file;
    private long memoryBytes;

    StagedTransaction(int xid) {
        this.xid = xid;
    }

    int xid() {
        return xid;
    }

    long memoryBytes() {
        return memoryBytes;
    }

    List<Chunk> chunks() {
        return chunks;
    }

    @Nullable
    SpoolFile file() {
        return file;
    }

    void file(SpoolFile opened) {
        file = opened;
    }

    static void requireHead(int size) {
        if (size < HEAD_BYTES) {
            throw new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, "truncated replication message");
        }
    }

    void add(byte[] message, int from, int to) {
        int size = to - from;
        Chunk chunk = chunks.isEmpty() ? null : chunks.getLast();
        if (chunk == null || chunk.bytes.length - chunk.used < LENGTH_BYTES + size) {
            chunk = new Chunk(Math.max(CHUNK_BYTES, LENGTH_BYTES + size));
            chunks.add(chunk);
            memoryBytes += chunk.bytes.length;
        }
        INT.set(chunk.bytes, chunk.used, size);
        System.arraycopy(message, from, chunk.bytes, chunk.used + LENGTH_BYTES, size);
        chunk.used += LENGTH_BYTES + size;
    }

    /// Moves what is in memory to the file.
    void spill(SpoolFile to) {
        for (Chunk chunk : chunks) {
            to.append(chunk.bytes, 0, chunk.used);
        }
        chunks.clear();
        memoryBytes = 0;
    }

    /// Writes a message behind all others; only after [#spill].
    static void append(SpoolFile to, byte[] message, int from, int end) {
        byte[] length = new byte[LENGTH_BYTES];
        INT.set(length, 0, end - from);
        to.append(length, 0, LENGTH_BYTES);
        to.append(message, from, end - from);
    }

    /// A sub-transaction was rolled back: its messages count no more. Those of its own sub-transactions are rolled back
    /// by name as well.
    void abort(int subXid) {
        aborted.add(subXid);
    }

    /// Whether the message at this place belongs to what was rolled back.
    boolean isAborted(byte[] bytes, int at) {
        return !aborted.isEmpty() && aborted.contains((int) INT.get(bytes, at + 1));
    }
}
