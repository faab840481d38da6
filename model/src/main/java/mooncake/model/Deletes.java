package mooncake.model;

/// An immutable set of deleted row positions of one batch or file, sharing all untouched pages with the set it was
/// derived from.
///
/// Readers use [#isDeleted] and [#anyIn] without synchronisation; [Editor] derives the next set.
public final class Deletes {
    /// Positions of one page. Pages are small so that one delete copies little.
    public static final int PAGE_ROWS = 8_192;

    private static final int PAGE_WORDS = PAGE_ROWS / 64;
    public static final Deletes NONE = new Deletes(new long[0][], 0);

    private final long[][] pages;
    private final long cardinality;

    private Deletes(long[][] pages, long cardinality) {
        this.pages = pages;
        this.cardinality = cardinality;
    }

    public long cardinality() {
        return cardinality;
    }

    public boolean isEmpty() {
        return cardinality == 0;
    }

    public boolean isDeleted(long row) {
        long[] page = page(row);
        return page != null && (page[(int) (row % PAGE_ROWS) >> 6] & 1L << row) != 0;
    }

    /// The 64 positions from `row & ~63`, one bit each, set where deleted.
    public long word(long row) {
        long[] page = page(row);
        return page == null ? 0 : page[(int) (row % PAGE_ROWS) >> 6];
    }

    /// Whether any position in `[from, to)` is deleted; exact.
    public boolean anyIn(long from, long to) {
        long row = from;
        while (row < to) {
            long[] page = page(row);
            if (page == null) {
                row = (row / PAGE_ROWS + 1) * PAGE_ROWS;
                continue;
            }
            long word = page[(int) (row % PAGE_ROWS) >> 6] >>> (row & 63);
            long end = Math.min(to, (row | 63) + 1);
            long mask = end - row == 64 ? -1L : (1L << (end - row)) - 1;
            if ((word & mask) != 0) {
                return true;
            }
            row = end;
        }
        return false;
    }

    /// Deleted positions below `row`.
    public long rank(long row) {
        long count = 0;
        long at = 0;
        for (long[] page : pages) {
            if (at >= row) {
                break;
            }
            if (page != null) {
                for (int i = 0; i < PAGE_WORDS && at + i * 64L < row; i++) {
                    long left = row - (at + i * 64L);
                    count += Long.bitCount(left >= 64 ? page[i] : page[i] & (1L << left) - 1);
                }
            }
            at += PAGE_ROWS;
        }
        return count;
    }

    /// Calls `each` for all deleted positions in ascending order.
    public void forEach(java.util.function.LongConsumer each) {
        for (int p = 0; p < pages.length; p++) {
            long[] page = pages[p];
            if (page == null) {
                continue;
            }
            for (int i = 0; i < PAGE_WORDS; i++) {
                for (long word = page[i]; word != 0; word &= word - 1) {
                    each.accept((long) p * PAGE_ROWS + i * 64L + Long.numberOfTrailingZeros(word));
                }
            }
        }
    }

    public Editor edit() {
        return new Editor(this);
    }

    @SuppressWarnings("NullAway")
    private long[] page(long row) {
        int index = (int) (row / PAGE_ROWS);
        return index < pages.length ? pages[index] : null;
    }

    /// Derives the next set; owned by one writer. [#snapshot] may be called again and again: pages handed out are not
    /// changed afterwards.
    public static final class Editor {
        private long[][] pages;
        private boolean[] owned;
        private long cardinality;
        private Deletes last;

        private Editor(Deletes base) {
            this.pages = base.pages.clone();
            this.owned = new boolean[pages.length];
            this.cardinality = base.cardinality;
            this.last = base;
        }

        public boolean isDeleted(long row) {
            int index = (int) (row / PAGE_ROWS);
            return index < pages.length
                    && pages[index] != null
                    && (pages[index][(int) (row % PAGE_ROWS) >> 6] & 1L << row) != 0;
        }

        /// Adds a position; false when it was there already.
        public boolean delete(long row) {
            int index = (int) (row / PAGE_ROWS);
            if (index >= pages.length) {
                int length = Math.max(index + 1, pages.length + (pages.length >> 1));
                pages = java.util.Arrays.copyOf(pages, length);
                owned = java.util.Arrays.copyOf(owned, length);
            }
            if (pages[index] == null) {
                pages[index] = new long[PAGE_WORDS];
                owned[index] = true;
            } else if (!owned[index]) {
                pages[index] = pages[index].clone();
                owned[index] = true;
            }
            int word = (int) (row % PAGE_ROWS) >> 6;
            if ((pages[index][word] & 1L << row) != 0) {
                return false;
            }
            pages[index][word] |= 1L << row;
            cardinality++;
            return true;
        }

        public long cardinality() {
            return cardinality;
        }

        public Deletes snapshot() {
            if (last.cardinality != cardinality) {
                last = new Deletes(pages.clone(), cardinality);
                owned = new boolean[pages.length];
            }
            return last;
        }
    }
}
