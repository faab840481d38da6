package mooncake.source.replication;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// The transactions that the server sends while they are still in progress, kept until each one's end is known.
///
/// The server sends them in blocks, with whole transactions between the blocks. All of them together use up to a fixed
/// amount of memory; beyond it the largest one goes on in a file. One thread uses this, any may close it.
final class StreamedTransactions implements AutoCloseable {
    /// Bytes in memory over all open transactions, besides what the server sends in one message.
    static final long MEMORY_BYTES_MAX = 32 << 20;

    /// Size from which a message goes to the file at once.
    private static final int MESSAGE_BYTES_MAX = 1 << 20;

    private final Path directory;
    private final long memoryMax;
    private final Map<Integer, StagedTransaction> open = new HashMap<>();
    private final Set<SpoolFile> files = ConcurrentHashMap.newKeySet();
    private @Nullable StagedTransaction block;
    private long memoryBytes;
    private volatile boolean closed;

    StreamedTransactions(Path directory) {
        this(directory, MEMORY_BYTES_MAX);
    }

    StreamedTransactions(Path directory, long memoryMax) {
        this.directory = directory;
        this.memoryMax = memoryMax;
    }

    boolean inBlock() {
        return block != null;
    }

    int count() {
        return open.size();
    }

    long memoryBytes() {
        return memoryBytes;
    }

    void start(int xid) {
        if (block != null) {
            throw violation("a block inside another");
        }
        block = open.computeIfAbsent(xid, StagedTransaction::new);
    }

    void stop() {
        if (block == null) {
            throw violation("the end of a block that did not begin");
        }
        block = null;
    }

    /// Keeps a message of the open block.
    void add(byte[] message, int from, int to) {
        StagedTransaction transaction = block;
        if (transaction == null) {
            throw violation("a message outside of blocks");
        }
        StagedTransaction.requireHead(to - from);
        if (to - from > MESSAGE_BYTES_MAX) {
            spill(transaction);
            StagedTransaction.append(file(transaction), message, from, to);
            return;
        }
        memoryBytes -= transaction.memoryBytes();
        transaction.add(message, from, to);
        memoryBytes += transaction.memoryBytes();
        while (memoryBytes > memoryMax) {
            spill(largest(transaction));
        }
    }

    private StagedTransaction largest(StagedTransaction first) {
        StagedTransaction largest = first;
        for (StagedTransaction each : open.values()) {
            if (each.memoryBytes() > largest.memoryBytes()) {
                largest = each;
            }
        }
        return largest;
    }

    private void spill(StagedTransaction transaction) {
        memoryBytes -= transaction.memoryBytes();
        transaction.spill(file(transaction));
    }

    private SpoolFile file(StagedTransaction transaction) {
        SpoolFile present = transaction.file();
        if (present != null) {
            return present;
        }
        SpoolFile opened = SpoolFile.open(directory);
        files.add(opened);
        transaction.file(opened);
        if (closed) {
            release(transaction);
            throw new MooncakeException(ErrorCode.ENGINE_STOPPING, "the replication stream was closed");
        }
        return opened;
    }

    /// Rolls a transaction or one of its sub-transactions back.
    void abort(int xid, int subXid) {
        mustBeOutside();
        StagedTransaction transaction = open.get(xid);
        if (transaction == null) {
            return;
        }
        if (xid == subXid) {
            release(take(transaction));
        } else {
            transaction.abort(subXid);
        }
    }

    /// A transaction was committed: hands it out. The caller releases it.
    StagedTransaction commit(int xid) {
        mustBeOutside();
        StagedTransaction transaction = open.get(xid);
        if (transaction == null) {
            throw violation("the commit of transaction " + xid + ", which was not streamed");
        }
        return take(transaction);
    }

    private StagedTransaction take(StagedTransaction transaction) {
        open.remove(transaction.xid());
        memoryBytes -= transaction.memoryBytes();
        return transaction;
    }

    /// Frees what a transaction that was handed out keeps.
    void release(StagedTransaction transaction) {
        SpoolFile file = transaction.file();
        if (file != null) {
            files.remove(file);
            file.close();
        }
    }

    private void mustBeOutside() {
        if (block != null) {
            throw violation("the end of a transaction inside a block");
        }
    }

    private static MooncakeException violation(String what) {
        return new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, "replication stream: " + what);
    }

    /// Frees all files; the thread that reads one gets [ErrorCode#ENGINE_STOPPING].
    @Override
    public void close() {
        closed = true;
        files.forEach(SpoolFile::close);
    }
}
