package mooncake.mirror;

import mooncake.model.Deletes;

/// The rows of a former batch inside the file that it was written to. The file holds, in order, the
/// rows that were live when the batch was sealed, so a row's position is its rank among those, behind
/// `base`.
///
/// When files are merged, the rows that were deleted by then are gone from the new file too: the slice
/// of it has the union of both sets, and the positions of the slice's other rows are their ranks as
/// before.
final class FileSlice implements Container {
    private static final int PAGE_ROWS = 4_096;

    private final MirrorFile file;
    private final long base;
    private final int rows;
    private final Deletes gone;

    /// Rows that are gone before each page; empty when none is.
    private final int[] ranks;

    FileSlice(MirrorFile file, long base, int rows, Deletes gone) {
        this.file = file;
        this.base = base;
        this.rows = rows;
        this.gone = gone;
        this.ranks = new int[gone.isEmpty() ? 0 : rows / PAGE_ROWS + 1];
        int rank = 0;
        for (int page = 0; page < ranks.length; page++) {
            ranks[page] = rank;
            rank += count((long) page * PAGE_ROWS, Math.min(rows, (page + 1L) * PAGE_ROWS));
        }
    }

    MirrorFile file() {
        return file;
    }

    /// Where a row that the file holds lies in it. For a row that is gone, where the next one lies.
    long position(int row) {
        if (ranks.length == 0) {
            return base + row;
        }
        int page = row / PAGE_ROWS;
        return base + row - ranks[page] - count((long) page * PAGE_ROWS, row);
    }

    @Override
    public boolean delete(int row) {
        return file.delete(position(row));
    }

    /// This slice's part of the file that `moved` leads to, where `moved` has the rows of this slice's
    /// file and lacks `deleted` of them.
    FileSlice movedTo(FileSlice moved, Deletes deleted) {
        Deletes.Editor union = gone.edit();
        long end = position(rows);
        long word = 0;
        long before = base;
        for (long at = base & -64; at < end; at += 64) {
            for (long bits = deleted.word(at); bits != 0; bits &= bits - 1) {
                long position = at + Long.numberOfTrailingZeros(bits);
                if (position >= base && position < end) {
                    for (long live = live(word); before + live <= position; live = live(word)) {
                        before += live;
                        word += 64;
                    }
                    union.delete(word + select(liveWord(word), (int) (position - before)));
                }
            }
        }
        return new FileSlice(moved.file, moved.position((int) base), rows, union.snapshot());
    }

    private long live(long from) {
        return Long.bitCount(liveWord(from));
    }

    private long liveWord(long from) {
        long live = ~gone.word(from);
        return rows - from >= 64 ? live : live & (1L << (rows - from)) - 1;
    }

    /// The place of the bit that has `rank` set bits below it.
    private static int select(long bits, int rank) {
        long word = bits;
        for (int i = 0; i < rank; i++) {
            word &= word - 1;
        }
        return Long.numberOfTrailingZeros(word);
    }

    /// Rows that are gone in `[from, to)`, `from` a multiple of 64.
    private int count(long from, long to) {
        int count = 0;
        for (long row = from; row < to; row += 64) {
            long word = gone.word(row);
            count += Long.bitCount(to - row >= 64 ? word : word & (1L << (to - row)) - 1);
        }
        return count;
    }
}
