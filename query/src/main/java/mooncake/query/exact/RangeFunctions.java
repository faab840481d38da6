package mooncake.query.exact;

import static mooncake.query.exact.Rows.TEXT;
import static mooncake.query.exact.Rows.TEXTS;

import java.util.ArrayList;
import java.util.List;
import mooncake.duckdb.DuckVector;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// Functions of ranges and multiranges, which are held as the text that Postgres prints; their last argument is the
/// code of the bounds' type.
final class RangeFunctions {
    private RangeFunctions() {}

    static List<ExactFunction> all() {
        List<ExactFunction> all = new ArrayList<>(parts());
        all.addAll(tests());
        all.addAll(sets());
        return all;
    }

    private interface Test {
        boolean of(Ranges ranges, List<RangeValue> a, List<RangeValue> b);
    }

    private interface Combination {
        List<RangeValue> of(Ranges ranges, List<RangeValue> a, List<RangeValue> b);
    }

    private static Ranges ranges(DuckVector[] in, int row) {
        return new Ranges(KeyForm.parse(in[in.length - 1].getString(row)));
    }

    /// The ranges of a range or a multirange, none of them empty.
    private static List<RangeValue> read(DuckVector vector, int row) {
        String text = vector.getString(row);
        if (text.startsWith("{")) {
            return RangeValue.parseAll(text);
        }
        RangeValue range = RangeValue.parse(text);
        return range.isEmpty() ? List.of() : List.of(range);
    }

    private static List<ExactFunction> parts() {
        return List.of(
                Rows.nullableText("mc_range", List.of(TEXT, TEXT, TEXT, TEXT), RangeFunctions::make),
                Rows.text("mc_range_single", List.of(TEXT), (in, row) -> {
                    String text = in[0].getString(row);
                    return new RangeValue(false, text, text, true, true).toString();
                }),
                Rows.text("mc_range_lower", List.of(TEXT), (in, row) -> {
                    List<RangeValue> ranges = read(in[0], row);
                    return ranges.isEmpty() ? null : ranges.getFirst().lower();
                }),
                Rows.text("mc_range_upper", List.of(TEXT), (in, row) -> {
                    List<RangeValue> ranges = read(in[0], row);
                    return ranges.isEmpty() ? null : ranges.getLast().upper();
                }),
                Rows.truth(
                        "mc_range_is_empty",
                        List.of(TEXT),
                        (in, row) -> read(in[0], row).isEmpty()),
                property("mc_range_lower_inc", (first, last) -> first.lowerInclusive()),
                property("mc_range_upper_inc", (first, last) -> last.upperInclusive()),
                property("mc_range_lower_inf", (first, last) -> first.lower() == null),
                property("mc_range_upper_inf", (first, last) -> last.upper() == null),
                Rows.texts("mc_multirange_ranges", List.of(TEXT), (in, row) -> {
                    List<@Nullable String> texts = new ArrayList<>();
                    read(in[0], row).forEach(range -> texts.add(range.toString()));
                    return texts;
                }));
    }

    private interface Property {
        boolean of(RangeValue first, RangeValue last);
    }

    private static ExactFunction property(String name, Property property) {
        return Rows.truth(name, List.of(TEXT), (in, row) -> {
            List<RangeValue> ranges = read(in[0], row);
            return !ranges.isEmpty() && property.of(ranges.getFirst(), ranges.getLast());
        });
    }

    private static String make(DuckVector[] in, int row) {
        if (!in[2].isValid(row)) {
            throw Errors.data("range constructor flags argument must not be null");
        }
        String flags = in[2].getString(row);
        if (!flags.equals("[]") && !flags.equals("[)") && !flags.equals("(]") && !flags.equals("()")) {
            throw new MooncakeException(ErrorCode.SYNTAX, "invalid range bound flags");
        }
        return ranges(in, row)
                .make(Rows.text(in[0], row), Rows.text(in[1], row), flags.startsWith("["), flags.endsWith("]"))
                .toString();
    }

    private static ExactFunction test(String name, Test test) {
        return Rows.truth(
                name,
                List.of(TEXT, TEXT, TEXT),
                (in, row) -> test.of(ranges(in, row), read(in[0], row), read(in[1], row)));
    }

    private static List<ExactFunction> tests() {
        return List.of(
                test("mc_range_contains", Ranges::contains),
                test("mc_range_overlaps", Ranges::overlap),
                test(
                        "mc_range_before",
                        (ranges, a, b) -> !a.isEmpty()
                                && !b.isEmpty()
                                && ranges.compareLowerUpper(b.getFirst(), a.getLast()) > 0),
                test(
                        "mc_range_overleft",
                        (ranges, a, b) ->
                                !a.isEmpty() && !b.isEmpty() && ranges.compareUpper(a.getLast(), b.getLast()) <= 0),
                test(
                        "mc_range_overright",
                        (ranges, a, b) ->
                                !a.isEmpty() && !b.isEmpty() && ranges.compareLower(a.getFirst(), b.getFirst()) >= 0),
                test("mc_range_adjacent", RangeFunctions::adjacent));
    }

    private static boolean adjacent(Ranges ranges, List<RangeValue> a, List<RangeValue> b) {
        return !a.isEmpty()
                && !b.isEmpty()
                && (ranges.touches(a.getLast(), b.getFirst()) || ranges.touches(b.getLast(), a.getFirst()));
    }

    private static ExactFunction combined(String name, Combination combination) {
        return Rows.text(name, List.of(TEXT, TEXT, TEXT), (in, row) -> {
            List<RangeValue> result = combination.of(ranges(in, row), read(in[0], row), read(in[1], row));
            return result.isEmpty()
                    ? RangeValue.EMPTY.toString()
                    : result.getFirst().toString();
        });
    }

    private static ExactFunction gathered(String name, Combination combination) {
        return Rows.text(
                name,
                List.of(TEXT, TEXT, TEXT),
                (in, row) -> Ranges.print(combination.of(ranges(in, row), read(in[0], row), read(in[1], row))));
    }

    private static List<ExactFunction> sets() {
        return List.of(
                combined("mc_range_union", (ranges, a, b) -> {
                    List<RangeValue> union = union(ranges, a, b);
                    if (union.size() > 1) {
                        throw Errors.data("result of range union would not be contiguous");
                    }
                    return union;
                }),
                combined("mc_range_minus", (ranges, a, b) -> {
                    List<RangeValue> difference = ranges.difference(a, b);
                    if (difference.size() > 1) {
                        throw Errors.data("result of range difference would not be contiguous");
                    }
                    return difference;
                }),
                combined("mc_range_intersect", Ranges::intersection),
                combined("mc_range_merge", (ranges, a, b) -> {
                    List<RangeValue> all = union(ranges, a, b);
                    return all.isEmpty() ? all : List.of(ranges.hull(all.getFirst(), all.getLast()));
                }),
                gathered("mc_multirange_union", RangeFunctions::union),
                gathered("mc_multirange_minus", Ranges::difference),
                gathered("mc_multirange_intersect", Ranges::intersection),
                Rows.text("mc_multirange", List.of(TEXTS, TEXT), (in, row) -> {
                    List<RangeValue> all = new ArrayList<>();
                    for (String text : Rows.list(in[0], row)) {
                        if (text != null) {
                            all.addAll(
                                    text.startsWith("{") ? RangeValue.parseAll(text) : List.of(RangeValue.parse(text)));
                        }
                    }
                    return Ranges.print(ranges(in, row).normal(all));
                }));
    }

    private static List<RangeValue> union(Ranges ranges, List<RangeValue> a, List<RangeValue> b) {
        List<RangeValue> all = new ArrayList<>(a);
        all.addAll(b);
        return ranges.normal(all);
    }
}
