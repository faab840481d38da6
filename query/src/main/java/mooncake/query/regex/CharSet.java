package mooncake.query.regex;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import mooncake.query.collate.CharacterClass;
import mooncake.query.collate.TextLocale;

/// A set of characters as ascending, disjoint ranges: first and last of each.
final class CharSet {
    static final CharSet NONE = new CharSet(new int[0]);
    static final CharSet ALL = range(0, Character.MAX_CODE_POINT);
    static final CharSet NEWLINE = range('\n', '\n');

    /// Asking a library for every character takes milliseconds, and servers have few locales.
    private static final int CLASSES_MAX = 500;

    private static final Map<ClassKey, CharSet> CLASSES = new ConcurrentHashMap<>();

    private record ClassKey(TextLocale locale, CharacterClass kind) {}

    private final int[] ranges;

    private CharSet(int[] ranges) {
        this.ranges = ranges;
    }

    int[] ranges() {
        return ranges;
    }

    static CharSet range(int first, int last) {
        return new CharSet(new int[] {first, last});
    }

    static CharSet of(int character) {
        return character < 0 || character > Character.MAX_CODE_POINT ? NONE : range(character, character);
    }

    static CharSet where(IntPredicate member) {
        int[] ranges = new int[64];
        int length = 0;
        for (int at = 0; at <= Character.MAX_CODE_POINT; at++) {
            if (member.test(at)) {
                if (length > 0 && ranges[length - 1] == at - 1) {
                    ranges[length - 1] = at;
                } else {
                    ranges = length == ranges.length ? Arrays.copyOf(ranges, length * 2) : ranges;
                    ranges[length++] = at;
                    ranges[length++] = at;
                }
            }
        }
        return new CharSet(Arrays.copyOf(ranges, length));
    }

    static CharSet ofClass(TextLocale locale, CharacterClass kind) {
        ClassKey key = new ClassKey(locale, kind);
        CharSet known = CLASSES.get(key);
        if (known == null) {
            known = where(character -> locale.is(kind, character));
            if (CLASSES.size() < CLASSES_MAX) {
                CLASSES.put(key, known);
            }
        }
        return known;
    }

    boolean isEmpty() {
        return ranges.length == 0;
    }

    boolean contains(int character) {
        int low = 0;
        int high = ranges.length / 2 - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (character < ranges[2 * middle]) {
                high = middle - 1;
            } else if (character > ranges[2 * middle + 1]) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    CharSet union(CharSet other) {
        if (isEmpty()) {
            return other;
        }
        int[] merged = new int[ranges.length + other.ranges.length];
        int length = 0;
        int a = 0;
        int b = 0;
        while (a < ranges.length || b < other.ranges.length) {
            boolean left = b >= other.ranges.length || (a < ranges.length && ranges[a] <= other.ranges[b]);
            int first = left ? ranges[a] : other.ranges[b];
            int last = left ? ranges[a + 1] : other.ranges[b + 1];
            a += left ? 2 : 0;
            b += left ? 0 : 2;
            if (length > 0 && first <= merged[length - 1] + 1) {
                merged[length - 1] = Math.max(merged[length - 1], last);
            } else {
                merged[length++] = first;
                merged[length++] = last;
            }
        }
        return new CharSet(Arrays.copyOf(merged, length));
    }

    CharSet complement() {
        int[] result = new int[ranges.length + 2];
        int length = 0;
        int next = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            if (ranges[i] > next) {
                result[length++] = next;
                result[length++] = ranges[i] - 1;
            }
            next = ranges[i + 1] + 1;
        }
        if (next <= Character.MAX_CODE_POINT) {
            result[length++] = next;
            result[length++] = Character.MAX_CODE_POINT;
        }
        return new CharSet(Arrays.copyOf(result, length));
    }

    CharSet without(CharSet other) {
        return complement().union(other).complement();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CharSet set && Arrays.equals(ranges, set.ranges);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ranges);
    }

    @Override
    public String toString() {
        return Arrays.toString(ranges);
    }
}
