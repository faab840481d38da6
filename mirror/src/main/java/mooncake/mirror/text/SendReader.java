package mooncake.mirror.text;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Reads one value in Postgres' binary send format, big-endian, never beyond its end.
public final class SendReader {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes = new byte[0];
    private int at;
    private int end;

    public void open(byte[] value, int offset, int length) {
        bytes = value;
        at = offset;
        end = offset + length;
    }

    /// Checks that the value has no more bytes.
    public void close() {
        require(at == end, "%d bytes are left over", end - at);
    }

    byte[] bytes() {
        return bytes;
    }

    int remaining() {
        return end - at;
    }

    byte int8() {
        return bytes[take(1)];
    }

    int uint8() {
        return int8() & 0xff;
    }

    short int16() {
        return (short) SHORT.get(bytes, take(2));
    }

    int uint16() {
        return int16() & 0xffff;
    }

    int int32() {
        return (int) INT.get(bytes, take(4));
    }

    long uint32() {
        return int32() & 0xffffffffL;
    }

    long int64() {
        return (long) LONG.get(bytes, take(8));
    }

    float float4() {
        return Float.intBitsToFloat(int32());
    }

    double float8() {
        return Double.longBitsToDouble(int64());
    }

    /// Skips bytes and returns where they begin.
    int take(int count) {
        require(count >= 0 && count <= end - at, "it ends %d bytes early", (long) count - (end - at));
        int start = at;
        at += count;
        return start;
    }

    /// Skips bytes up to a zero byte and behind it; their number without the zero.
    int takeTerminated() {
        int start = at;
        while (at < end && bytes[at] != 0) {
            at++;
        }
        int length = at - start;
        take(1);
        return length;
    }

    int position() {
        return at;
    }

    /// Narrows the value to a part of the given length that begins here; gives what [#leave] needs.
    int enter(int length) {
        require(length >= 0 && length <= end - at, "a part has %d bytes of %d", length, end - at);
        int outer = end;
        end = at + length;
        return outer;
    }

    /// Ends a part, which must have been read to its end.
    void leave(int outer) {
        close();
        end = outer;
    }

    @FormatMethod
    static void require(boolean holds, @FormatString String what, Object... args) {
        if (!holds) {
            throw new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, String.format(java.util.Locale.ROOT, what, args));
        }
    }
}
