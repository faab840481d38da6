package mooncake.source;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Reading or writing of a non-blocking channel as if it did block: one thread at a time, with its own selector.
final class SocketDirection {
    private final SocketChannel channel;
    private final Selector selector;
    private final ReentrantLock turn = new ReentrantLock();

    private SocketDirection(SocketChannel channel, int interest) throws IOException {
        this.channel = channel;
        this.selector = Selector.open();
        channel.register(selector, interest);
    }

    static SocketDirection reading(SocketChannel channel) throws IOException {
        return new SocketDirection(channel, SelectionKey.OP_READ);
    }

    static SocketDirection writing(SocketChannel channel) throws IOException {
        return new SocketDirection(channel, SelectionKey.OP_WRITE);
    }

    /// At least one byte, or -1 at the end.
    ///
    /// @param timeoutMillis 0 for no limit
    int read(ByteBuffer target, int timeoutMillis) throws IOException {
        turn.lock();
        try {
            long start = System.nanoTime();
            while (true) {
                int count = channel.read(target);
                if (count != 0) {
                    return count;
                }
                long left = timeoutMillis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                if (timeoutMillis > 0 && left <= 0) {
                    throw new SocketTimeoutException("Read timed out");
                }
                await(timeoutMillis == 0 ? 0 : left);
            }
        } catch (ClosedChannelException | ClosedSelectorException e) {
            throw new SocketException("Socket closed", e);
        } finally {
            turn.unlock();
        }
    }

    void write(ByteBuffer source) throws IOException {
        turn.lock();
        try {
            while (source.hasRemaining()) {
                if (channel.write(source) == 0) {
                    await(0);
                }
            }
        } catch (ClosedChannelException | ClosedSelectorException e) {
            throw new SocketException("Socket closed", e);
        } finally {
            turn.unlock();
        }
    }

    private void await(long millis) throws IOException {
        selector.select(millis);
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            // A select does not wait in an interrupted thread: without this the loop would spin.
            channel.close();
            throw new SocketException("Closed by interrupt");
        }
    }

    void close() throws IOException {
        selector.close();
    }
}
