package mooncake.query.frame;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.GatheringByteChannel;
import mooncake.model.Check;
import mooncake.model.Limits;

/// Writes whole frames to a blocking channel.
public final class FrameWriter {
    private final GatheringByteChannel channel;

    public FrameWriter(GatheringByteChannel channel) {
        this.channel = channel;
    }

    public void write(long number, Request request) throws IOException {
        write(number, Requests.type(request), new ByteBuffer[] {Requests.encode(request)});
    }

    public void write(long number, Reply reply) throws IOException {
        write(number, Replies.type(reply), new ByteBuffer[] {Replies.encode(reply)});
    }

    /// Sends the rows gathered in `batch` as one BATCH frame without copying them, and empties it.
    public void writeBatch(long number, BatchBuilder batch) throws IOException {
        write(number, Replies.BATCH_TYPE, batch.payload());
        batch.clear();
    }

    private void write(long number, int type, ByteBuffer[] parts) throws IOException {
        long length = 0;
        for (ByteBuffer part : parts) {
            length += part.remaining();
        }
        Check.that(length <= Limits.FRAME_BYTES_MAX, "a frame of %d bytes", length);
        ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt((int) length)
                .put((byte) type)
                .put((byte) 0)
                .putShort((short) 0)
                .putLong(number)
                .flip();
        ByteBuffer[] all = new ByteBuffer[parts.length + 1];
        all[0] = header;
        System.arraycopy(parts, 0, all, 1, parts.length);
        long left = length + Frame.HEADER_BYTES;
        while (left > 0) {
            left -= channel.write(all);
        }
    }
}
