package mooncake.source.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Builds one message to the server. The length field is filled in by [#finish].
final class MessageWriter {
    private byte[] bytes = new byte[256];
    private final int lengthAt;
    private int size;

    private MessageWriter(int lengthAt) {
        this.lengthAt = lengthAt;
        this.size = lengthAt + 4;
    }

    static MessageWriter of(char type) {
        MessageWriter writer = new MessageWriter(1);
        writer.bytes[0] = (byte) type;
        return writer;
    }

    /// The first messages of a connection have no type byte.
    static MessageWriter untyped() {
        return new MessageWriter(0);
    }

    MessageWriter int32(int value) {
        room(4);
        ByteBuffer.wrap(bytes).putInt(size, value);
        size += 4;
        return this;
    }

    MessageWriter raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    /// A text with its terminating zero.
    MessageWriter string(String text) {
        return raw(text.getBytes(StandardCharsets.UTF_8)).raw(new byte[1]);
    }

    ByteBuffer finish() {
        ByteBuffer message = ByteBuffer.wrap(bytes, 0, size);
        message.putInt(lengthAt, size - lengthAt);
        return message;
    }

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
