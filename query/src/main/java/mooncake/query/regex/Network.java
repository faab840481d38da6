package mooncake.query.regex;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An expression as states with steps between them. Steps take a character of a set, or none: always, under a
/// condition, or after a look around.
final class Network {
    /// Postgres takes about as many before a pattern is too complex for it.
    private static final int STATES_MAX = 500_000;

    static final int FINAL = 0;

    private static final Expr.Look[] NO_LOOKS = {};

    private final Alphabet alphabet;
    private final List<State> states = new ArrayList<>(List.of(new State()));
    private final List<Expr.Look> looks = new ArrayList<>();
    private final IdentityHashMap<Expr.Look, Integer> numbers = new IdentityHashMap<>();
    private final int start;

    /// Exactly one of the fields but the second way out is set.
    static final class State {
        boolean @Nullable [] colours;
        Expr.@Nullable Assertion assertion;
        int look = -1;
        int next = -1;
        int other = -1;
    }

    Network(Expr expr, Alphabet alphabet) {
        this.alphabet = alphabet;
        this.start = build(expr, FINAL);
    }

    int start() {
        return start;
    }

    int size() {
        return states.size();
    }

    State state(int number) {
        return states.get(number);
    }

    Expr.Look[] looks() {
        return looks.toArray(NO_LOOKS);
    }

    boolean hasConditions() {
        return states.stream().anyMatch(state -> state.assertion != null);
    }

    private int add(State state) {
        if (states.size() >= STATES_MAX) {
            throw RegexError.tooComplex();
        }
        states.add(state);
        return states.size() - 1;
    }

    /// Adds the states of an expression that leads to `next`; where it begins.
    private int build(Expr expr, int next) {
        return switch (expr) {
            case Expr.Chars(CharSet set) -> {
                State state = new State();
                state.colours = set.isEmpty() ? new boolean[alphabet.size()] : alphabet.members(set);
                state.next = next;
                yield add(state);
            }
            case Expr.Sequence(List<Expr> parts) -> {
                int at = next;
                for (Expr part : parts.reversed()) {
                    at = build(part, at);
                }
                yield at;
            }
            case Expr.Choice(List<Expr> branches) -> {
                int at = build(branches.getLast(), next);
                for (Expr branch : branches.subList(0, branches.size() - 1).reversed()) {
                    at = fork(build(branch, next), at);
                }
                yield at;
            }
            case Expr.Repeat repeat -> repeat(repeat, next);
            case Expr.Assertion assertion -> {
                State state = new State();
                state.assertion = assertion;
                state.next = next;
                yield add(state);
            }
            case Expr.Look look -> {
                State state = new State();
                state.look = number(look);
                state.next = next;
                yield add(state);
            }
        };
    }

    /// A look may stand in several copies of what holds it.
    private int number(Expr.Look look) {
        Integer known = numbers.putIfAbsent(look, looks.size());
        if (known != null) {
            return known;
        }
        looks.add(look);
        return looks.size() - 1;
    }

    private int fork(int one, int other) {
        State state = new State();
        state.next = one;
        state.other = other;
        return add(state);
    }

    private int repeat(Expr.Repeat repeat, int next) {
        int at = next;
        if (repeat.max() == Expr.Repeat.UNLIMITED) {
            State loop = new State();
            at = add(loop);
            loop.other = next;
            loop.next = build(repeat.part(), at);
        } else {
            for (int i = repeat.min(); i < repeat.max(); i++) {
                at = fork(build(repeat.part(), at), next);
            }
        }
        for (int i = 0; i < repeat.min(); i++) {
            at = build(repeat.part(), at);
        }
        return at;
    }
}
