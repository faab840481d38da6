package mooncake.query.exact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Ranges of one type of bounds as sets of values: sorted, without overlaps and gaps of nothing, none of them empty.
final class Ranges {
    /// Where a bound lies: a key of its value, and whether before, at or behind it. A null key is an infinity.
    private static final class Bound {
        private final byte @Nullable [] key;
        private final int side;
        private final boolean isLower;

        Bound(byte @Nullable [] key, int side, boolean isLower) {
            this.key = key;
            this.side = side;
            this.isLower = isLower;
        }

        static int compare(Bound a, Bound b) {
            if (a.key == null || b.key == null) {
                return Integer.compare(a.infinity(), b.infinity());
            }
            int order = Arrays.compareUnsigned(a.key, b.key);
            return order != 0 ? order : Integer.compare(a.side, b.side);
        }

        private int infinity() {
            return key != null ? 0 : isLower ? -1 : 1;
        }
    }

    private final KeyForm form;

    Ranges(KeyForm form) {
        this.form = form;
    }

    private Bound lower(RangeValue range) {
        return bound(range.lower(), range.lowerInclusive() ? 0 : 1, true);
    }

    private Bound upper(RangeValue range) {
        return bound(range.upper(), range.upperInclusive() ? 0 : -1, false);
    }

    private Bound bound(@Nullable String text, int side, boolean isLower) {
        return new Bound(text == null ? null : KeyWriter.key(text, form), text == null ? 0 : side, isLower);
    }

    int compareLower(RangeValue a, RangeValue b) {
        return Bound.compare(lower(a), lower(b));
    }

    int compareUpper(RangeValue a, RangeValue b) {
        return Bound.compare(upper(a), upper(b));
    }

    /// The lower bound of the first with the upper bound of the second.
    int compareLowerUpper(RangeValue a, RangeValue b) {
        return Bound.compare(lower(a), upper(b));
    }

    /// Whether the first ends where the second begins, with nothing between or in both.
    boolean touches(RangeValue a, RangeValue b) {
        String upper = a.upper();
        String lower = b.lower();
        return upper != null
                && lower != null
                && KeyWriter.equal(upper, lower, form)
                && a.upperInclusive() != b.lowerInclusive();
    }

    /// A range of given bounds.
    RangeValue make(@Nullable String lower, @Nullable String upper, boolean lowerInclusive, boolean upperInclusive) {
        RangeValue range = checked(lower, upper, lowerInclusive, upperInclusive);
        if (range.isEmpty() || !isDiscrete()) {
            return range;
        }
        String first = range.lower();
        String last = range.upper();
        return checked(
                (first == null || range.lowerInclusive()) ? first : next(first),
                (last == null || !range.upperInclusive()) ? last : next(last),
                range.lowerInclusive() || isFinite(first),
                range.upperInclusive() && !isFinite(last));
    }

    private RangeValue checked(
            @Nullable String lower, @Nullable String upper, boolean lowerInclusive, boolean upperInclusive) {
        if (lower != null && upper != null) {
            int order = Arrays.compareUnsigned(KeyWriter.key(lower, form), KeyWriter.key(upper, form));
            if (order > 0) {
                throw Errors.data("range lower bound must be less than or equal to range upper bound");
            }
            if (order == 0 && !(lowerInclusive && upperInclusive)) {
                return RangeValue.EMPTY;
            }
        }
        return new RangeValue(false, lower, upper, lower != null && lowerInclusive, upper != null && upperInclusive);
    }

    private boolean isDiscrete() {
        return form == KeyForm.Simple.INTEGER || form == KeyForm.Simple.BIGINT || form == KeyForm.Simple.DATE;
    }

    private static boolean isFinite(@Nullable String value) {
        return value == null || !value.endsWith("infinity");
    }

    private String next(String value) {
        if (!isFinite(value)) {
            return value;
        }
        if (form == KeyForm.Simple.DATE) {
            return MomentText.dateText(Timestamps.addDays(MomentText.date(value), 1));
        }
        long number = Long.parseLong(value);
        if (form == KeyForm.Simple.INTEGER && number == Integer.MAX_VALUE) {
            throw Errors.outOfRange("integer out of range");
        }
        if (number == Long.MAX_VALUE) {
            throw Errors.outOfRange("bigint out of range");
        }
        return Long.toString(number + 1);
    }

    /// The same values in the form of a multirange.
    List<RangeValue> normal(List<RangeValue> ranges) {
        List<RangeValue> sorted = new ArrayList<>();
        for (RangeValue range : ranges) {
            if (!range.isEmpty()) {
                sorted.add(range);
            }
        }
        Comparator<RangeValue> byLower = this::compareLower;
        sorted.sort(byLower.thenComparing(this::compareUpper));
        List<RangeValue> normal = new ArrayList<>();
        for (RangeValue range : sorted) {
            RangeValue last = normal.isEmpty() ? null : normal.getLast();
            if (last != null && (overlap(last, range) || touches(last, range))) {
                normal.set(normal.size() - 1, hull(last, range));
            } else {
                normal.add(range);
            }
        }
        return normal;
    }

    /// The smallest range with all values of both, neither of which is empty; of equal bounds the second shows.
    RangeValue hull(RangeValue a, RangeValue b) {
        RangeValue low = compareLower(a, b) < 0 ? a : b;
        RangeValue high = compareUpper(a, b) > 0 ? a : b;
        return new RangeValue(false, low.lower(), high.upper(), low.lowerInclusive(), high.upperInclusive());
    }

    boolean overlap(RangeValue a, RangeValue b) {
        return compareLowerUpper(a, b) <= 0 && compareLowerUpper(b, a) <= 0;
    }

    private boolean contains(RangeValue whole, RangeValue part) {
        return compareLower(whole, part) <= 0 && compareUpper(whole, part) >= 0;
    }

    boolean contains(List<RangeValue> whole, List<RangeValue> parts) {
        return parts.stream().allMatch(part -> whole.stream().anyMatch(range -> contains(range, part)));
    }

    boolean overlap(List<RangeValue> a, List<RangeValue> b) {
        return a.stream().anyMatch(range -> b.stream().anyMatch(other -> overlap(range, other)));
    }

    List<RangeValue> intersection(List<RangeValue> a, List<RangeValue> b) {
        List<RangeValue> common = new ArrayList<>();
        for (RangeValue range : a) {
            for (RangeValue other : b) {
                if (overlap(range, other)) {
                    RangeValue low = compareLower(range, other) >= 0 ? range : other;
                    RangeValue high = compareUpper(range, other) <= 0 ? range : other;
                    common.add(make(low.lower(), high.upper(), low.lowerInclusive(), high.upperInclusive()));
                }
            }
        }
        return common;
    }

    List<RangeValue> difference(List<RangeValue> a, List<RangeValue> b) {
        List<RangeValue> left = a;
        for (RangeValue taken : b) {
            List<RangeValue> rest = new ArrayList<>();
            for (RangeValue range : left) {
                subtract(range, taken, rest);
            }
            left = rest;
        }
        return left;
    }

    private void subtract(RangeValue range, RangeValue taken, List<RangeValue> rest) {
        if (!overlap(range, taken)) {
            rest.add(range);
            return;
        }
        if (compareLower(range, taken) < 0) {
            rest.add(make(range.lower(), taken.lower(), range.lowerInclusive(), !taken.lowerInclusive()));
        }
        if (compareUpper(range, taken) > 0) {
            rest.add(make(taken.upper(), range.upper(), !taken.upperInclusive(), range.upperInclusive()));
        }
    }

    static String print(List<RangeValue> multirange) {
        StringBuilder text = new StringBuilder("{");
        for (RangeValue range : multirange) {
            text.append(text.length() == 1 ? "" : ",").append(range);
        }
        return text.append('}').toString();
    }
}
