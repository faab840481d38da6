package mooncake.query.exact;

import static mooncake.query.exact.Rows.INTEGER;
import static mooncake.query.exact.Rows.INTEGERS;
import static mooncake.query.exact.Rows.TEXT;
import static mooncake.query.exact.Rows.TEXTS;

import java.util.ArrayList;
import java.util.List;
import mooncake.duckdb.DuckVector;
import org.jspecify.annotations.Nullable;

/// Functions of arrays, which are held as the text that Postgres prints.
final class ArrayFunctions {
    private ArrayFunctions() {}

    static List<ExactFunction> all() {
        List<ExactFunction> all = new ArrayList<>(making());
        all.addAll(parts());
        all.addAll(shapes());
        all.addAll(changes());
        return all;
    }

    private static List<ExactFunction> making() {
        return List.of(
                Rows.text(
                        "mc_array",
                        List.of(TEXTS),
                        (in, row) -> ArrayValue.of(Rows.list(in[0], row)).toString()),
                Rows.text("mc_array_nest", List.of(TEXTS), (in, row) -> nest(Rows.list(in[0], row))),
                Rows.text("mc_array_gather", List.of(TEXTS), (in, row) -> gather(Rows.list(in[0], row))),
                Rows.text(
                        "mc_array_map",
                        List.of(TEXT, TEXTS),
                        (in, row) ->
                                array(in[0], row).with(Rows.list(in[1], row)).toString()),
                Rows.nullableText("mc_array_fill", List.of(TEXT, TEXT), ArrayFunctions::fill),
                Rows.nullableText("mc_array_fill", List.of(TEXT, TEXT, TEXT), ArrayFunctions::fill));
    }

    private static List<ExactFunction> parts() {
        return List.of(
                Rows.texts(
                        "mc_array_elements",
                        List.of(TEXT),
                        (in, row) -> array(in[0], row).elements()),
                Rows.text("mc_array_get", List.of(TEXT, INTEGERS), (in, row) -> {
                    int[] subscripts = Rows.integers(in[1], row);
                    return subscripts == null ? null : array(in[0], row).get(subscripts);
                }),
                Rows.text("mc_array_slice", List.of(TEXT, INTEGERS, INTEGERS, TEXT), ArrayFunctions::slice),
                Rows.text("mc_array_trim", List.of(TEXT, INTEGER), ArrayFunctions::trim));
    }

    private static List<ExactFunction> shapes() {
        return List.of(
                Rows.number("mc_array_dimensions", List.of(TEXT), (in, row) -> {
                    int dimensions = array(in[0], row).dimensions();
                    return dimensions == 0 ? null : dimensions;
                }),
                Rows.number(
                        "mc_array_cardinality",
                        List.of(TEXT),
                        (in, row) -> array(in[0], row).elements().size()),
                bound("mc_array_length", ArrayValue::length),
                bound("mc_array_lower", ArrayValue::lower),
                bound("mc_array_upper", ArrayValue::upper),
                Rows.text("mc_array_dims", List.of(TEXT), (in, row) -> dims(array(in[0], row))));
    }

    private interface Bound {
        int of(ArrayValue array, int dimension);
    }

    private static ExactFunction bound(String name, Bound bound) {
        return Rows.number(name, List.of(TEXT, INTEGER), (in, row) -> {
            ArrayValue array = array(in[0], row);
            int dimension = in[1].getInt(row);
            return dimension < 1 || dimension > array.dimensions() ? null : (Integer) bound.of(array, dimension - 1);
        });
    }

    private static List<ExactFunction> changes() {
        return List.of(
                Rows.nullableText(
                        "mc_array_append",
                        List.of(TEXT, TEXT),
                        (in, row) -> nullable(in[0], row)
                                .append(Rows.text(in[1], row))
                                .toString()),
                Rows.nullableText(
                        "mc_array_prepend",
                        List.of(TEXT, TEXT),
                        (in, row) -> nullable(in[1], row)
                                .prepend(Rows.text(in[0], row))
                                .toString()),
                Rows.nullableText("mc_array_to_string", List.of(TEXT, TEXT, TEXT), ArrayFunctions::join),
                Rows.nullableText("mc_string_to_array", List.of(TEXT, TEXT, TEXT), ArrayFunctions::split),
                Rows.nullableText("mc_array_cat", List.of(TEXT, TEXT), ArrayFunctions::concatenate));
    }

    private static ArrayValue array(DuckVector vector, int row) {
        return ArrayValue.parse(vector.getString(row));
    }

    /// NULL counts as an empty array.
    private static ArrayValue nullable(DuckVector vector, int row) {
        return vector.isValid(row) ? array(vector, row) : ArrayValue.EMPTY;
    }

    private static @Nullable String concatenate(DuckVector[] in, int row) {
        if (!in[0].isValid(row) || !in[1].isValid(row)) {
            return Rows.text(in[0].isValid(row) ? in[0] : in[1], row);
        }
        return array(in[0], row).concatenate(array(in[1], row)).toString();
    }

    /// The elements with a text between; NULL is left out or shown as the third argument.
    private static @Nullable String join(DuckVector[] in, int row) {
        if (!in[0].isValid(row) || !in[1].isValid(row)) {
            return null;
        }
        String forNull = Rows.text(in[2], row);
        java.util.StringJoiner text = new java.util.StringJoiner(in[1].getString(row));
        for (String element : array(in[0], row).elements()) {
            if (element != null || forNull != null) {
                text.add(element == null ? forNull : element);
            }
        }
        return text.toString();
    }

    /// Without a separator, each character is an element.
    private static @Nullable String split(DuckVector[] in, int row) {
        String text = Rows.text(in[0], row);
        if (text == null) {
            return null;
        }
        String separator = Rows.text(in[1], row);
        String forNull = Rows.text(in[2], row);
        List<@Nullable String> parts = new ArrayList<>();
        if (separator == null) {
            text.codePoints().forEach(c -> parts.add(Character.toString(c)));
        } else if (separator.isEmpty() && !text.isEmpty()) {
            parts.add(text);
        } else if (!text.isEmpty()) {
            int from = 0;
            for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
                parts.add(text.substring(from, at));
                from = at + separator.length();
            }
            parts.add(text.substring(from));
        }
        parts.replaceAll(part -> part != null && part.equals(forNull) ? null : part);
        return ArrayValue.of(parts).toString();
    }

    /// `ARRAY[a, b]` of arrays; NULL counts as an empty array.
    private static String nest(List<@Nullable String> parts) {
        List<ArrayValue> arrays = new ArrayList<>();
        for (String part : parts) {
            ArrayValue array = part == null ? ArrayValue.EMPTY : ArrayValue.parse(part);
            arrays.add(array);
        }
        if (arrays.stream().allMatch(ArrayValue::isEmpty)) {
            return ArrayValue.EMPTY.toString();
        }
        return ArrayValue.nest(
                        arrays,
                        () -> Errors.arraySubscript(
                                "multidimensional arrays must have array expressions with matching dimensions"))
                .toString();
    }

    /// The aggregate over arrays.
    private static String gather(List<@Nullable String> parts) {
        List<ArrayValue> arrays = new ArrayList<>();
        for (String part : parts) {
            if (part == null) {
                throw Errors.nullNotAllowed("cannot accumulate null arrays");
            }
            ArrayValue array = ArrayValue.parse(part);
            if (array.isEmpty()) {
                throw Errors.arraySubscript("cannot accumulate empty arrays");
            }
            arrays.add(array);
        }
        return ArrayValue.nest(
                        arrays, () -> Errors.arraySubscript("cannot accumulate arrays of different dimensionality"))
                .toString();
    }

    /// @param in array, lower bounds, upper bounds, and for each dimension two digits that say which of both are given
    private static @Nullable String slice(DuckVector[] in, int row) {
        int[] from = Rows.integers(in[1], row);
        int[] to = Rows.integers(in[2], row);
        if (from == null || to == null) {
            return null;
        }
        ArrayValue array = array(in[0], row);
        String given = in[3].getString(row);
        for (int i = 0; i < Math.min(from.length, array.dimensions()); i++) {
            from[i] = given.charAt(2 * i) == '1' ? from[i] : array.lower(i);
            to[i] = given.charAt(2 * i + 1) == '1' ? to[i] : array.upper(i);
        }
        return array.slice(from, to).toString();
    }

    private static String trim(DuckVector[] in, int row) {
        ArrayValue array = array(in[0], row);
        int count = in[1].getInt(row);
        int length = array.dimensions() == 0 ? 0 : array.length(0);
        if (count < 0 || count > length) {
            throw new mooncake.model.MooncakeException(
                    mooncake.model.ErrorCode.ARRAY_SUBSCRIPT,
                    "number of elements to trim must be between 0 and " + length);
        }
        if (array.isEmpty()) {
            return array.toString();
        }
        return array.slice(new int[] {array.lower(0)}, new int[] {array.upper(0) - count})
                .toString();
    }

    private static @Nullable String dims(ArrayValue array) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < array.dimensions(); i++) {
            text.append('[')
                    .append(array.lower(i))
                    .append(':')
                    .append(array.upper(i))
                    .append(']');
        }
        return text.isEmpty() ? null : text.toString();
    }

    /// @param in the element, the lengths and maybe the lower bounds, these as arrays
    private static String fill(DuckVector[] in, int row) {
        boolean bounded = in.length > 2;
        if (!in[1].isValid(row) || (bounded && !in[2].isValid(row))) {
            throw Errors.nullNotAllowed("dimension array or low bound array cannot be null");
        }
        int[] lengths = integers(array(in[1], row));
        int[] lower = bounded ? integers(array(in[2], row)) : ones(lengths.length);
        if (lengths.length > ArrayValue.DIMENSIONS_MAX) {
            throw new mooncake.model.MooncakeException(
                    mooncake.model.ErrorCode.LIMIT_EXCEEDED,
                    "number of array dimensions (" + lengths.length + ") exceeds the maximum allowed ("
                            + ArrayValue.DIMENSIONS_MAX + ")");
        }
        if (lower.length != lengths.length) {
            throw Errors.arraySubscript("wrong number of array subscripts");
        }
        long count = lengths.length == 0 ? 0 : 1;
        for (int length : lengths) {
            if (length < 0) {
                throw sizeExceeded();
            }
            count = Math.multiplyExact(count, (long) length);
            ArrayValue.requireSize(count);
        }
        if (count == 0) {
            return ArrayValue.EMPTY.toString();
        }
        List<@Nullable String> elements = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            elements.add(Rows.text(in[0], row));
        }
        return new ArrayValue(lengths, lower, elements).toString();
    }

    private static int[] ones(int count) {
        int[] ones = new int[count];
        java.util.Arrays.fill(ones, 1);
        return ones;
    }

    private static mooncake.model.MooncakeException sizeExceeded() {
        return new mooncake.model.MooncakeException(
                mooncake.model.ErrorCode.LIMIT_EXCEEDED, "array size exceeds the maximum allowed (134217727)");
    }

    private static int[] integers(ArrayValue array) {
        if (array.dimensions() > 1) {
            throw Errors.arraySubscript("wrong number of array subscripts");
        }
        int[] integers = new int[array.elements().size()];
        for (int i = 0; i < integers.length; i++) {
            String element = array.elements().get(i);
            if (element == null) {
                throw Errors.nullNotAllowed("dimension values cannot be null");
            }
            integers[i] = Integer.parseInt(element);
        }
        return integers;
    }
}
