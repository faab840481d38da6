package mooncake.source.replication;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.source.wire.ServerConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the stream tells the server: how far it has received and flushed, and that it is alive.
///
/// A virtual thread sends, so that a slow consumer of changes never lets the server's timeout fire and no caller waits
/// for a socket. It also notices a server that has gone silent. `lock` guards all fields that are not volatile.
final class Feedback implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Feedback.class);

    /// How long the server may leave repeated questions unanswered before the connection counts as dead. Longer than
    /// any pause that a busy server was seen to make; shorter than what TCP itself would wait.
    private static final Duration SILENCE_MAX = Duration.ofMinutes(5);

    /// Least time between a status and the answer to the server's next question. A server that shuts down asks again
    /// at once after each answer, until everything is confirmed.
    private static final long ANSWER_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int STATUS_BYTES = 34;

    /// Where in a status it says what is durable.
    private static final int FLUSHED_AT = 9;

    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final ServerConnection connection;
    private final long periodNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private final Thread thread;
    private volatile long received;
    private long flushed;

    /// What of it has surely gone out.
    private volatile long sent;

    private boolean wanted;
    private boolean asked;
    private boolean replyWanted;
    private long lastSent = System.nanoTime();
    private boolean stopped;

    Feedback(ServerConnection connection, String slot, Lsn start, Duration period) {
        this.connection = connection;
        this.received = start.value();
        this.periodNanos = period.toNanos();
        this.thread = Thread.ofVirtual().name("feedback-" + slot).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Called by the reading thread only.
    void received(Lsn lsn) {
        if (Long.compareUnsigned(lsn.value(), received) > 0) {
            received = lsn.value();
        }
    }

    Lsn received() {
        return new Lsn(received);
    }

    void flushed(Lsn lsn) {
        lock.lock();
        try {
            if (Long.compareUnsigned(lsn.value(), flushed) > 0) {
                flushed = lsn.value();
                wanted = true;
                wake.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The server asks for a sign of life.
    void asked() {
        lock.lock();
        try {
            asked = true;
            wake.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Asks the server for a sign of life, which tells how far it has read.
    void ask() {
        lock.lock();
        try {
            wanted = true;
            replyWanted = true;
            wake.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (awaitWork()) {
                send();
            }
        } catch (MooncakeException e) {
            // The reading thread meets the same broken connection and reports it.
            log.debug("event=feedback_ended reason=\"{}\"", e.text());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits until a status is due; false when there will be none.
    private boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (!stopped && !wanted) {
                long left = lastSent + (asked ? ANSWER_PAUSE_NANOS : periodNanos) - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                wake.awaitNanos(left);
            }
            if (!stopped && !wanted && !asked) {
                watchSilence();
            }
            wanted = false;
            asked = false;
            lastSent = System.nanoTime();
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    private void watchSilence() {
        long since = connection.blockedSince();
        long silence = since == 0 ? 0 : System.nanoTime() - since;
        if (silence > SILENCE_MAX.toNanos()) {
            stopped = true;
            connection.abort(new MooncakeException(
                    ErrorCode.REPLICATION_FAILED,
                    "the server has sent nothing for " + TimeUnit.NANOSECONDS.toSeconds(silence) + " s"));
        }
        replyWanted |= silence >= periodNanos;
    }

    private void send() {
        byte[] status = status();
        connection.sendCopyData(status);
        sent = Math.max(sent, ByteBuffer.wrap(status).getLong(FLUSHED_AT));
    }

    private byte[] status() {
        lock.lock();
        try {
            long written = Lsn.max(new Lsn(received), new Lsn(flushed)).value();
            byte[] status = new byte[STATUS_BYTES];
            ByteBuffer.wrap(status)
                    .put((byte) 'r')
                    .putLong(written)
                    .putLong(flushed)
                    .putLong(flushed)
                    .putLong(POSTGRES_EPOCH.until(Instant.now(), ChronoUnit.MICROS))
                    .put((byte) (replyWanted ? 1 : 0));
            replyWanted = false;
            return status;
        } finally {
            lock.unlock();
        }
    }

    /// Sends what is confirmed and not sent yet, then ends.
    @Override
    public void close() {
        boolean last;
        lock.lock();
        try {
            last = !stopped && (wanted || flushed > sent);
            stopped = true;
            wake.signal();
        } finally {
            lock.unlock();
        }
        if (last) {
            try {
                send();
            } catch (MooncakeException e) {
                log.debug("event=last_status_not_sent reason=\"{}\"", e.text());
            }
        }
    }
}
