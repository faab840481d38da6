package mooncake.query.exact;

import static mooncake.query.exact.Rows.INTEGER;
import static mooncake.query.exact.Rows.TEXT;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mooncake.duckdb.DuckVector;
import org.jspecify.annotations.Nullable;

/// Functions that look for elements of arrays; their last argument is the code of the element type.
final class ArraySearch {
    private static final String BOOLEANS = "BOOLEAN[]";

    private ArraySearch() {}

    static List<ExactFunction> all() {
        return List.of(
                new ExactFunction("mc_key", List.of(TEXT, TEXT), "BLOB", (in, rows, out) -> {
                    LastSeen<KeyForm> form = new LastSeen<>(in[1], KeyForm::parse);
                    mooncake.duckdb.VectorFunction.eachRow(
                            in,
                            rows,
                            out,
                            row -> out.setBytes(row, KeyWriter.key(in[0].getString(row), form.get(row))));
                }),
                Rows.truth("mc_array_contains", List.of(TEXT, TEXT, TEXT), (in, row) -> contains(in, row)),
                Rows.truth("mc_array_overlaps", List.of(TEXT, TEXT, TEXT), (in, row) -> overlaps(in, row)),
                Rows.nullableNumber("mc_array_position", List.of(TEXT, TEXT, INTEGER, TEXT), ArraySearch::position),
                Rows.nullableText("mc_array_positions", List.of(TEXT, TEXT, TEXT), ArraySearch::positions),
                Rows.nullableText("mc_array_remove", List.of(TEXT, TEXT, TEXT), ArraySearch::remove),
                Rows.nullableText("mc_array_replace", List.of(TEXT, TEXT, TEXT, TEXT), ArraySearch::replace),
                Rows.number(
                        "mc_compare",
                        List.of(TEXT, TEXT, TEXT),
                        (in, row) -> Integer.signum(java.util.Arrays.compareUnsigned(
                                KeyWriter.key(in[0].getString(row), form(in, row)),
                                KeyWriter.key(in[1].getString(row), form(in, row))))),
                Rows.number("mc_array_bucket", List.of(TEXT, TEXT, TEXT), ArraySearch::bucket),
                Rows.truth("mc_any", List.of(BOOLEANS), (in, row) -> decide(in[0], row, true)),
                Rows.truth("mc_all", List.of(BOOLEANS), (in, row) -> decide(in[0], row, false)));
    }

    private static ArrayValue array(DuckVector vector, int row) {
        return ArrayValue.parse(vector.getString(row));
    }

    private static KeyForm form(DuckVector[] in, int row) {
        return KeyForm.parse(in[in.length - 1].getString(row));
    }

    private static Set<ByteBuffer> keys(ArrayValue array, KeyForm form) {
        Set<ByteBuffer> keys = new HashSet<>();
        for (String element : array.elements()) {
            if (element != null) {
                keys.add(ByteBuffer.wrap(KeyWriter.key(element, form)));
            }
        }
        return keys;
    }

    /// Whether the first has every element of the second; NULL is equal to nothing.
    private static boolean contains(DuckVector[] in, int row) {
        ArrayValue wanted = array(in[1], row);
        KeyForm form = form(in, row);
        return !wanted.hasNulls() && keys(array(in[0], row), form).containsAll(keys(wanted, form));
    }

    private static boolean overlaps(DuckVector[] in, int row) {
        KeyForm form = form(in, row);
        Set<ByteBuffer> first = keys(array(in[0], row), form);
        return keys(array(in[1], row), form).stream().anyMatch(first::contains);
    }

    private static boolean same(@Nullable String a, @Nullable String b, KeyForm form) {
        if (a == null || b == null) {
            return a == null && b == null;
        }
        return KeyWriter.equal(a, b, form);
    }

    private static @Nullable Integer position(DuckVector[] in, int row) {
        if (!in[0].isValid(row)) {
            return null;
        }
        ArrayValue array = array(in[0], row);
        if (array.dimensions() > 1) {
            throw Errors.notSupported("searching for elements in multidimensional arrays is not supported");
        }
        if (array.isEmpty() || (!in[1].isValid(row) && !array.hasNulls())) {
            return null;
        }
        if (!in[2].isValid(row)) {
            throw Errors.nullNotAllowed("initial position must not be null");
        }
        KeyForm form = form(in, row);
        String wanted = Rows.text(in[1], row);
        for (int i = 0; i < array.length(0); i++) {
            int position = array.lower(0) + i;
            if (position >= in[2].getInt(row) && same(array.elements().get(i), wanted, form)) {
                return position;
            }
        }
        return null;
    }

    private static @Nullable String positions(DuckVector[] in, int row) {
        if (!in[0].isValid(row)) {
            return null;
        }
        ArrayValue array = array(in[0], row);
        if (array.dimensions() > 1) {
            throw Errors.notSupported("searching for elements in multidimensional arrays is not supported");
        }
        KeyForm form = form(in, row);
        String wanted = Rows.text(in[1], row);
        List<@Nullable String> found = new ArrayList<>();
        for (int i = 0; i < array.elements().size(); i++) {
            if (same(array.elements().get(i), wanted, form)) {
                found.add(Integer.toString(array.lower(0) + i));
            }
        }
        return ArrayValue.of(found).toString();
    }

    private static @Nullable String remove(DuckVector[] in, int row) {
        if (!in[0].isValid(row)) {
            return null;
        }
        ArrayValue array = array(in[0], row);
        if (array.dimensions() > 1) {
            throw Errors.notSupported("removing elements from multidimensional arrays is not supported");
        }
        KeyForm form = form(in, row);
        String unwanted = Rows.text(in[1], row);
        List<@Nullable String> kept = new ArrayList<>();
        for (String element : array.elements()) {
            if (!same(element, unwanted, form)) {
                kept.add(element);
            }
        }
        if (kept.isEmpty()) {
            return ArrayValue.EMPTY.toString();
        }
        return new ArrayValue(new int[] {kept.size()}, new int[] {array.lower(0)}, kept).toString();
    }

    private static @Nullable String replace(DuckVector[] in, int row) {
        if (!in[0].isValid(row)) {
            return null;
        }
        ArrayValue array = array(in[0], row);
        KeyForm form = form(in, row);
        String old = Rows.text(in[1], row);
        String other = Rows.text(in[2], row);
        List<@Nullable String> elements = new ArrayList<>();
        for (String element : array.elements()) {
            elements.add(same(element, old, form) ? other : element);
        }
        return array.with(elements).toString();
    }

    /// How many of the ascending thresholds are not above the value.
    private static int bucket(DuckVector[] in, int row) {
        ArrayValue thresholds = array(in[1], row);
        if (thresholds.dimensions() > 1) {
            throw Errors.arraySubscript("thresholds must be one-dimensional array");
        }
        KeyForm form = form(in, row);
        byte[] value = KeyWriter.key(in[0].getString(row), form);
        int low = 0;
        int high = thresholds.elements().size();
        if (thresholds.hasNulls()) {
            throw Errors.nullNotAllowed("thresholds array must not contain NULLs");
        }
        while (low < high) {
            int middle = (low + high) / 2;
            String threshold =
                    java.util.Objects.requireNonNull(thresholds.elements().get(middle));
            if (java.util.Arrays.compareUnsigned(value, KeyWriter.key(threshold, form)) < 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /// ANY or ALL over what each element gave.
    private static @Nullable Boolean decide(DuckVector list, int row, boolean any) {
        DuckVector elements = list.elements();
        Boolean result = !any;
        for (int i = 0; i < list.listLength(row); i++) {
            int at = list.listOffset(row) + i;
            if (!elements.isValid(at)) {
                result = null;
            } else if (elements.getBoolean(at) == any) {
                return any;
            }
        }
        return result;
    }
}
