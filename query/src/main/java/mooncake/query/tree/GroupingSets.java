package mooncake.query.tree;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// GROUPING SETS, ROLLUP and CUBE as the plain list of sets that they stand for.
final class GroupingSets {
    /// Postgres' own limit.
    private static final int SETS_MAX = 4096;

    private static final int KIND_EMPTY = 0;
    private static final int KIND_SIMPLE = 1;
    private static final int KIND_ROLLUP = 2;
    private static final int KIND_CUBE = 3;
    private static final int KIND_SETS = 4;

    private GroupingSets() {}

    /// Each of the result groups by the targets with these `ref`s. Empty when nothing but plain keys is asked for.
    static List<List<Integer>> expand(List<Tree.Node> items, boolean distinct) {
        if (items.isEmpty()) {
            return List.of();
        }
        List<List<Integer>> sets = List.of(List.of());
        for (Tree.Node item : items) {
            sets = product(sets, sets(item));
        }
        if (!distinct) {
            return sets;
        }
        Set<Set<Integer>> seen = new HashSet<>();
        return sets.stream().filter(set -> seen.add(Set.copyOf(set))).toList();
    }

    private static List<List<Integer>> sets(Tree.Node node) {
        Fields in = new Fields(node);
        in.ignore("location");
        int kind = in.integer("kind");
        List<List<Integer>> sets = switch (kind) {
            case KIND_EMPTY -> {
                in.ignore("content");
                yield List.of(List.of());
            }
            case KIND_SIMPLE -> List.of(in.numbers("content"));
            case KIND_ROLLUP -> rollup(parts(in));
            case KIND_CUBE -> cube(parts(in));
            case KIND_SETS ->
                in.nodes("content").stream()
                        .flatMap(part -> sets(part).stream())
                        .toList();
            default -> throw Refusal.because("A grouping set of kind %d is not translated.", kind);
        };
        in.end();
        return sets;
    }

    /// The parts of a ROLLUP or CUBE, each of which is taken or left as a whole.
    private static List<List<Integer>> parts(Fields in) {
        return in.nodes("content").stream()
                .map(part -> sets(part).stream().flatMap(List::stream).toList())
                .toList();
    }

    private static List<List<Integer>> rollup(List<List<Integer>> parts) {
        List<List<Integer>> sets = new ArrayList<>();
        for (int taken = parts.size(); taken >= 0; taken--) {
            sets.add(union(parts.subList(0, taken)));
        }
        return sets;
    }

    private static List<List<Integer>> cube(List<List<Integer>> parts) {
        List<List<Integer>> sets = List.of(List.of());
        for (List<Integer> part : parts) {
            sets = product(sets, List.of(part, List.of()));
        }
        return sets;
    }

    private static List<List<Integer>> product(List<List<Integer>> left, List<List<Integer>> right) {
        if ((long) left.size() * right.size() > SETS_MAX) {
            throw Refusal.because("There are more than %d grouping sets.", SETS_MAX);
        }
        List<List<Integer>> sets = new ArrayList<>();
        for (List<Integer> a : left) {
            for (List<Integer> b : right) {
                sets.add(union(List.of(a, b)));
            }
        }
        return sets;
    }

    private static List<Integer> union(List<List<Integer>> parts) {
        Set<Integer> refs = new LinkedHashSet<>();
        parts.forEach(refs::addAll);
        return List.copyOf(refs);
    }
}
