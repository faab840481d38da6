package mooncake.model;

/// One row as it came from Postgres: values in Postgres' binary send format, in place in the message they arrived in.
///
/// A value's length is its number of bytes, [#NULL], or [#UNCHANGED] for a TOASTed value that an UPDATE did not touch
/// and the log therefore does not hold. Not to be kept beyond the call it was passed to: the bytes may be reused.
public final class Tuple {
    public static final int NULL = -1;
    public static final int UNCHANGED = -2;

    private final byte[] bytes;
    private final int[] offsets;
    private final int[] lengths;
    private final int width;

    public Tuple(byte[] bytes, int[] offsets, int[] lengths, int width) {
        this.bytes = bytes;
        this.offsets = offsets;
        this.lengths = lengths;
        this.width = width;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int width() {
        return width;
    }

    public int offset(int column) {
        return offsets[column];
    }

    public int length(int column) {
        return lengths[column];
    }

    public boolean isNull(int column) {
        return lengths[column] == NULL;
    }

    public boolean isUnchanged(int column) {
        return lengths[column] == UNCHANGED;
    }
}
