package mooncake.query.regex;

import java.util.ArrayList;
import java.util.List;
import mooncake.query.collate.TextLocale;
import org.jspecify.annotations.Nullable;

/// Reads a pattern in Postgres' advanced syntax.
final class PatternParser {
    private static final int REPETITIONS_MAX = 255;
    private static final int DEPTH_MAX = 500;

    private final PatternReader in;
    private final CharSets sets;
    /// The groups so far, from 1; one that is still open is null.
    private final List<@Nullable Part> groups = new ArrayList<>();
    private int depth;

    private PatternParser(int[] pattern, Options given, TextLocale locale) {
        this.in = new PatternReader(pattern, given);
        this.sets = new CharSets(locale, in.options());
    }

    /// A pattern that is understood.
    record Parsed(Part root, int groups) {}

    static Parsed parse(int[] pattern, Options options, TextLocale locale) {
        PatternParser parser = new PatternParser(pattern, options, locale);
        Part root = parser.alternation(false, false);
        return new Parsed(root, parser.groups.size());
    }

    /// How often a piece is repeated.
    ///
    /// @param preference of [Part], 0 for that of the piece
    private record Quantifier(int min, int max, int preference) {
        static final Quantifier ONCE = new Quantifier(1, 1, 0);
    }

    /// A piece before its quantifier.
    ///
    /// @param part null for plain characters
    private record Atom(Expr expr, @Nullable Part part, boolean separate, boolean reference) {
        int flags() {
            return part == null ? 0 : part.flags();
        }
    }

    private Part alternation(boolean inGroup, boolean inLook) {
        if (++depth > DEPTH_MAX) {
            throw RegexError.tooComplex();
        }
        List<Part> branches = new ArrayList<>();
        int flags = Part.LONGER;
        do {
            Part branch = branch(inGroup, inLook);
            branches.add(branch);
            flags |= Part.upward(flags | branch.flags());
        } while (in.eat('|'));
        depth--;
        if (inGroup && !in.eat(')')) {
            throw RegexError.PARENTHESES.exception();
        }
        return branches.size() == 1 ? branches.getFirst() : Part.alternation(flags, branches);
    }

    /// Pieces that need not be told apart gather in a leaf; the first that must be ends it.
    private Part branch(boolean inGroup, boolean inLook) {
        List<Expr> prefix = new ArrayList<>();
        int flags = 0;
        while (!atEnd(inGroup)) {
            Expr condition = condition();
            if (condition != null) {
                prefix.add(condition);
                continue;
            }
            Atom atom = atom(inLook);
            Quantifier quantifier = quantifier();
            if (quantifier.max() == 0) {
                prefix.add(Expr.EMPTY);
                continue;
            }
            int together = flags | quantifier.preference() | atom.flags();
            if (!atom.separate() && !Part.isMessy(Part.upward(together))) {
                prefix.add(repeated(atom.expr(), quantifier));
                flags = together;
                continue;
            }
            return separated(prefix, flags, atom, quantifier, inGroup, inLook);
        }
        return Part.leaf(flags, new Expr.Sequence(prefix));
    }

    private Part separated(
            List<Expr> prefix, int flags, Atom atom, Quantifier quantifier, boolean inGroup, boolean inLook) {
        Part piece = atom.part() == null ? Part.leaf(0, atom.expr()) : atom.part();
        Part quantified = atom.reference() ? counted(piece, quantifier) : quantified(piece, quantifier);
        Part before = Part.leaf(flags, new Expr.Sequence(prefix));
        if (atEnd(inGroup)) {
            int all = flags | Part.combine(flags, quantified.flags());
            return prefix.isEmpty() ? quantified : Part.concatenation(all, before, quantified);
        }
        Part rest = branch(inGroup, inLook);
        int tail = Part.combine(quantifier.preference(), piece.flags());
        tail |= Part.combine(tail, rest.flags());
        int all = flags | Part.combine(flags, tail);
        if (prefix.isEmpty()) {
            return Part.concatenation(all, quantified, rest);
        }
        boolean plain = quantified.kind() == Part.Kind.LEAF
                && rest.kind() == Part.Kind.LEAF
                && !Part.isMessy(Part.upward(quantified.flags() | rest.flags()));
        Part after = plain
                ? Part.leaf(
                        quantified.flags() | rest.flags(), new Expr.Sequence(List.of(quantified.expr(), rest.expr())))
                : Part.concatenation(tail, quantified, rest);
        return Part.concatenation(all, before, after);
    }

    /// A back reference counts its repetitions itself.
    private static Part counted(Part piece, Quantifier quantifier) {
        int flags = Part.combine(quantifier.preference(), piece.flags());
        return new Part(
                Part.Kind.REFERENCE,
                piece.flags() | flags,
                0,
                List.of(),
                quantifier.min(),
                quantifier.max(),
                piece.reference(),
                new Expr.Repeat(piece.expr(), quantifier.min(), quantifier.max()));
    }

    private static Part quantified(Part piece, Quantifier quantifier) {
        int preference = quantifier.preference();
        int flags = Part.combine(preference, piece.flags());
        int own = Part.preferenceOrMixed(piece.flags());
        int min = quantifier.min();
        int max = quantifier.max();
        if (min == 1 && max == 1 && (preference == 0 || own == 0 || preference == own)) {
            return piece;
        }
        if (!piece.hasGroups() && !piece.hasReferences()) {
            return Part.leaf(flags, new Expr.Repeat(piece.expr(), min, max));
        }
        if (min > 0 && !piece.hasReferences()) {
            int fewer = max == Expr.Repeat.UNLIMITED ? max : max - 1;
            Part earlier = Part.leaf(Part.preference(flags), new Expr.Repeat(piece.expr(), min - 1, fewer));
            return Part.concatenation(flags, earlier, piece);
        }
        return Part.iteration(flags, min, max, piece);
    }

    private static Expr repeated(Expr expr, Quantifier quantifier) {
        return quantifier.min() == 1 && quantifier.max() == 1
                ? expr
                : new Expr.Repeat(expr, quantifier.min(), quantifier.max());
    }

    private boolean atEnd(boolean inGroup) {
        int next = in.peek();
        return next == PatternReader.END || (!in.isLiteral() && (next == '|' || (inGroup && next == ')')));
    }

    /// A condition that takes no text, null when something else is next.
    private @Nullable Expr condition() {
        if (in.isLiteral()) {
            return null;
        }
        boolean lines = in.options().newlineAnchors();
        if (in.eat('^')) {
            return lines ? Expr.Assertion.LINE_START : Expr.Assertion.TEXT_START;
        }
        if (in.eat('$')) {
            return lines ? Expr.Assertion.LINE_END : Expr.Assertion.TEXT_END;
        }
        if (in.eat("[[:<:]]")) {
            return Expr.Assertion.WORD_START;
        }
        if (in.eat("[[:>:]]")) {
            return Expr.Assertion.WORD_END;
        }
        if (in.peek() == '\\') {
            return escapedCondition();
        }
        for (String opening : List.of("(?=", "(?!", "(?<=", "(?<!")) {
            if (in.eat(opening)) {
                Expr part = alternation(true, true).expr();
                return new Expr.Look(!opening.contains("<"), opening.endsWith("!"), part);
            }
        }
        return null;
    }

    private Expr.@Nullable Assertion escapedCondition() {
        Expr.Assertion assertion = switch (in.peekAfter()) {
            case 'A' -> Expr.Assertion.TEXT_START;
            case 'Z' -> Expr.Assertion.TEXT_END;
            case 'm' -> Expr.Assertion.WORD_START;
            case 'M' -> Expr.Assertion.WORD_END;
            case 'y' -> Expr.Assertion.WORD_EDGE;
            case 'Y' -> Expr.Assertion.NO_WORD_EDGE;
            default -> null;
        };
        if (assertion != null) {
            in.next();
            in.next();
        }
        return assertion;
    }

    private Atom atom(boolean inLook) {
        int next = in.next();
        if (in.isLiteral()) {
            return plain(sets.character(next));
        }
        return switch (next) {
            case '*', '+', '?' -> throw RegexError.OPERAND.exception();
            case ')' -> throw RegexError.PARENTHESES.exception();
            case '{' -> {
                if (isDigit(in.peekHere())) {
                    throw RegexError.OPERAND.exception();
                }
                yield plain(sets.character(next));
            }
            case '.' -> plain(sets.any());
            case '[' -> plain(new BracketParser(in, sets).parse());
            case '(' -> group(inLook);
            case '\\' -> {
                Escapes.Escape escape = Escapes.read(in, groups.size());
                yield escape.reference() > 0 ? reference(escape.reference(), inLook) : plain(sets.of(escape));
            }
            default -> plain(sets.character(next));
        };
    }

    private static Atom plain(CharSet set) {
        return new Atom(new Expr.Chars(set), null, false, false);
    }

    private Atom group(boolean inLook) {
        boolean captures = true;
        if (in.peekHere() == '?') {
            in.next();
            if (in.nextHere() != ':') {
                throw RegexError.OPERAND.exception();
            }
            captures = false;
        }
        if (!captures || inLook) {
            Part part = alternation(true, inLook);
            return new Atom(part.expr(), part, false, false);
        }
        groups.add(null);
        int number = groups.size();
        Part part = alternation(true, false).asGroup(number);
        groups.set(number - 1, part);
        return new Atom(part.expr(), part, true, false);
    }

    private Atom reference(int number, boolean inLook) {
        Part group = number > groups.size() || inLook ? null : groups.get(number - 1);
        if (group == null) {
            throw RegexError.BACK_REFERENCE.exception();
        }
        Part part = Part.reference(number, group.expr());
        return new Atom(part.expr(), part, true, true);
    }

    private Quantifier quantifier() {
        if (in.isLiteral()) {
            return Quantifier.ONCE;
        }
        if (in.eat('*')) {
            return new Quantifier(0, Expr.Repeat.UNLIMITED, preference());
        }
        if (in.eat('+')) {
            return new Quantifier(1, Expr.Repeat.UNLIMITED, preference());
        }
        if (in.eat('?')) {
            return new Quantifier(0, 1, preference());
        }
        if (in.peek() == '{' && isDigit(in.peekAfter())) {
            in.next();
            return bounds();
        }
        return Quantifier.ONCE;
    }

    private int preference() {
        return in.eatHere('?') ? Part.SHORTER : Part.LONGER;
    }

    private Quantifier bounds() {
        int min = number();
        if (in.eat(',')) {
            int max = isDigit(in.peek()) ? number() : Expr.Repeat.UNLIMITED;
            if (min > max) {
                throw RegexError.REPETITION_COUNT.exception();
            }
            endBounds();
            return new Quantifier(min, max, preference());
        }
        endBounds();
        preference();
        return new Quantifier(min, min, 0);
    }

    private void endBounds() {
        if (in.peek() == PatternReader.END) {
            throw RegexError.BRACES.exception();
        }
        if (!in.eat('}')) {
            throw RegexError.REPETITION_COUNT.exception();
        }
    }

    private int number() {
        int number = 0;
        while (isDigit(in.peek())) {
            number = number * 10 + in.next() - '0';
            if (number > REPETITIONS_MAX) {
                throw RegexError.REPETITION_COUNT.exception();
            }
        }
        return number;
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }
}
