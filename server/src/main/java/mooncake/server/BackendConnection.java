package mooncake.server;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.query.frame.Frame;
import mooncake.query.frame.FrameReader;
import mooncake.query.frame.FrameWriter;
import mooncake.query.frame.Reply;
import mooncake.query.frame.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One backend: reads its requests on a virtual thread, answers each on a platform thread.
///
/// Reading goes on while a request is answered, so that the end of the connection is noticed at
/// once and cancels it.
final class BackendConnection implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BackendConnection.class);

    private final FrameReader reader;
    private final FrameWriter writer;
    private final SocketChannel channel;
    private final Databases databases;
    private final QueryService queries;
    private final ExecutorService requests;
    private final Semaphore turn = new Semaphore(1);
    private volatile @Nullable ActiveRequest active;

    /// The number of the active request; only for the reader.
    private long activeNumber;

    private final PinTable pins;

    BackendConnection(
            SocketChannel channel,
            Databases databases,
            QueryService queries,
            ExecutorService requests,
            PinTable.Registry pins) {
        this.channel = channel;
        this.reader = new FrameReader(channel);
        this.writer = new FrameWriter(channel);
        this.databases = databases;
        this.queries = queries;
        this.requests = requests;
        this.pins = new PinTable(pins);
    }

    void run() throws IOException {
        Frame<Request> first = reader.nextRequest();
        if (first == null) {
            return;
        }
        if (!(first.body() instanceof Request.Hello hello)) {
            throw new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, "the first frame is not HELLO");
        }
        if (hello.version() != Frame.PROTOCOL_VERSION) {
            String message = "this engine speaks version " + Frame.PROTOCOL_VERSION + " of the protocol, the extension "
                    + hello.version();
            writer.write(
                    first.number(),
                    Reply.Failed.of(new MooncakeException(
                            ErrorCode.PROTOCOL_VIOLATION,
                            message,
                            "Install engine and extension of the same release and restart Postgres.",
                            null)));
            return;
        }
        writer.write(
                first.number(),
                new Reply.Ready(
                        Frame.PROTOCOL_VERSION, (int) ProcessHandle.current().pid(), Engine.VERSION));
        Database database = databases.of(hello.database(), hello.databaseName());
        RequestHandler handler = new RequestHandler(database, queries, pins);
        while (true) {
            Frame<Request> frame = reader.nextRequest();
            if (frame == null) {
                return;
            }
            if (frame.body() instanceof Request.Ship ship) {
                ship(frame.number(), ship);
                continue;
            }
            turn.acquireUninterruptibly();
            ActiveRequest request = new ActiveRequest();
            active = request;
            activeNumber = frame.number();
            requests.execute(() -> {
                try {
                    answer(handler, frame, request);
                } finally {
                    request.shipped().close();
                    turn.release();
                }
            });
        }
    }

    /// Rows that come after their request was answered, with an error then, are dropped.
    private void ship(long number, Request.Ship ship) {
        ActiveRequest request = active;
        if (request == null || number != activeNumber) {
            throw new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, "rows are shipped for no request");
        }
        try {
            request.shipped().put(ship);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MooncakeException(ErrorCode.ENGINE_STOPPING, "the engine is stopping");
        }
    }

    /// Writes any number of batches, then exactly one terminal frame.
    private void answer(RequestHandler handler, Frame<Request> frame, ActiveRequest request) {
        Reply terminal;
        try {
            terminal = handler.handle(frame.body(), request, batch -> writer.writeBatch(frame.number(), batch));
        } catch (MooncakeException e) {
            terminal = Reply.Failed.of(e);
        } catch (IOException e) {
            log.debug("backend went away: {}", e.getMessage());
            closeQuietly();
            return;
        } catch (InterruptedException e) {
            terminal = Reply.Failed.of(new MooncakeException(ErrorCode.ENGINE_STOPPING, "the engine is stopping"));
        } catch (Throwable e) {
            log.error("request failed", e);
            terminal = Reply.Failed.of(new MooncakeException(ErrorCode.QUERY_FAILED, "internal error: " + e, e));
        }
        try {
            writer.write(frame.number(), terminal);
        } catch (IOException e) {
            log.debug("backend went away: {}", e.getMessage());
            closeQuietly();
        }
    }

    private void closeQuietly() {
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("closing a backend's channel: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        ActiveRequest running = active;
        if (running != null) {
            running.cancel();
        }
        pins.close();
    }
}
