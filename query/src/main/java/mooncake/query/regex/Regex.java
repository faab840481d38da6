package mooncake.query.regex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import mooncake.query.collate.TextLocale;
import org.jspecify.annotations.Nullable;

/// A pattern ready to match. One thread at a time.
public final class Regex {
    private final Part root;
    private final int groups;
    private final Options options;
    private final TextLocale locale;
    private final Alphabet alphabet;
    private final Automaton whole;
    private final Automaton search;
    private final IdentityHashMap<Part, Automaton> automata = new IdentityHashMap<>();
    private final IdentityHashMap<Expr.Look, Automaton.Look> looks = new IdentityHashMap<>();
    private boolean prepared;

    /// Reads a pattern, or raises what Postgres raises for it.
    public Regex(int[] pattern, Options given, TextLocale locale) {
        PatternReader reader = new PatternReader(pattern, given);
        this.options = reader.options();
        this.locale = locale;
        PatternParser.Parsed parsed = PatternParser.parse(pattern, given, locale);
        this.root = parsed.root();
        this.groups = parsed.groups();
        List<CharSet> sets = new ArrayList<>();
        boolean words = collect(root.expr(), sets);
        this.alphabet = new Alphabet(sets, words ? CharSets.word(locale) : CharSet.NONE);
        this.whole = automaton(root.expr(), false);
        this.search = automaton(root.expr(), true);
        this.automata.put(root, whole);
    }

    public int groups() {
        return groups;
    }

    /// Gathers the sets of an expression; whether it asks for words.
    private static boolean collect(Expr expr, List<CharSet> sets) {
        return switch (expr) {
            case Expr.Chars(CharSet set) -> {
                sets.add(set);
                yield false;
            }
            case Expr.Sequence(List<Expr> parts) -> collect(parts, sets);
            case Expr.Choice(List<Expr> branches) -> collect(branches, sets);
            case Expr.Repeat(Expr part, int _, int _) -> collect(part, sets);
            case Expr.Look(boolean _, boolean _, Expr part) -> collect(part, sets);
            case Expr.Assertion assertion ->
                switch (assertion) {
                    case WORD_START, WORD_END, WORD_EDGE, NO_WORD_EDGE -> true;
                    case TEXT_START, TEXT_END, LINE_START, LINE_END -> false;
                };
        };
    }

    private static boolean collect(List<Expr> parts, List<CharSet> sets) {
        boolean words = false;
        for (Expr part : parts) {
            words |= collect(part, sets);
        }
        return words;
    }

    private Automaton automaton(Expr expr, boolean floating) {
        Network network = new Network(expr, alphabet);
        List<Automaton.Look> inside = new ArrayList<>();
        for (Expr.Look look : network.looks()) {
            Automaton.Look known = looks.get(look);
            if (known == null) {
                Automaton automaton = automaton(look.part(), !look.ahead());
                known = new Automaton.Look(looks.size(), look.ahead(), look.negative(), automaton);
                looks.put(look, known);
            }
            inside.add(known);
        }
        return new Automaton(network, alphabet, inside, floating);
    }

    Automaton automaton(Part part) {
        Automaton known = automata.get(part);
        if (known == null) {
            known = automaton(part.expr(), false);
            automata.put(part, known);
        }
        return known;
    }

    /// Whether anything in the text matches.
    public boolean isFoundIn(int[] text) {
        if (root.hasReferences()) {
            return match(text, 0) != null;
        }
        Subject subject = new Subject(text, alphabet, looks.size());
        return search.shortest(subject, 0, 0, text.length) >= 0;
    }

    /// The first match from a place on: where it and its groups begin and end, -1 for groups that took no part; null
    /// when there is none.
    public int @Nullable [] match(int[] text, int from) {
        if (groups > 0 && !prepared) {
            prepare(root);
            prepared = true;
        }
        Subject subject = new Subject(text, alphabet, looks.size());
        Dissection dissection = new Dissection(this, subject, groups);
        return root.hasReferences() ? searchAll(dissection, subject, from) : searchOne(dissection, subject, from);
    }

    private int @Nullable [] searchOne(Dissection dissection, Subject subject, int from) {
        if (search.shortest(subject, from, from, subject.length()) < 0) {
            return null;
        }
        for (int begin = from; begin <= subject.length(); begin++) {
            int[] found = tryOne(dissection, subject, begin);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /// Back references make some matches wrong that seemed right; Postgres then goes on behind the nearest end, but
    /// not at the very end of the text.
    private int @Nullable [] searchAll(Dissection dissection, Subject subject, int from) {
        int next = from;
        do {
            int close = search.shortest(subject, next, next, subject.length());
            if (close < 0) {
                return null;
            }
            for (int begin = next; begin <= close; begin++) {
                int[] found = tryEnds(dissection, subject, begin);
                if (found != null) {
                    return found;
                }
            }
            next = close + 1;
        } while (next < subject.length());
        return null;
    }

    /// All automata exist before a text is looked at, for they number its looks.
    private void prepare(Part part) {
        automaton(part);
        part.children().forEach(this::prepare);
    }

    private int @Nullable [] tryOne(Dissection dissection, Subject subject, int begin) {
        int end = root.prefersShorter()
                ? whole.shortest(subject, begin, begin, subject.length())
                : whole.longest(subject, begin, subject.length());
        if (end < 0) {
            return null;
        }
        if (groups == 0) {
            return new int[] {begin, end};
        }
        return dissection.divide(root, begin, end) ? dissection.result(begin, end) : null;
    }

    /// With back references not every end that seems right is: others are tried in the order of preference.
    private int @Nullable [] tryEnds(Dissection dissection, Subject subject, int begin) {
        int least = begin;
        int most = subject.length();
        while (true) {
            int end = root.prefersShorter()
                    ? whole.shortest(subject, begin, least, most)
                    : whole.longest(subject, begin, most);
            if (end < 0) {
                return null;
            }
            dissection.forgetAll();
            if (dissection.divide(root, begin, end)) {
                return dissection.result(begin, end);
            }
            if (root.prefersShorter()) {
                least = end + 1;
            } else {
                most = end - 1;
            }
            if (least > subject.length() || most < begin) {
                return null;
            }
        }
    }

    /// Whether two stretches of a text are the same to a back reference.
    boolean isSame(Subject subject, int first, int second, int length) {
        for (int i = 0; i < length; i++) {
            int a = subject.character(first + i);
            int b = subject.character(second + i);
            if (a != b && !(options.ignoreCase() && locale.lower(a) == locale.lower(b))) {
                return false;
            }
        }
        return true;
    }

    static int[] noPlaces(int groups) {
        int[] places = new int[2 * (groups + 1)];
        Arrays.fill(places, -1);
        return places;
    }
}
