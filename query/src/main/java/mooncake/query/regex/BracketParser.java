package mooncake.query.regex;

import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Reads `[...]`.
final class BracketParser {
    private final PatternReader in;
    private final CharSets sets;

    BracketParser(PatternReader in, CharSets sets) {
        this.in = in;
        this.sets = sets;
    }

    /// Reads on after the opening bracket.
    CharSet parse() {
        boolean negated = in.eatHere('^');
        CharSet all = CharSet.NONE;
        boolean first = true;
        while (first || in.peekHere() != ']') {
            if (in.peekHere() == PatternReader.END) {
                throw RegexError.BRACKETS.exception();
            }
            all = all.union(part(first));
            first = false;
        }
        in.nextHere();
        if (!negated) {
            return all;
        }
        return sets.options().newlineStops() ? all.union(CharSet.NEWLINE).complement() : all.complement();
    }

    private CharSet part(boolean first) {
        if (in.eatHere("[:")) {
            CharSet named = sets.named(name(':'));
            if (named == null) {
                throw RegexError.CLASS.exception();
            }
            return named;
        }
        if (in.eatHere("[=")) {
            return sets.character(element(name('=')));
        }
        long start;
        if (in.eatHere("[.")) {
            start = element(name('.'));
        } else if (in.eatHere('\\')) {
            Escapes.Escape escape = escape();
            lookAhead();
            if (escape.characterClass() != 0) {
                return sets.of(escape);
            }
            start = escape.character();
        } else if (!first && atRange()) {
            throw RegexError.RANGE.exception();
        } else {
            start = in.nextHere();
            lookAhead();
        }
        if (!atRange()) {
            return sets.character(start);
        }
        in.nextHere();
        lookAhead();
        return sets.range(start, end());
    }

    /// Whether a `-` is next that makes a range.
    private boolean atRange() {
        if (in.peekHere() != '-') {
            return false;
        }
        PatternReader.Mark mark = in.mark();
        in.nextHere();
        boolean last = in.peekHere() == ']';
        in.reset(mark);
        return !last;
    }

    private long end() {
        if (in.eatHere("[.")) {
            return element(name('.'));
        }
        if (in.eatHere("[:") || in.eatHere("[=")) {
            throw RegexError.RANGE.exception();
        }
        long end;
        if (in.eatHere('\\')) {
            Escapes.Escape escape = escape();
            if (escape.characterClass() != 0) {
                throw RegexError.RANGE.exception();
            }
            end = escape.character();
        } else {
            end = in.nextHere();
        }
        lookAhead();
        return end;
    }

    /// Postgres reads one sign ahead, so what is wrong with the next one is told before what is wrong with those
    /// before it.
    private void lookAhead() {
        PatternReader.Mark mark = in.mark();
        if (in.eatHere('\\')) {
            escape();
        } else {
            in.eatHere('[');
            if (in.peekHere() == PatternReader.END) {
                throw RegexError.BRACKETS.exception();
            }
        }
        in.reset(mark);
    }

    private Escapes.Escape escape() {
        Escapes.Escape escape = Escapes.read(in, 0);
        if (escape.reference() > 0) {
            throw RegexError.ESCAPE.exception();
        }
        return escape;
    }

    private String name(char delimiter) {
        StringBuilder name = new StringBuilder();
        while (!in.eatHere(delimiter + "]")) {
            int next = in.nextHere();
            if (next == PatternReader.END) {
                throw RegexError.BRACKETS.exception();
            }
            name.appendCodePoint(next);
        }
        lookAhead();
        return name.toString();
    }

    private static int element(String name) {
        if (name.isEmpty()) {
            throw RegexError.COLLATION.exception();
        }
        if (name.codePointCount(0, name.length()) > 1) {
            throw new MooncakeException(ErrorCode.NOT_PUSHED, "Names of characters in patterns are not translated.");
        }
        return name.codePointAt(0);
    }
}
