package mooncake.source.copy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.Tuple;

/// Reads COPY's binary format in place: a header, rows of the expected width, a trailer. Rows do not cross the borders
/// of copy data messages.
final class CopyRowReader {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int HEADER_BYTES = SIGNATURE.length + 8;

    private final int width;
    private final RowConsumer consumer;
    private final int[] offsets;
    private final int[] lengths;
    private Tuple tuple;
    private boolean headerRead;
    private boolean trailerRead;
    private long rows;

    CopyRowReader(int width, RowConsumer consumer) {
        this.width = width;
        this.consumer = consumer;
        this.offsets = new int[width];
        this.lengths = new int[width];
        this.tuple = new Tuple(new byte[0], offsets, lengths, width);
    }

    /// Hands all rows of one message to the consumer.
    @SuppressWarnings("ReferenceEquality") // the same array, not an equal one
    void read(byte[] bytes, int start, int end) {
        if (tuple.bytes() != bytes) {
            tuple = new Tuple(bytes, offsets, lengths, width);
        }
        int at = headerRead ? start : header(bytes, start, end);
        while (at < end) {
            if (trailerRead || end - at < 2) {
                throw violation("bytes after the last row");
            }
            int count = (short) SHORT.get(bytes, at);
            at += 2;
            if (count == -1) {
                trailerRead = true;
            } else if (count == width) {
                at = row(bytes, at, end);
                rows++;
                consumer.accept(tuple);
            } else {
                throw violation("a row of " + count + " columns instead of " + width);
            }
        }
    }

    /// Checks that the end was reached, and returns the number of rows.
    long finish() {
        if (!trailerRead) {
            throw violation("the trailer is missing");
        }
        return rows;
    }

    private int row(byte[] bytes, int start, int end) {
        int at = start;
        for (int column = 0; column < width; column++) {
            if (end - at < 4) {
                throw violation("a truncated row");
            }
            int length = (int) INT.get(bytes, at);
            at += 4;
            if (length < Tuple.NULL || length > end - at) {
                throw violation("a value of length " + length);
            }
            offsets[column] = at;
            lengths[column] = length;
            at += Math.max(length, 0);
        }
        return at;
    }

    private int header(byte[] bytes, int start, int end) {
        if (end - start < HEADER_BYTES
                || !Arrays.equals(bytes, start, start + SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
            throw violation("no header");
        }
        int flags = (int) INT.get(bytes, start + SIGNATURE.length);
        int extension = (int) INT.get(bytes, start + SIGNATURE.length + 4);
        if (flags != 0 || extension < 0 || extension > end - start - HEADER_BYTES) {
            throw violation("an unknown header");
        }
        headerRead = true;
        return start + HEADER_BYTES + extension;
    }

    private static MooncakeException violation(String what) {
        return new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, "binary copy: " + what);
    }
}
