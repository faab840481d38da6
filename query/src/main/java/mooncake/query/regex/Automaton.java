package mooncake.query.regex;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How far an expression matches from some place, by states that are sets of a [Network]'s and are found when a text
/// first needs them. One thread at a time.
///
/// A step at a place takes the next character, or the end of the text, as it decides on conditions there and on
/// whether a match ends there before it decides where to go.
final class Automaton {
    private static final int STATES_MAX = 2000;
    /// Of all states together.
    private static final int MEMBERS_MAX = 4_000_000;
    private static final int DEAD = 0;
    /// One bit each in what is kept of a step.
    private static final int LOOKS_MAX = 40;
    /// Up to which a state's steps are an array.
    private static final int LOOKS_LISTED = 4;

    private final Network network;
    private final Alphabet alphabet;
    private final Look[] looks;
    private final boolean floating;
    private final boolean conditions;
    private final int end;

    private final List<State> states = new ArrayList<>();
    private final Map<Key, Integer> numbers = new HashMap<>();
    private long memberCount;
    private int[] stack;
    private boolean[] seen;

    /// A look that this expression holds, by its number in the pattern.
    record Look(int number, boolean ahead, boolean negative, Automaton automaton) {}

    /// Buffers are equal when what they hold is.
    private record Key(IntBuffer members, byte before) {}

    private static final class State {
        private final int[] members;
        /// The kind of the character before.
        private final byte before;
        /// By colour and looks: 0 for not known, else twice the next state, plus one for a match that ends
        /// here, plus two.
        private final int[] steps;
        private final Map<Long, Integer> further = new HashMap<>();

        State(int[] members, byte before, int listed) {
            this.members = members;
            this.before = before;
            this.steps = new int[listed];
        }

        int step(long key) {
            return key < steps.length ? steps[(int) key] : further.getOrDefault(key, 0);
        }

        void keep(long key, int step) {
            if (key < steps.length) {
                steps[(int) key] = step;
            } else {
                further.put(key, step);
            }
        }
    }

    /// @param floating whether a match may begin anywhere from the given place
    Automaton(Network network, Alphabet alphabet, List<Look> looks, boolean floating) {
        if (looks.size() > LOOKS_MAX) {
            throw RegexError.tooComplex();
        }
        this.network = network;
        this.alphabet = alphabet;
        this.looks = looks.toArray(new Look[0]);
        this.floating = floating;
        this.conditions = network.hasConditions();
        this.end = alphabet.size();
        this.stack = new int[network.size() + 1];
        this.seen = new boolean[network.size()];
        clear();
    }

    private void clear() {
        states.clear();
        numbers.clear();
        memberCount = 0;
        number(new int[0], Alphabet.OTHER);
    }

    /// The greatest end of a match up to `stop`, -1 for none.
    int longest(Subject subject, int start, int stop) {
        int last = -1;
        int state = first(subject, start);
        for (int at = start; ; at++) {
            int step = step(subject, state, at);
            if ((step & 1) != 0) {
                last = at;
            }
            state = (step >> 1) - 1;
            if (at == stop || (state == DEAD && !floating)) {
                return last;
            }
        }
    }

    /// The least end of a match from `min` to `stop`, -1 for none.
    int shortest(Subject subject, int start, int min, int stop) {
        int state = first(subject, start);
        for (int at = start; ; at++) {
            int step = step(subject, state, at);
            if ((step & 1) != 0 && at >= min) {
                return at;
            }
            state = (step >> 1) - 1;
            if (at == stop || (state == DEAD && !floating)) {
                return -1;
            }
        }
    }

    /// Marks each place where a match ends, 1, or does not, 2.
    private void markEnds(Subject subject, byte[] places) {
        int state = first(subject, 0);
        for (int at = 0; at <= subject.length(); at++) {
            int step = step(subject, state, at);
            places[at] = (byte) ((step & 1) != 0 ? 1 : 2);
            state = (step >> 1) - 1;
        }
    }

    private int first(Subject subject, int start) {
        byte before = start == 0 ? Alphabet.NOTHING : alphabet.kind(subject.colour(start - 1));
        return number(new int[] {network.start()}, conditions ? before : Alphabet.OTHER);
    }

    private int step(Subject subject, int state, int at) {
        int colour = at == subject.length() ? end : subject.colour(at);
        long key = colour;
        for (int i = 0; i < looks.length; i++) {
            key += holds(subject, looks[i], at) ? (end + 1L) << i : 0;
        }
        int step = states.get(state).step(key);
        return step != 0 ? step : makeStep(state, colour, key);
    }

    private static boolean holds(Subject subject, Look look, int at) {
        boolean fresh = !subject.isLooked(look.number());
        byte[] places = subject.look(look.number());
        if (look.ahead()) {
            if (places[at] == 0) {
                places[at] = (byte) (look.automaton().shortest(subject, at, at, subject.length()) >= 0 ? 1 : 2);
            }
        } else if (fresh) {
            look.automaton().markEnds(subject, places);
        }
        return places[at] == 1 != look.negative();
    }

    private int makeStep(int number, int colour, long key) {
        State state = states.get(number);
        boolean[] closed = closure(state, colour, key / (end + 1));
        int[] next = new int[closed.length];
        int count = 0;
        if (colour != end) {
            boolean[] reached = new boolean[closed.length];
            for (int i = 0; i < closed.length; i++) {
                boolean[] colours = closed[i] ? network.state(i).colours : null;
                if (colours != null && colours[colour]) {
                    reached[network.state(i).next] = true;
                }
            }
            reached[network.start()] |= floating;
            for (int i = 0; i < reached.length; i++) {
                if (reached[i]) {
                    next[count++] = i;
                }
            }
        }
        boolean full = states.size() >= STATES_MAX || memberCount >= MEMBERS_MAX;
        if (full) {
            clear();
        }
        byte before = conditions && colour != end ? alphabet.kind(colour) : Alphabet.OTHER;
        int target = number(Arrays.copyOf(next, count), count == 0 ? Alphabet.OTHER : before);
        int step = (target + 1) << 1 | (closed[Network.FINAL] ? 1 : 0);
        if (!full) {
            state.keep(key, step);
        }
        return step;
    }

    /// What can be reached at a place without taking a character.
    private boolean[] closure(State state, int colour, long held) {
        byte after = colour == end ? Alphabet.NOTHING : alphabet.kind(colour);
        Arrays.fill(seen, false);
        int depth = 0;
        for (int member : state.members) {
            seen[member] = true;
            stack[depth++] = member;
        }
        while (depth > 0) {
            Network.State at = network.state(stack[--depth]);
            Expr.Assertion assertion = at.assertion;
            boolean open = at.colours == null
                    && (assertion == null || holds(assertion, state.before, after))
                    && (at.look < 0 || (held >> at.look & 1) != 0);
            if (open && at.next >= 0 && !seen[at.next]) {
                seen[at.next] = true;
                stack[depth++] = at.next;
            }
            if (open && at.other >= 0 && !seen[at.other]) {
                seen[at.other] = true;
                stack[depth++] = at.other;
            }
        }
        return seen;
    }

    private static boolean holds(Expr.Assertion assertion, byte before, byte after) {
        boolean wordBefore = before == Alphabet.WORD;
        boolean wordAfter = after == Alphabet.WORD;
        return switch (assertion) {
            case TEXT_START -> before == Alphabet.NOTHING;
            case TEXT_END -> after == Alphabet.NOTHING;
            case LINE_START -> before == Alphabet.NOTHING || before == Alphabet.NEWLINE;
            case LINE_END -> after == Alphabet.NOTHING || after == Alphabet.NEWLINE;
            case WORD_START -> !wordBefore && wordAfter;
            case WORD_END -> wordBefore && !wordAfter;
            case WORD_EDGE -> wordBefore != wordAfter;
            case NO_WORD_EDGE -> wordBefore == wordAfter;
        };
    }

    private int number(int[] members, byte before) {
        Key key = new Key(IntBuffer.wrap(members), before);
        Integer known = numbers.get(key);
        if (known != null) {
            return known;
        }
        int number = states.size();
        memberCount += members.length;
        states.add(new State(members, before, (end + 1) << Math.min(looks.length, LOOKS_LISTED)));
        numbers.put(key, number);
        return number;
    }
}
