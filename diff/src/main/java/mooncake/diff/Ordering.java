package mooncake.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import mooncake.diff.Tokens.Token;
import org.jspecify.annotations.Nullable;

/// The last ORDER BY of a query: the keys by which its rows must ascend or descend.
///
/// @param keys the expressions as they are written, without direction
/// @param from where the query's own FROM begins, -1 where columns cannot be added
record Ordering(List<String> keys, int from) {
    private static final Set<String> ENDS = Set.of("limit", "offset", "fetch", "for");
    private static final Set<String> DIRECTIONS = Set.of("asc", "desc", "nulls", "using");
    private static final Set<String> FIXED_COLUMNS = Set.of("distinct", "union", "intersect", "except", "values");

    /// The query's ORDER BY, null when it has none.
    static @Nullable Ordering of(String query) {
        List<Token> tokens = Tokens.of(query);
        int order = -1;
        int from = -1;
        boolean fixed = false;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.depth() > 0) {
                continue;
            }
            fixed |= token.kind() == Tokens.Kind.WORD && FIXED_COLUMNS.contains(token.text());
            if (token.is("from") && from < 0) {
                from = token.start();
            }
            if (token.is("order") && i + 1 < tokens.size() && tokens.get(i + 1).is("by")) {
                order = i + 2;
            }
        }
        return order < 0 ? null : new Ordering(keys(query, tokens, order), fixed ? -1 : from);
    }

    private static List<String> keys(String query, List<Token> tokens, int first) {
        List<String> keys = new ArrayList<>();
        int start = -1;
        int end = -1;
        boolean direction = false;
        for (int i = first; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            boolean outside = token.depth() == 0;
            if (outside && (token.is(";") || isEnd(token))) {
                break;
            }
            if (outside && token.is(",")) {
                keys.add(query.substring(start, end));
                start = -1;
                direction = false;
                continue;
            }
            direction |= outside && token.kind() == Tokens.Kind.WORD && DIRECTIONS.contains(token.text());
            if (!direction) {
                start = start < 0 ? token.start() : start;
                end = token.end();
            }
        }
        if (start >= 0) {
            keys.add(query.substring(start, end));
        }
        return keys;
    }

    private static boolean isEnd(Token token) {
        return token.kind() == Tokens.Kind.WORD && ENDS.contains(token.text());
    }

    /// Which output columns the keys are, null when one is none of them.
    @Nullable
    List<Integer> columns(List<String> names) {
        List<Integer> columns = new ArrayList<>();
        for (String key : keys) {
            String name = key.startsWith("\"") ? key.substring(1, key.length() - 1) : key;
            if (key.matches("[0-9]+")) {
                columns.add(Integer.parseInt(key) - 1);
            } else if (names.indexOf(name) >= 0 && names.indexOf(name) == names.lastIndexOf(name)) {
                columns.add(names.indexOf(name));
            } else {
                return null;
            }
        }
        return columns;
    }

    /// The query with its keys as further columns at the end, null where that cannot be.
    @Nullable
    String withKeys(String query) {
        if (from < 0) {
            return null;
        }
        StringBuilder columns = new StringBuilder();
        for (String key : keys) {
            if (key.matches("[0-9]+")) {
                return null;
            }
            columns.append(", (").append(key).append(")");
        }
        return query.substring(0, from) + columns + " " + query.substring(from);
    }
}
