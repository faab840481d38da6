package mooncake.source.copy;

import java.util.Arrays;
import mooncake.model.Check;
import mooncake.model.Lsn;

/// Which transactions a copy has seen.
///
/// @param xmin all transactions below are seen
/// @param xmax all transactions from here on are not seen
/// @param running top-level transactions between the two that were running: not seen; ascending
/// @param lsn behind the commit record of every transaction that is seen
@SuppressWarnings("ArrayRecordComponent")
public record CopySnapshot(long xmin, long xmax, long[] running, Lsn lsn) {
    public CopySnapshot {
        running = running.clone();
        Arrays.sort(running);
        Check.that(Long.compareUnsigned(xmin, xmax) <= 0, "snapshot from %d to %d", xmin, xmax);
    }

    /// Reads the text form of `pg_current_snapshot()`: `xmin:xmax:running,...`.
    public static CopySnapshot parse(String text, Lsn lsn) {
        String[] parts = text.split(":", -1);
        Check.that(parts.length == 3, "not a snapshot: %s", text);
        long[] running = parts[2].isEmpty()
                ? new long[0]
                : Arrays.stream(parts[2].split(",", -1))
                        .mapToLong(Long::parseUnsignedLong)
                        .toArray();
        return new CopySnapshot(Long.parseUnsignedLong(parts[0]), Long.parseUnsignedLong(parts[1]), running, lsn);
    }

    /// Whether the copy holds what a committed transaction did.
    ///
    /// @param xid the top-level transaction as [mooncake.model.Change.Begin] gives it, that is the lower
    ///     half of its number; the log's transactions are within two billion of the snapshot, so the upper
    ///     half is known
    public boolean sees(int xid) {
        long full = xmax + (xid - (int) xmax);
        if (full >= xmax) {
            return false;
        }
        return full < xmin || Arrays.binarySearch(running, full) < 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CopySnapshot that
                && xmin == that.xmin
                && xmax == that.xmax
                && Arrays.equals(running, that.running)
                && lsn.equals(that.lsn);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(xmin) * 31 + Long.hashCode(xmax);
    }

    @Override
    public String toString() {
        return "CopySnapshot[" + xmin + ":" + xmax + ":" + Arrays.toString(running) + " at " + lsn + "]";
    }
}
