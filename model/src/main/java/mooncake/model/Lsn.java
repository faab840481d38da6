package mooncake.model;

/// A position in Postgres' write-ahead log, compared as an unsigned 64-bit byte offset; `0/0` is "none".
public record Lsn(long value) implements Comparable<Lsn> {
    public static final Lsn NONE = new Lsn(0);

    /// Reads Postgres' text form, two hexadecimal words joined by a slash.
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        Check.that(slash > 0, "not an LSN: %s", text);
        long high = Long.parseUnsignedLong(text.substring(0, slash), 16);
        long low = Long.parseUnsignedLong(text.substring(slash + 1), 16);
        return new Lsn(high << 32 | low);
    }

    public boolean isNone() {
        return value == 0;
    }

    public boolean reaches(Lsn target) {
        return compareTo(target) >= 0;
    }

    public static Lsn max(Lsn a, Lsn b) {
        return a.reaches(b) ? a : b;
    }

    public static Lsn min(Lsn a, Lsn b) {
        return a.reaches(b) ? b : a;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toHexString(value >>> 32).toUpperCase(java.util.Locale.ROOT)
                + "/"
                + Long.toHexString(value & 0xffffffffL).toUpperCase(java.util.Locale.ROOT);
    }
}
