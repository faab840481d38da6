package mooncake.query.exact;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import mooncake.duckdb.WritableVector;

/// Writes bytes into a vector by way of one piece of native memory for a whole call.
final class TextOut implements AutoCloseable {
    private static final int BYTES = 256;

    private final WritableVector out;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment scratch = arena.allocate(BYTES);

    TextOut(WritableVector out) {
        this.out = out;
    }

    void put(int row, byte[] text) {
        put(row, text, 0, text.length);
    }

    void put(int row, byte[] text, int from, int length) {
        if (length > BYTES) {
            out.setBytes(row, java.util.Arrays.copyOfRange(text, from, from + length));
            return;
        }
        MemorySegment.copy(text, from, scratch, ValueLayout.JAVA_BYTE, 0, length);
        out.setBytes(row, scratch.asSlice(0, length));
    }

    void put(int row, Numeric value) {
        put(row, ExactFunction.ascii(value.text()));
    }

    @Override
    public void close() {
        arena.close();
    }
}
