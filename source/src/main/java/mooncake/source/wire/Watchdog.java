package mooncake.source.wire;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes a channel, and so ends the call that hangs on it, unless it is called off in time.
final class Watchdog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Watchdog.class);

    private final CountDownLatch calledOff = new CountDownLatch(1);
    private volatile boolean expired;

    Watchdog(SocketChannel channel, Duration limit) {
        Thread.ofVirtual().name("connect-watchdog").start(() -> watch(channel, limit));
    }

    private void watch(SocketChannel channel, Duration limit) {
        try {
            if (!calledOff.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                expired = true;
                channel.close();
            }
        } catch (IOException e) {
            log.warn("event=close_failed reason=\"{}\"", e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    boolean expired() {
        return expired;
    }

    @Override
    public void close() {
        calledOff.countDown();
    }
}
