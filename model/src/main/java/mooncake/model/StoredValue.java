package mooncake.model;

import java.util.Arrays;
import java.util.HexFormat;

/// One value in the form of its column's [Storage]: the little-endian bytes, or for [Storage#STRING] the string's own.
public final class StoredValue {
    private final byte[] bytes;

    public StoredValue(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredValue that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
