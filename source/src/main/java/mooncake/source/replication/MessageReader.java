package mooncake.source.replication;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// A cursor over one message's bytes; reading past its end is a protocol violation.
final class MessageReader {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes = new byte[0];
    private int at;
    private int end;

    void reset(byte[] message, int from, int to) {
        bytes = message;
        at = from;
        end = to;
    }

    byte[] bytes() {
        return bytes;
    }

    int position() {
        return at;
    }

    byte int8() {
        return bytes[take(1)];
    }

    int uint16() {
        return (short) SHORT.get(bytes, take(2)) & 0xffff;
    }

    int int32() {
        return (int) INT.get(bytes, take(4));
    }

    long int64() {
        return (long) LONG.get(bytes, take(8));
    }

    void skip(int count) {
        take(count);
    }

    /// A text that ends with a zero byte.
    String string() {
        int start = at;
        while (int8() != 0) {
            // Looking for the end.
        }
        return new String(bytes, start, at - 1 - start, StandardCharsets.UTF_8);
    }

    String text(int length) {
        return new String(bytes, take(length), length, StandardCharsets.UTF_8);
    }

    void expectEnd() {
        if (at != end) {
            throw new MooncakeException(
                    ErrorCode.PROTOCOL_VIOLATION, (end - at) + " bytes too many in a replication message");
        }
    }

    private int take(int count) {
        int start = at;
        if (count < 0 || count > end - start) {
            throw new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, "truncated replication message");
        }
        at = start + count;
        return start;
    }
}
