package mooncake.query.collate;

import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/// A function of characters, asked of a library once for each page of characters that texts hold. Threads that fill a
/// page at the same time fill it with the same.
final class CharacterTable {
    private static final int PAGE = 256;
    private static final int PAGES = (Character.MAX_CODE_POINT + 1) / PAGE;

    private final IntUnaryOperator function;
    private final int[] @Nullable [] pages = new int[PAGES][];

    CharacterTable(IntUnaryOperator function) {
        this.function = function;
    }

    int get(int character) {
        int[] page = pages[character / PAGE];
        if (page == null) {
            page = new int[PAGE];
            int first = character / PAGE * PAGE;
            for (int i = 0; i < PAGE; i++) {
                page[i] = function.applyAsInt(first + i);
            }
            pages[character / PAGE] = page;
        }
        return page[character % PAGE];
    }
}
