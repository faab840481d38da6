package mooncake.source.replication;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import mooncake.model.Change;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.source.Endpoint;
import mooncake.source.Quoting;
import mooncake.source.wire.Row;
import mooncake.source.wire.ServerConnection;
import mooncake.source.wire.ServerReport;
import org.jspecify.annotations.Nullable;

/// The changes of one publication in commit order, read from a logical slot of plugin pgoutput.
///
/// One thread pulls with [#next]; [#confirm], [#requestProgress] and [#close] may be called by any. A row's
/// [mooncake.model.Tuple]
/// lies in the receive buffer: it is gone with the next call of [#next].
public final class ReplicationStream implements AutoCloseable {
    /// Longest time between two signs of life to the server; shorter when its own timeout asks for it.
    private static final Duration STATUS_PERIOD_MAX = Duration.ofSeconds(10);

    private static final Duration STATUS_PERIOD_MIN = Duration.ofMillis(20);

    /// How long a slot may stay in use by a session that is just ending, such as that of an engine that was killed.
    private static final Duration ATTACH_WAIT = Duration.ofSeconds(5);

    private static final long ATTACH_PAUSE_MILLIS = 50;

    /// How long a reader that has caught up with the sender amid a transaction, whose changes nobody may see yet,
    /// leaves
    /// it to send more: the server sends row by row, and waking up for each costs both sides more than the row.
    private static final long GATHER_NANOS = 50_000;

    /// Type byte and three numbers before the payload of XLogData.
    private static final int DATA_HEADER_BYTES = 25;

    private static final int KEEPALIVE_BYTES = 18;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final ServerConnection connection;
    private final Feedback feedback;
    private final StreamedTransactions streamed;
    private final PgoutputDecoder decoder;
    private volatile boolean closed;

    private ReplicationStream(ServerConnection connection, Feedback feedback, Path scratch) {
        this.connection = connection;
        this.feedback = feedback;
        this.streamed = new StreamedTransactions(scratch);
        this.decoder = new PgoutputDecoder(streamed);
    }

    /// Starts to read.
    ///
    /// @param from where the engine's durable state ends; the server starts at the slot's confirmed position if
    /// that is later
    /// @param scratch where large transactions that have not ended yet are kept
    public static ReplicationStream start(Endpoint endpoint, String slot, String publication, Lsn from, Path scratch) {
        long start = System.nanoTime();
        while (true) {
            Attempt attempt = new Attempt(slot);
            ServerConnection connection =
                    ServerConnection.open(endpoint, ServerConnection.Mode.REPLICATION, attempt::translate);
            try {
                return attach(connection, slot, publication, from, scratch, attempt);
            } catch (MooncakeException e) {
                connection.close();
                if (!attempt.slotInUse || System.nanoTime() - start > ATTACH_WAIT.toNanos()) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static ReplicationStream attach(
            ServerConnection connection, String slot, String publication, Lsn from, Path scratch, Attempt attempt) {
        Duration period = statusPeriod(connection);
        connection.startCopyBoth("START_REPLICATION SLOT " + Quoting.identifier(slot) + " LOGICAL " + from
                + " (proto_version '2', streaming 'on', publication_names "
                + Quoting.literal(Quoting.identifier(publication)).strip() + ", binary 'true', messages 'true')");
        attempt.attached = true;
        Feedback feedback = new Feedback(connection, slot, from, period);
        feedback.start();
        return new ReplicationStream(connection, feedback, scratch);
    }

    private static Duration statusPeriod(ServerConnection connection) {
        List<Row> rows =
                connection.query("SELECT setting FROM pg_catalog.pg_settings WHERE name = 'wal_sender_timeout'");
        long timeoutMillis = rows.isEmpty() ? 0 : Long.parseLong(rows.getFirst().text(0));
        if (timeoutMillis == 0) {
            return STATUS_PERIOD_MAX;
        }
        long period = Math.clamp(timeoutMillis / 4, STATUS_PERIOD_MIN.toMillis(), STATUS_PERIOD_MAX.toMillis());
        return Duration.ofMillis(period);
    }

    /// Waits for the next change. [Change.Progress] comes only between transactions.
    ///
    /// Values of a type without a binary form are the bytes of their text. After an error the stream is at its end.
    public Change next() {
        if (decoder.isReplaying()) {
            return replay();
        }
        while (true) {
            if (decoder.inTransaction() && !connection.holdsMessage()) {
                LockSupport.parkNanos(GATHER_NANOS);
            }
            if (!connection.nextCopyData()) {
                throw new MooncakeException(
                        ErrorCode.REPLICATION_FAILED, "the server has ended the replication stream");
            }
            Change change = read(connection.bytes(), connection.start(), connection.end());
            if (change != null) {
                return change;
            }
        }
    }

    private Change replay() {
        if (closed) {
            throw new MooncakeException(ErrorCode.ENGINE_STOPPING, "the replication stream was closed");
        }
        Change change = decoder.replay();
        if (change instanceof Change.Commit commit) {
            feedback.received(commit.end());
        }
        return change;
    }

    private @Nullable Change read(byte[] bytes, int start, int end) {
        int size = end - start;
        if (size >= DATA_HEADER_BYTES && bytes[start] == 'w') {
            Change change = decoder.decode(bytes, start + DATA_HEADER_BYTES, end);
            if (change instanceof Change.Commit commit) {
                feedback.received(commit.end());
            } else if (change instanceof Change.Progress progress) {
                return progress(progress.lsn());
            }
            return change;
        }
        if (size == KEEPALIVE_BYTES && bytes[start] == 'k') {
            if (bytes[end - 1] != 0) {
                feedback.asked();
            }
            // Inside a transaction the position says nothing that could be used.
            return decoder.inTransaction() ? null : progress(new Lsn((long) LONG.get(bytes, start + 1)));
        }
        throw new MooncakeException(
                ErrorCode.PROTOCOL_VIOLATION,
                "replication stream: unknown copy data '" + (size > 0 ? (char) bytes[start] : ' ') + "'");
    }

    private Change progress(Lsn lsn) {
        feedback.received(lsn);
        return new Change.Progress(feedback.received());
    }

    /// Whether a further message is here already: if not, the next [#next] waits for the server.
    public boolean hasBuffered() {
        return decoder.isReplaying() || connection.holdsMessage();
    }

    /// Tells the server that everything before `flushed` is durable here and need not be sent again.
    public void confirm(Lsn flushed) {
        feedback.flushed(flushed);
    }

    /// Makes the server say how far it has read, so that a [Change.Progress] or a commit passes every position that was
    /// flushed there when this was called.
    public void requestProgress() {
        feedback.ask();
    }

    /// Sends what is confirmed and ends; a thread that waits in [#next] gets [ErrorCode#ENGINE_STOPPING].
    @Override
    public void close() {
        closed = true;
        feedback.close();
        connection.close();
        streamed.close();
    }

    private static void pause() {
        try {
            Thread.sleep(ATTACH_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MooncakeException(ErrorCode.ENGINE_STOPPING, "interrupted while waiting for a slot", e);
        }
    }

    /// One try to start; knows whether an error concerns the slot or what is streamed from it.
    private static final class Attempt {
        private final String slot;
        private volatile boolean attached;
        private boolean slotInUse;

        Attempt(String slot) {
            this.slot = slot;
        }

        MooncakeException translate(ServerReport report) {
            if (attached) {
                return report.as(ErrorCode.REPLICATION_FAILED);
            }
            return switch (report.sqlState()) {
                case "55006" -> {
                    slotInUse = true;
                    yield report.as(
                            ErrorCode.SLOT_UNAVAILABLE,
                            "Another process reads slot " + slot + ": stop it, or give this engine another slot.");
                }
                case "42704", "55000" ->
                    report.as(
                            ErrorCode.SLOT_UNAVAILABLE,
                            "Slot " + slot + " must be made anew and its mirrors copied again.");
                default -> report.as(ErrorCode.REPLICATION_FAILED);
            };
        }
    }
}
