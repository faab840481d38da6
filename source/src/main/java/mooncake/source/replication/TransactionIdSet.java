package mooncake.source.replication;

import java.util.HashMap;
import java.util.Map;

/// A set of 32-bit transaction ids. Ids that lie close together share a page of bits, so that a transaction with
/// millions of sub-transactions costs a bit for each.
final class TransactionIdSet {
    private static final int PAGE_BITS = 12;
    private static final int PAGE_WORDS = (1 << PAGE_BITS) / Long.SIZE;

    private final Map<Integer, long[]> pages = new HashMap<>();

    boolean isEmpty() {
        return pages.isEmpty();
    }

    void add(int id) {
        page(id)[word(id)] |= 1L << id;
    }

    boolean contains(int id) {
        long[] page = pages.get(id >>> PAGE_BITS);
        return page != null && (page[word(id)] & 1L << id) != 0;
    }

    private long[] page(int id) {
        return pages.computeIfAbsent(id >>> PAGE_BITS, _ -> new long[PAGE_WORDS]);
    }

    private static int word(int id) {
        return (id & (1 << PAGE_BITS) - 1) / Long.SIZE;
    }
}
