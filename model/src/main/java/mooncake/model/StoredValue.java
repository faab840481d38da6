package mooncake.model;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/// One value in the form of its column's [Storage]: the little-endian bytes, or for [Storage#STRING] the string's own.
public final class StoredValue {
    private final byte[] bytes;

    public StoredValue(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public boolean bool() {
        return bytes[0] != 0;
    }

    /// The number in any of the integers' storages.
    public BigInteger integer() {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[bytes.length - 1 - i] = bytes[i];
        }
        return new BigInteger(reversed);
    }

    /// The number in [Storage#FLOAT] or [Storage#DOUBLE].
    public double floating() {
        return bytes.length == Float.BYTES
                ? littleEndian().getFloat()
                : littleEndian().getDouble();
    }

    /// The value of a `uuid`, which has its top bit flipped in storage.
    public UUID uuid() {
        ByteBuffer words = littleEndian();
        long low = words.getLong();
        return new UUID(words.getLong() ^ Long.MIN_VALUE, low);
    }

    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private ByteBuffer littleEndian() {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
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
