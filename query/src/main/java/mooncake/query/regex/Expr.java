package mooncake.query.regex;

import java.util.List;

/// What texts an expression matches, without regard to how they are divided among its parts.
sealed interface Expr {
    Expr EMPTY = new Sequence(List.of());

    record Chars(CharSet set) implements Expr {}

    record Sequence(List<Expr> parts) implements Expr {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    record Choice(List<Expr> branches) implements Expr {
        public Choice {
            branches = List.copyOf(branches);
        }
    }

    /// One part several times.
    ///
    /// @param max [#UNLIMITED] for any number
    record Repeat(Expr part, int min, int max) implements Expr {
        static final int UNLIMITED = Integer.MAX_VALUE;
    }

    /// A condition on the place between two characters.
    enum Assertion implements Expr {
        TEXT_START,
        TEXT_END,
        LINE_START,
        LINE_END,
        WORD_START,
        WORD_END,
        WORD_EDGE,
        NO_WORD_EDGE
    }

    /// Whether a match of the part begins here, or ends here for one that looks back.
    record Look(boolean ahead, boolean negative, Expr part) implements Expr {}

    /// The expression with all conditions taken as met.
    static Expr withoutConditions(Expr expr) {
        return switch (expr) {
            case Chars _ -> expr;
            case Sequence(List<Expr> parts) ->
                new Sequence(parts.stream().map(Expr::withoutConditions).toList());
            case Choice(List<Expr> branches) ->
                new Choice(branches.stream().map(Expr::withoutConditions).toList());
            case Repeat(Expr part, int min, int max) -> new Repeat(withoutConditions(part), min, max);
            case Assertion _, Look _ -> EMPTY;
        };
    }
}
