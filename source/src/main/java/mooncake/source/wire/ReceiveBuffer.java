package mooncake.source.wire;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Received bytes cut into messages, in one array that is used again and again.
///
/// The array grows only as bytes really arrive, so a bogus length costs nothing, and shrinks back after a large
/// message.
final class ReceiveBuffer {
    /// Type byte and length.
    static final int HEADER_BYTES = 5;

    /// Bytes of one message: what Postgres can put into one of its own buffers.
    static final int MESSAGE_BYTES_MAX = 1 << 30;

    /// Bytes of an array that is kept once it is empty.
    static final int RETAINED_BYTES_MAX = 16 << 20;

    /// Bytes asked for in one read; the JDK keeps a native buffer of this size for each reading thread.
    private static final int READ_BYTES_MAX = 1 << 20;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final ReadableByteChannel channel;
    private final int initialBytes;
    private byte[] bytes;
    private ByteBuffer view;
    private int position;
    private int limit;
    private int start;
    private volatile long blockedSince;

    ReceiveBuffer(ReadableByteChannel channel, int initialBytes) {
        this.channel = channel;
        this.initialBytes = initialBytes;
        this.bytes = new byte[initialBytes];
        this.view = ByteBuffer.wrap(bytes);
    }

    byte[] bytes() {
        return bytes;
    }

    /// First byte of the last message's payload.
    int start() {
        return start;
    }

    /// Behind the last byte of the last message's payload.
    int end() {
        return position;
    }

    /// Whether the next message is here as a whole.
    boolean holdsMessage() {
        int available = limit - position;
        return available >= HEADER_BYTES && available > length();
    }

    /// The type of the next message without taking it; only when [#holdsMessage].
    byte peek() {
        return bytes[position];
    }

    /// Takes the next message, waiting for it if need be, and returns its type.
    byte next() throws IOException {
        while (!holdsMessage()) {
            fill();
        }
        byte type = bytes[position];
        start = position + HEADER_BYTES;
        position += 1 + length();
        return type;
    }

    /// `System.nanoTime()` since when the reader waits for bytes, 0 while it does not.
    long blockedSince() {
        return blockedSince;
    }

    private int length() {
        int length = (int) INT.get(bytes, position + 1);
        if (length < 4 || length > MESSAGE_BYTES_MAX) {
            throw new MooncakeException(
                    ErrorCode.PROTOCOL_VIOLATION,
                    "the server sent a message of length " + Integer.toUnsignedString(length));
        }
        return length;
    }

    private void fill() throws IOException {
        makeRoom();
        view.limit(Math.min(bytes.length, limit + READ_BYTES_MAX)).position(limit);
        long now = System.nanoTime();
        blockedSince = now == 0 ? 1 : now;
        try {
            int count = channel.read(view);
            if (count < 0) {
                throw new EOFException("the server closed the connection");
            }
            limit += count;
        } finally {
            blockedSince = 0;
        }
    }

    private void makeRoom() {
        if (position == limit && bytes.length > RETAINED_BYTES_MAX) {
            replace(new byte[initialBytes], 0);
        }
        if (position > 0) {
            System.arraycopy(bytes, position, bytes, 0, limit - position);
            limit -= position;
            position = 0;
        }
        if (limit == bytes.length) {
            int needed = 1 + length();
            replace(Arrays.copyOf(bytes, (int) Math.min(needed, 2L * bytes.length)), limit);
        }
    }

    private void replace(byte[] array, int kept) {
        bytes = array;
        view = ByteBuffer.wrap(array);
        position = 0;
        limit = kept;
    }
}
