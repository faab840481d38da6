package mooncake.query.frame;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import mooncake.model.Limits;
import org.jspecify.annotations.Nullable;

/// Reads whole frames from a blocking channel.
///
/// Memory for a payload is taken as its bytes arrive, so that a header alone cannot make the engine allocate much.
public final class FrameReader {
    private static final int FIRST_BYTES = 1 << 16;

    private final ReadableByteChannel channel;
    private final ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    public FrameReader(ReadableByteChannel channel) {
        this.channel = channel;
    }

    /// The next request, or null when the peer closed the connection between frames.
    public @Nullable Frame<Request> nextRequest() throws IOException {
        if (!readHeader()) {
            return null;
        }
        int type = header.get(4);
        long number = header.getLong(8);
        return new Frame<>(number, Requests.decode(type, readPayload()));
    }

    /// The next reply, or null when the peer closed the connection between frames.
    public @Nullable Frame<Reply> nextReply() throws IOException {
        if (!readHeader()) {
            return null;
        }
        int type = header.get(4);
        long number = header.getLong(8);
        return new Frame<>(number, Replies.decode(type, readPayload()));
    }

    private boolean readHeader() throws IOException {
        header.clear();
        while (header.hasRemaining()) {
            if (channel.read(header) < 0) {
                if (header.position() == 0) {
                    return false;
                }
                throw PayloadReader.violation("the connection ended inside a frame");
            }
        }
        if (header.get(5) != 0 || header.getShort(6) != 0) {
            throw PayloadReader.violation("a frame header's reserved bytes are not zero");
        }
        return true;
    }

    private ByteBuffer readPayload() throws IOException {
        int length = header.getInt(0);
        if (length < 0 || length > Limits.FRAME_BYTES_MAX) {
            throw PayloadReader.violation("a frame of " + Integer.toUnsignedString(length) + " bytes");
        }
        ByteBuffer payload = ByteBuffer.allocate(Math.min(length, FIRST_BYTES));
        while (payload.position() < length) {
            if (!payload.hasRemaining()) {
                int larger = (int) Math.min(length, payload.capacity() * 2L);
                payload = ByteBuffer.allocate(larger).put(payload.flip());
            }
            if (channel.read(payload) < 0) {
                throw PayloadReader.violation("the connection ended inside a frame");
            }
        }
        return payload.flip().order(ByteOrder.LITTLE_ENDIAN);
    }
}
