package mooncake.source.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.source.Endpoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A session with a Postgres server on a plain blocking socket.
///
/// ```
/// open ──► ready ──query──► ready
///            ├──startCopyOut──► copying ──nextCopyData = false──► ready
///            └──startCopyBoth─► streaming ──(until closed)
/// ```
///
/// One thread calls everything but [#sendCopyData], [#abort] and [#close], which any thread may call. A failed copy or
/// stream leaves the session unusable except for closing it.
public final class ServerConnection implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServerConnection.class);

    /// What kind of session the server is asked for.
    public enum Mode {
        ORDINARY(ErrorCode.POSTGRES_FAILED, 1 << 20),
        REPLICATION(ErrorCode.REPLICATION_FAILED, 256 << 10);

        private final ErrorCode failure;
        private final int bufferBytes;

        Mode(ErrorCode failure, int bufferBytes) {
            this.failure = failure;
            this.bufferBytes = bufferBytes;
        }
    }

    private final Endpoint endpoint;
    private final Mode mode;
    private final ServerReport.Translator translator;
    private final Transport transport;
    private final ReceiveBuffer in;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile @Nullable MooncakeException aborted;
    private int processId;
    private byte[] cancelKey = new byte[0];

    private ServerConnection(Endpoint endpoint, Mode mode, ServerReport.Translator translator, Transport transport) {
        this.endpoint = endpoint;
        this.mode = mode;
        this.translator = translator;
        this.transport = transport;
        this.in = new ReceiveBuffer(transport, mode.bufferBytes);
    }

    public static ServerConnection open(Endpoint endpoint, Mode mode) {
        return open(endpoint, mode, report -> report.as(mode.failure));
    }

    /// Connects and logs in.
    ///
    /// @param translator makes exceptions of the errors that the server reports
    public static ServerConnection open(Endpoint endpoint, Mode mode, ServerReport.Translator translator) {
        try {
            return establish(endpoint, mode, translator, Channels.open(endpoint));
        } catch (IOException e) {
            throw new MooncakeException(mode.failure, "cannot connect to " + endpoint + ": " + reason(e), e);
        }
    }

    private static ServerConnection establish(
            Endpoint endpoint, Mode mode, ServerReport.Translator translator, SocketChannel channel)
            throws IOException {
        try (Watchdog watchdog = new Watchdog(channel, endpoint.connectTimeout())) {
            try {
                Transport transport = Transport.over(channel, endpoint);
                ServerConnection connection = new ServerConnection(endpoint, mode, translator, transport);
                connection.send(StartupMessage.of(endpoint, mode == Mode.REPLICATION));
                connection.logIn();
                return connection;
            } catch (IOException e) {
                channel.close();
                throw watchdog.expired() ? new IOException("no answer within " + endpoint.connectTimeout(), e) : e;
            } catch (RuntimeException e) {
                channel.close();
                throw e;
            }
        }
    }

    private void logIn() throws IOException {
        Authentication authentication = new Authentication(endpoint, this::send);
        boolean accepted = false;
        while (true) {
            byte type = nextMessage();
            switch (type) {
                case 'R' -> accepted = authentication.handle(in.bytes(), in.start(), in.end());
                case 'K' -> {
                    ByteBuffer key = payload();
                    processId = key.getInt();
                    cancelKey = new byte[key.remaining()];
                    key.get(cancelKey);
                }
                case 'Z' -> {
                    if (!accepted) {
                        throw unexpected(type, "before the login was complete");
                    }
                    return;
                }
                case 'E' ->
                    throw ServerReport.parse(in.bytes(), in.start(), in.end()).as(mode.failure);
                default -> throw unexpected(type, "during the login");
            }
        }
    }

    /// Runs one or more statements and returns the rows of all of them.
    public List<Row> query(String sql) {
        List<Row> rows = new ArrayList<>();
        try {
            send(MessageWriter.of('Q').string(sql).finish());
            while (true) {
                byte type = nextMessage();
                switch (type) {
                    case 'D' -> rows.add(row());
                    case 'T', 'C', 'I' -> {}
                    case 'Z' -> {
                        return rows;
                    }
                    case 'E' -> throw failure();
                    default -> throw unexpected(type, "in the answer to a query");
                }
            }
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /// Starts a `COPY ... TO STDOUT`; read it with [#nextCopyData] to its end.
    public void startCopyOut(String sql) {
        startCommand(sql, 'H');
    }

    /// Starts a command that is answered by a stream in both directions.
    public void startCopyBoth(String sql) {
        startCommand(sql, 'W');
    }

    private void startCommand(String sql, char expected) {
        try {
            send(MessageWriter.of('Q').string(sql).finish());
            byte type = nextMessage();
            if (type == 'E') {
                throw failure();
            }
            if (type != expected) {
                throw unexpected(type, "instead of copy data");
            }
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /// Waits for the next piece of copy data, which then lies between [#start] and [#end] of [#bytes]; false once the
    /// server has ended the copy and the session is ready again.
    public boolean nextCopyData() {
        try {
            byte type = nextMessage();
            if (type == 'd') {
                return true;
            }
            if (type == 'E') {
                throw failure();
            }
            if (type != 'c') {
                throw unexpected(type, "among copy data");
            }
            finishCopy();
            return false;
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private void finishCopy() throws IOException {
        while (mode == Mode.ORDINARY) {
            byte type = nextMessage();
            switch (type) {
                case 'C' -> {}
                case 'Z' -> {
                    return;
                }
                case 'E' -> throw failure();
                default -> throw unexpected(type, "after copy data");
            }
        }
    }

    /// Whether a further message is here already, so that the next call will not wait for the server.
    public boolean holdsMessage() {
        return in.holdsMessage();
    }

    public byte[] bytes() {
        return in.bytes();
    }

    public int start() {
        return in.start();
    }

    public int end() {
        return in.end();
    }

    /// `System.nanoTime()` since when the reading thread waits for the server, 0 while it does not.
    public long blockedSince() {
        return in.blockedSince();
    }

    /// Sends one CopyData message; from any thread.
    public void sendCopyData(byte[] data) {
        try {
            send(MessageWriter.of('d').raw(data).finish());
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /// Asks the server, over a connection of its own, to cancel what this session runs; from any thread.
    public void cancel() {
        try (SocketChannel second = Channels.open(endpoint)) {
            try (Watchdog _ = new Watchdog(second, endpoint.connectTimeout())) {
                ByteBuffer request = MessageWriter.untyped()
                        .int32(StartupMessage.CANCEL_REQUEST)
                        .int32(processId)
                        .raw(cancelKey)
                        .finish();
                while (request.hasRemaining()) {
                    second.write(request);
                }
                second.shutdownOutput();
                // The server closes the connection once it has passed the signal on.
                second.read(ByteBuffer.allocate(1));
            }
        } catch (IOException e) {
            log.warn("event=cancel_failed endpoint=\"{}\" reason=\"{}\"", endpoint, reason(e));
        }
    }

    /// Ends the session so that the thread that uses it fails with `cause`; from any thread.
    public void abort(MooncakeException cause) {
        if (aborted == null) {
            aborted = cause;
        }
        closeChannel();
    }

    /// Says good-bye and closes; from any thread. A thread that waits in this connection gets an error.
    @Override
    public void close() {
        if (!transport.isOpen()) {
            return;
        }
        if (aborted == null) {
            aborted = new MooncakeException(ErrorCode.ENGINE_STOPPING, "the connection was closed by the engine");
        }
        // A thread that hangs in a write holds the lock: then there is no good-bye.
        if (writing.tryLock()) {
            try {
                ByteBuffer terminate = MessageWriter.of('X').finish();
                transport.write(terminate);
            } catch (IOException e) {
                log.debug("event=terminate_not_sent reason=\"{}\"", reason(e));
            } finally {
                writing.unlock();
            }
        }
        closeChannel();
    }

    private void closeChannel() {
        try {
            transport.close();
        } catch (IOException e) {
            log.warn("event=close_failed endpoint=\"{}\" reason=\"{}\"", endpoint, reason(e));
        }
    }

    private void send(ByteBuffer message) throws IOException {
        writing.lock();
        try {
            transport.write(message);
        } finally {
            writing.unlock();
        }
    }

    /// The next message that is not a notice, a changed setting or a notification.
    private byte nextMessage() throws IOException {
        while (true) {
            byte type = in.next();
            switch (type) {
                case 'N' ->
                    log.debug(
                            "event=notice text=\"{}\"",
                            ServerReport.parse(in.bytes(), in.start(), in.end()).message());
                case 'S', 'A' -> {}
                default -> {
                    return type;
                }
            }
        }
    }

    private ByteBuffer payload() {
        return ByteBuffer.wrap(in.bytes(), in.start(), in.end() - in.start()).slice();
    }

    private Row row() {
        ByteBuffer payload = payload();
        int width = payload.getShort() & 0xffff;
        List<@Nullable String> values = new ArrayList<>(width);
        for (int i = 0; i < width; i++) {
            int length = payload.getInt();
            if (length < 0) {
                values.add(null);
            } else {
                byte[] value = new byte[length];
                payload.get(value);
                values.add(new String(value, StandardCharsets.UTF_8));
            }
        }
        return new Row(values);
    }

    /// The error that has just arrived; afterwards the session is ready again if the server keeps it.
    private MooncakeException failure() {
        ServerReport report = ServerReport.parse(in.bytes(), in.start(), in.end());
        MooncakeException failure = translator.translate(report);
        try {
            while (report.isRecoverable() && nextMessage() != 'Z') {
                // What was under way when the error came is dropped.
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    private MooncakeException unexpected(byte type, String where) {
        return new MooncakeException(
                ErrorCode.PROTOCOL_VIOLATION, "the server sent message '" + (char) type + "' " + where);
    }

    private MooncakeException lost(IOException e) {
        MooncakeException cause = aborted;
        if (cause != null) {
            return new MooncakeException(cause.code(), cause.text(), cause.hint(), e);
        }
        return new MooncakeException(mode.failure, "connection to " + endpoint + " lost: " + reason(e), e);
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return e instanceof EOFException || message != null
                ? String.valueOf(message)
                : e.getClass().getSimpleName();
    }
}
