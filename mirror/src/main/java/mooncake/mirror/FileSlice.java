package mooncake.mirror;

import mooncake.model.Deletes;

/// The rows of a former batch inside the file that it was written to. The file holds, in order, the rows that were live
/// when the batch was sealed, so a row's position is its rank among those, behind `base`.
final class FileSlice implements Container {
    private static final int PAGE_ROWS = 4_096;

    private final MirrorFile file;
    private final long base;
    private final Deletes atSeal;

    /// Deleted rows before each page; empty when nothing was deleted.
    private final int[] ranks;

    FileSlice(MirrorFile file, long base, int rows, Deletes atSeal) {
        this.file = file;
        this.base = base;
        this.atSeal = atSeal;
        this.ranks = new int[atSeal.isEmpty() ? 0 : rows / PAGE_ROWS + 1];
        int rank = 0;
        for (int page = 0; page < ranks.length; page++) {
            ranks[page] = rank;
            rank += count((long) page * PAGE_ROWS, Math.min(rows, (page + 1L) * PAGE_ROWS));
        }
    }

    MirrorFile file() {
        return file;
    }

    /// Where a row that was live at the seal lies in the file.
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

    /// Rows deleted at the seal in `[from, to)`, `from` a multiple of 64.
    private int count(long from, long to) {
        int count = 0;
        for (long row = from; row < to; row += 64) {
            long word = atSeal.word(row);
            count += Long.bitCount(to - row >= 64 ? word : word & (1L << (to - row)) - 1);
        }
        return count;
    }
}
