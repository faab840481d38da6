package mooncake.query.exact;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mooncake.duckdb.DuckVector;
import mooncake.duckdb.VectorFunction;
import mooncake.duckdb.WritableVector;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.query.collate.Utf8;
import mooncake.query.regex.Regex;
import org.jspecify.annotations.Nullable;

/// Functions of regular expressions: the first arguments are the locale, the text, the pattern and its flags.
final class RegexFunctions {
    private static final String TEXT = "VARCHAR";
    private static final String INTEGER = "INTEGER";

    private RegexFunctions() {}

    /// Computes one row.
    private interface Row {
        void apply(Regex regex, String flags, DuckVector[] in, int row, WritableVector out);
    }

    static List<ExactFunction> all() {
        return List.of(
                of("mc_regex_match", List.of(), "BOOLEAN", RegexFunctions::match),
                of("mc_regexp_like", List.of(), "BOOLEAN", (regex, flags, in, row, out) -> {
                    RegexText.requireNoGlobal("regexp_like", flags);
                    match(regex, flags, in, row, out);
                }),
                of("mc_regexp_replace", List.of(TEXT), TEXT, (regex, flags, in, row, out) -> {
                    if (!flags.isEmpty() && Character.isDigit(flags.charAt(0))) {
                        throw new MooncakeException(
                                ErrorCode.INVALID_PARAMETER,
                                "invalid regular expression option: \"" + flags.charAt(0) + "\"");
                    }
                    replace(regex, in, row, 1, flags.indexOf('g') >= 0 ? 0 : 1, out);
                }),
                of("mc_regexp_replace", List.of(TEXT, INTEGER, INTEGER), TEXT, (regex, _, in, row, out) -> {
                    RegexText.requireAtLeast("start", in[5].getInt(row), 1);
                    RegexText.requireAtLeast("n", in[6].getInt(row), 0);
                    replace(regex, in, row, in[5].getInt(row), in[6].getInt(row), out);
                }),
                of("mc_regexp_count", List.of(INTEGER), INTEGER, RegexFunctions::count),
                of("mc_regexp_instr", List.of(INTEGER, INTEGER, INTEGER, INTEGER), INTEGER, RegexFunctions::position),
                of("mc_regexp_substr", List.of(INTEGER, INTEGER, INTEGER), TEXT, RegexFunctions::substring),
                of("mc_regex_substring", List.of(), TEXT, RegexFunctions::piece),
                of("mc_regexp_match", List.of(), TEXT, (regex, flags, in, row, out) -> {
                    RegexText.requireNoGlobal("regexp_match", flags);
                    int[] text = text(in, row);
                    int[] match = regex.match(text, 0);
                    Rows.put(out, row, match == null ? null : array(RegexText.groups(text, match)));
                }),
                of("mc_regexp_split_to_array", List.of(), TEXT, (regex, flags, in, row, out) -> {
                    RegexText.requireNoGlobal("regexp_split_to_array", flags);
                    out.setString(row, array(RegexText.split(regex, ExactFunction.bytes(in[1], row))));
                }),
                list("mc_regexp_matches", (regex, flags, source) -> {
                    int[] text = Utf8.characters(source);
                    List<@Nullable String> arrays = new ArrayList<>();
                    for (int[] match : RegexText.matches(regex, text, 0, flags.indexOf('g') >= 0, false)) {
                        arrays.add(array(RegexText.groups(text, match)));
                    }
                    return arrays;
                }),
                list("mc_regexp_split_to_table", (regex, flags, source) -> {
                    RegexText.requireNoGlobal("regexp_split_to_table", flags);
                    return strings(RegexText.split(regex, source));
                }));
    }

    private static ExactFunction of(String name, List<String> more, String result, Row body) {
        List<String> types = new ArrayList<>(List.of(TEXT, TEXT, TEXT, TEXT));
        types.addAll(more);
        return new ExactFunction(name, List.copyOf(types), result, (in, rows, out) -> {
            try (RegexRows patterns = new RegexRows(in[0], in[2], in[3])) {
                VectorFunction.eachRow(
                        in, rows, out, row -> body.apply(patterns.get(row), patterns.flags(row), in, row, out));
            }
        });
    }

    /// The rows that a text gives.
    private interface ListBody {
        List<@Nullable String> apply(Regex regex, String flags, byte[] source);
    }

    private static ExactFunction list(String name, ListBody body) {
        return new ExactFunction(name, List.of(TEXT, TEXT, TEXT, TEXT), Rows.TEXTS, (in, rows, out) -> {
            List<@Nullable String> all = new ArrayList<>();
            try (RegexRows patterns = new RegexRows(in[0], in[2], in[3])) {
                VectorFunction.eachRow(in, rows, out, row -> {
                    Regex regex = patterns.get(row);
                    List<@Nullable String> list =
                            body.apply(regex, patterns.flags(row), ExactFunction.bytes(in[1], row));
                    out.setList(row, all.size(), list.size());
                    all.addAll(list);
                });
            }
            WritableVector elements = out.elements(all.size());
            for (int i = 0; i < all.size(); i++) {
                Rows.put(elements, i, all.get(i));
            }
        });
    }

    private static String array(List<byte @Nullable []> pieces) {
        return ArrayValue.of(strings(pieces)).toString();
    }

    private static List<@Nullable String> strings(List<byte @Nullable []> pieces) {
        List<@Nullable String> strings = new ArrayList<>();
        for (byte[] piece : pieces) {
            strings.add(piece == null ? null : new String(piece, StandardCharsets.UTF_8));
        }
        return strings;
    }

    private static int[] text(DuckVector[] in, int row) {
        return Utf8.characters(ExactFunction.bytes(in[1], row));
    }

    private static void match(Regex regex, String flags, DuckVector[] in, int row, WritableVector out) {
        out.setBoolean(row, regex.isFoundIn(text(in, row)));
    }

    private static void replace(Regex regex, DuckVector[] in, int row, int start, int number, WritableVector out) {
        byte[] replacement = ExactFunction.bytes(in[4], row);
        out.setBytes(row, RegexText.replace(regex, ExactFunction.bytes(in[1], row), replacement, start - 1, number));
    }

    private static void count(Regex regex, String flags, DuckVector[] in, int row, WritableVector out) {
        RegexText.requireAtLeast("start", in[4].getInt(row), 1);
        RegexText.requireNoGlobal("regexp_count", flags);
        out.setInt(
                row,
                RegexText.matches(regex, text(in, row), in[4].getInt(row) - 1, true, false)
                        .size());
    }

    private static void position(Regex regex, String flags, DuckVector[] in, int row, WritableVector out) {
        int start = in[4].getInt(row);
        int number = in[5].getInt(row);
        int endOption = in[6].getInt(row);
        int group = in[7].getInt(row);
        RegexText.requireAtLeast("start", start, 1);
        RegexText.requireAtLeast("n", number, 1);
        if (endOption != 0 && endOption != 1) {
            throw RegexText.invalid("endoption", endOption);
        }
        RegexText.requireAtLeast("subexpr", group, 0);
        RegexText.requireNoGlobal("regexp_instr", flags);
        int[] place = RegexText.place(regex, text(in, row), start, number, group);
        out.setInt(row, place == null ? 0 : place[endOption] + 1);
    }

    private static void substring(Regex regex, String flags, DuckVector[] in, int row, WritableVector out) {
        int start = in[4].getInt(row);
        int number = in[5].getInt(row);
        int group = in[6].getInt(row);
        RegexText.requireAtLeast("start", start, 1);
        RegexText.requireAtLeast("n", number, 1);
        RegexText.requireAtLeast("subexpr", group, 0);
        RegexText.requireNoGlobal("regexp_substr", flags);
        int[] text = text(in, row);
        int[] place = RegexText.place(regex, text, start, number, group);
        if (place == null) {
            out.setNull(row);
        } else {
            out.setBytes(row, Utf8.encode(text, place[0], place[1]));
        }
    }

    /// `substring(text FROM pattern)`: the first group if there is one, else the match.
    private static void piece(Regex regex, String flags, DuckVector[] in, int row, WritableVector out) {
        int[] text = text(in, row);
        int[] match = regex.match(text, 0);
        byte[] piece = match == null ? null : RegexText.groups(text, match).getFirst();
        if (piece == null) {
            out.setNull(row);
        } else {
            out.setBytes(row, piece);
        }
    }
}
