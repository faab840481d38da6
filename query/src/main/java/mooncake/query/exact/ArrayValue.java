package mooncake.query.exact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// An array of Postgres: the lengths and lower bounds of its dimensions, none for an empty array, and its elements as
/// the texts of their values, null for NULL.
final class ArrayValue {
    static final int DIMENSIONS_MAX = 6;

    /// As many elements as Postgres lets an array have.
    private static final int ELEMENTS_MAX = 134_217_727;
    /// The engine's heap holds arrays of several rows at a time.
    private static final int ELEMENTS_COMPUTED_MAX = 1_000_000;

    static final ArrayValue EMPTY = new ArrayValue(new int[0], new int[0], List.of());

    private final int[] lengths;
    private final int[] lower;
    private final List<@Nullable String> elements;

    ArrayValue(int[] lengths, int[] lower, List<@Nullable String> elements) {
        this.lengths = lengths;
        this.lower = lower;
        this.elements = elements;
    }

    /// An array of one dimension counted from 1, or an empty one.
    static ArrayValue of(List<@Nullable String> elements) {
        return elements.isEmpty() ? EMPTY : new ArrayValue(new int[] {elements.size()}, new int[] {1}, elements);
    }

    static ArrayValue parse(String text) {
        return new ArrayReader(text).read();
    }

    int dimensions() {
        return lengths.length;
    }

    int length(int dimension) {
        return lengths[dimension];
    }

    int lower(int dimension) {
        return lower[dimension];
    }

    int upper(int dimension) {
        return lower[dimension] + lengths[dimension] - 1;
    }

    List<@Nullable String> elements() {
        return elements;
    }

    boolean isEmpty() {
        return elements.isEmpty();
    }

    boolean hasNulls() {
        return elements.stream().anyMatch(java.util.Objects::isNull);
    }

    /// The same dimensions with other elements.
    ArrayValue with(List<@Nullable String> others) {
        return new ArrayValue(lengths, lower, others);
    }

    /// The element at these subscripts, null when there is none or it is NULL.
    @Nullable
    String get(int[] subscripts) {
        if (subscripts.length != lengths.length) {
            return null;
        }
        int at = 0;
        for (int i = 0; i < lengths.length; i++) {
            if (subscripts[i] < lower[i] || subscripts[i] > upper(i)) {
                return null;
            }
            at = at * lengths[i] + subscripts[i] - lower[i];
        }
        return elements.isEmpty() ? null : elements.get(at);
    }

    /// The elements within these bounds, counted from 1; dimensions that are not named are taken whole.
    ArrayValue slice(int[] from, int[] to) {
        int named = from.length;
        if (named > lengths.length || isEmpty()) {
            return EMPTY;
        }
        int[] first = new int[lengths.length];
        int[] size = new int[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            int low = i < named ? Math.max(from[i], lower[i]) : lower[i];
            int high = i < named ? Math.min(to[i], upper(i)) : upper(i);
            if (low > high) {
                return EMPTY;
            }
            first[i] = low - lower[i];
            size[i] = high - low + 1;
        }
        List<@Nullable String> taken = new ArrayList<>();
        take(0, 0, first, size, taken);
        int[] ones = new int[lengths.length];
        Arrays.fill(ones, 1);
        return new ArrayValue(size, ones, taken);
    }

    private void take(int dimension, int at, int[] first, int[] size, List<@Nullable String> taken) {
        if (dimension == lengths.length) {
            taken.add(elements.get(at));
            return;
        }
        for (int i = 0; i < size[dimension]; i++) {
            take(dimension + 1, at * lengths[dimension] + first[dimension] + i, first, size, taken);
        }
    }

    ArrayValue append(@Nullable String element) {
        requireOneDimension();
        List<@Nullable String> all = new ArrayList<>(elements);
        all.add(element);
        return grown(all, isEmpty() ? 1 : lower[0]);
    }

    ArrayValue prepend(@Nullable String element) {
        requireOneDimension();
        List<@Nullable String> all = new ArrayList<>(elements);
        all.addFirst(element);
        return grown(all, isEmpty() ? 1 : lower[0]);
    }

    private void requireOneDimension() {
        if (lengths.length > 1) {
            throw new MooncakeException(ErrorCode.DATA_EXCEPTION, "argument must be empty or one-dimensional array");
        }
        if (!isEmpty() && upper(0) == Integer.MAX_VALUE) {
            throw Errors.outOfRange("integer out of range");
        }
    }

    private static ArrayValue grown(List<@Nullable String> elements, int lower) {
        return new ArrayValue(new int[] {elements.size()}, new int[] {lower}, elements);
    }

    /// One array after the other; one of fewer dimensions becomes an element of the other.
    ArrayValue concatenate(ArrayValue other) {
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        int mine = lengths.length;
        int others = other.lengths.length;
        if (Math.abs(mine - others) > 1) {
            throw incompatible();
        }
        int depth = Math.min(mine, others) - (mine == others ? 1 : 0);
        boolean inner = Arrays.equals(lengths, mine - depth, mine, other.lengths, others - depth, others)
                && Arrays.equals(lower, mine - depth, mine, other.lower, others - depth, others);
        if (!inner) {
            throw incompatible();
        }
        ArrayValue shape = mine >= others ? this : other;
        int[] total = shape.lengths.clone();
        total[0] = (mine >= others ? lengths[0] : 1) + (others >= mine ? other.lengths[0] : 1);
        List<@Nullable String> all = new ArrayList<>(elements);
        all.addAll(other.elements);
        requireSize(all.size());
        return new ArrayValue(total, shape.lower, all);
    }

    private static MooncakeException incompatible() {
        return new MooncakeException(ErrorCode.ARRAY_SUBSCRIPT, "cannot concatenate incompatible arrays");
    }

    static void requireSize(long elements) {
        if (elements > ELEMENTS_MAX) {
            throw new MooncakeException(
                    ErrorCode.LIMIT_EXCEEDED, "array size exceeds the maximum allowed (" + ELEMENTS_MAX + ")");
        }
        if (elements > ELEMENTS_COMPUTED_MAX) {
            throw new MooncakeException(
                    ErrorCode.NOT_PUSHED,
                    "arrays of more than " + ELEMENTS_COMPUTED_MAX + " elements are left to Postgres");
        }
    }

    /// Arrays of equal dimensions as the elements of one with one dimension more.
    ///
    /// @param mismatch the error when they have not
    static ArrayValue nest(List<ArrayValue> parts, java.util.function.Supplier<MooncakeException> mismatch) {
        ArrayValue first = parts.getFirst();
        List<@Nullable String> all = new ArrayList<>();
        for (ArrayValue part : parts) {
            if (!Arrays.equals(part.lengths, first.lengths) || !Arrays.equals(part.lower, first.lower)) {
                throw mismatch.get();
            }
            all.addAll(part.elements);
        }
        if (first.isEmpty()) {
            return EMPTY;
        }
        if (first.lengths.length == DIMENSIONS_MAX) {
            throw new MooncakeException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "number of array dimensions (" + (DIMENSIONS_MAX + 1) + ") exceeds the maximum allowed ("
                            + DIMENSIONS_MAX + ")");
        }
        requireSize(all.size());
        int[] lengths = new int[first.lengths.length + 1];
        int[] lower = new int[lengths.length];
        lengths[0] = parts.size();
        lower[0] = 1;
        System.arraycopy(first.lengths, 0, lengths, 1, first.lengths.length);
        System.arraycopy(first.lower, 0, lower, 1, first.lower.length);
        return new ArrayValue(lengths, lower, all);
    }

    /// The text that Postgres prints.
    @Override
    public String toString() {
        if (isEmpty()) {
            return "{}";
        }
        StringBuilder text = new StringBuilder();
        if (Arrays.stream(lower).anyMatch(bound -> bound != 1)) {
            for (int i = 0; i < lengths.length; i++) {
                text.append('[').append(lower[i]).append(':').append(upper(i)).append(']');
            }
            text.append('=');
        }
        print(0, 0, text);
        return text.toString();
    }

    private int print(int dimension, int from, StringBuilder text) {
        int at = from;
        text.append('{');
        for (int i = 0; i < lengths[dimension]; i++) {
            text.append(i == 0 ? "" : ",");
            if (dimension + 1 < lengths.length) {
                at = print(dimension + 1, at, text);
            } else {
                printElement(elements.get(at++), text);
            }
        }
        text.append('}');
        return at;
    }

    private static void printElement(@Nullable String element, StringBuilder text) {
        if (element == null) {
            text.append("NULL");
            return;
        }
        if (!needsQuotes(element)) {
            text.append(element);
            return;
        }
        text.append('"');
        for (int i = 0; i < element.length(); i++) {
            char c = element.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\');
            }
            text.append(c);
        }
        text.append('"');
    }

    private static boolean needsQuotes(String element) {
        if (element.isEmpty() || element.equalsIgnoreCase("NULL")) {
            return true;
        }
        for (int i = 0; i < element.length(); i++) {
            char c = element.charAt(i);
            if (c == '"' || c == '\\' || c == '{' || c == '}' || c == ',' || ArrayReader.isSpace(c)) {
                return true;
            }
        }
        return false;
    }
}
