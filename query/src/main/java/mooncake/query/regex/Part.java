package mooncake.query.regex;

import java.util.List;

/// A piece of a pattern that has to be told apart from its neighbours: because a group is in it, a back reference, or
/// quantifiers that prefer differently. Everything else is a leaf.
///
/// @param flags see the constants
/// @param group the group that this part is, 0 for none
/// @param min of repetitions and back references
/// @param reference the group that a back reference repeats
record Part(Kind kind, int flags, int group, List<Part> children, int min, int max, int reference, Expr expr) {
    static final int LONGER = 1;
    static final int SHORTER = 2;
    private static final int MIXED = 4;
    private static final int GROUPS = 8;
    private static final int REFERENCES = 16;
    private static final int UPWARD = MIXED | GROUPS | REFERENCES;

    enum Kind {
        LEAF,
        CONCATENATION,
        ALTERNATION,
        ITERATION,
        REFERENCE,
        /// A group that is nothing but another group.
        WRAPPER
    }

    static Part leaf(int flags, Expr expr) {
        return new Part(Kind.LEAF, flags, 0, List.of(), 1, 1, 0, expr);
    }

    static Part concatenation(int flags, Part left, Part right) {
        return new Part(
                Kind.CONCATENATION,
                flags,
                0,
                List.of(left, right),
                1,
                1,
                0,
                new Expr.Sequence(List.of(left.expr, right.expr)));
    }

    static Part alternation(int flags, List<Part> branches) {
        Expr expr = new Expr.Choice(branches.stream().map(Part::expr).toList());
        return isMessy(flags) ? new Part(Kind.ALTERNATION, flags, 0, branches, 1, 1, 0, expr) : leaf(flags, expr);
    }

    static Part iteration(int flags, int min, int max, Part body) {
        return new Part(Kind.ITERATION, flags, 0, List.of(body), min, max, 0, new Expr.Repeat(body.expr, min, max));
    }

    /// @param text what the group may match
    static Part reference(int group, Expr text) {
        return new Part(Kind.REFERENCE, REFERENCES, 0, List.of(), 1, 1, group, Expr.withoutConditions(text));
    }

    Part asGroup(int number) {
        return group == 0
                ? new Part(kind, flags | GROUPS, number, children, min, max, reference, expr)
                : new Part(Kind.WRAPPER, flags | GROUPS, number, List.of(this), 1, 1, 0, expr);
    }

    boolean prefersShorter() {
        return (flags & SHORTER) != 0;
    }

    boolean hasReferences() {
        return (flags & REFERENCES) != 0;
    }

    boolean hasGroups() {
        return (flags & GROUPS) != 0;
    }

    /// Whether parts inside must be told apart.
    static boolean isMessy(int flags) {
        return (flags & UPWARD) != 0;
    }

    /// What of the flags of its parts an expression inherits.
    static int upward(int flags) {
        boolean mixed = (flags & LONGER) != 0 && (flags & SHORTER) != 0;
        return (flags & UPWARD) | (mixed ? MIXED : 0);
    }

    static int preference(int flags) {
        return flags & (LONGER | SHORTER);
    }

    static int preferenceOrMixed(int flags) {
        return flags & (LONGER | SHORTER | MIXED);
    }

    /// Flags of two neighbours together: the first preference wins.
    static int combine(int first, int second) {
        return upward(first | second) | (preference(first) != 0 ? preference(first) : preference(second));
    }
}
