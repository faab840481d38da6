package mooncake.mirror;

import java.nio.file.Path;
import java.util.SplittableRandom;
import mooncake.model.Check;

/// Where the rows are, by key. Rows that are equal in all columns are told apart by nothing, so the
/// index leads to the newest of them, and a second one from each of them to the next older: adding or
/// removing one of a million equal rows costs as much as any other.
final class RowIndex implements AutoCloseable {
    private final Path scratchDirectory;
    private final SplittableRandom random;
    private KeyIndex newest;
    private final KeyIndex older;

    RowIndex(Path scratchDirectory, SplittableRandom random) {
        this.scratchDirectory = scratchDirectory;
        this.random = random;
        this.newest = new KeyIndex(scratchDirectory, random);
        this.older = new KeyIndex(scratchDirectory, random);
    }

    long size() {
        return newest.size() + older.size();
    }

    /// The location of the newest row with the key, [KeyIndex#NONE] when there is none.
    long get(long low, long high) {
        return newest.get(low, high);
    }

    /// Adds the only row of its key; when there is one already, gives its location and changes nothing.
    long putIfAbsent(long low, long high, long location) {
        return newest.putIfAbsent(low, high, location);
    }

    /// Gives the only row of a key a new location and returns the old one, or [KeyIndex#NONE] and
    /// changes nothing.
    long replace(long low, long high, long location) {
        return newest.replace(low, high, location);
    }

    /// Adds a row whose key others may have too.
    void add(long low, long high, long location) {
        long before = newest.putIfAbsent(low, high, location);
        if (before != KeyIndex.NONE) {
            older.putIfAbsent(location, 0, before);
            newest.replace(low, high, location);
        }
    }

    /// Removes the newest row with the key and returns its location, [KeyIndex#NONE] when there is
    /// none.
    long remove(long low, long high) {
        if (older.size() == 0) {
            return newest.remove(low, high);
        }
        long location = newest.get(low, high);
        if (location != KeyIndex.NONE) {
            long next = older.remove(location, 0);
            if (next == KeyIndex.NONE) {
                newest.remove(low, high);
            } else {
                newest.replace(low, high, next);
            }
        }
        return location;
    }

    void clear() {
        newest.clear();
        older.clear();
    }

    /// Prepares an empty index for this many keys.
    void expect(long keys) {
        newest.expect(keys);
    }

    /// Computes the next key of the row that has this one.
    interface NextKey {
        RowKey of(long low, long high);
    }

    /// Gives all rows other keys, without looking at the rows.
    void rekey(NextKey nextKey) {
        KeyIndex next = new KeyIndex(scratchDirectory, random);
        try {
            next.expect(newest.size());
            newest.forEach((low, high, location) -> {
                RowKey key = nextKey.of(low, high);
                next.putIfAbsent(key.low(), key.high(), location);
            });
            Check.that(next.size() == newest.size(), "%d keys became %d", newest.size(), next.size());
        } catch (RuntimeException e) {
            next.close();
            throw e;
        }
        newest.close();
        newest = next;
    }

    @Override
    public void close() {
        newest.close();
        older.close();
    }
}
