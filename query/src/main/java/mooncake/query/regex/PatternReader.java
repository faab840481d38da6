package mooncake.query.regex;

/// The characters of a pattern, one after another, and the options that stand before them.
final class PatternReader {
    static final int END = -1;

    private final int[] pattern;
    private int at;
    private Options options;

    PatternReader(int[] pattern, Options given) {
        this.pattern = pattern;
        this.options = given;
        if (!options.literal()) {
            readDirector();
        }
    }

    Options options() {
        return options;
    }

    boolean isLiteral() {
        return options.literal();
    }

    /// `***:`, `***=` and `(?xyz)` at the beginning.
    private void readDirector() {
        if (pattern.length > 3 && startsWith("***")) {
            at += 3;
            switch (pattern[at++]) {
                case '=' -> {
                    options = options.withLiteral(true).withExpanded(false).withNewlines(false, false);
                    return;
                }
                case ':' -> {}
                case '?' -> throw RegexError.PATTERN.exception();
                default -> throw RegexError.OPERAND.exception();
            }
        }
        if (startsWith("(?") && isLetter(at + 2)) {
            at += 2;
            int end = at;
            while (isLetter(end)) {
                end++;
            }
            if (end == pattern.length || pattern[end] != ')') {
                throw RegexError.OPTION.exception();
            }
            while (at < end) {
                options = EmbeddedOptions.with(options, pattern[at++]);
            }
            at++;
            if (options.literal()) {
                options = options.withExpanded(false).withNewlines(false, false);
            }
        }
    }

    /// Which letters others than those of ASCII there are only decides in which words they are refused.
    private boolean isLetter(int index) {
        return index < pattern.length && Character.isLetter(pattern[index]);
    }

    private boolean startsWith(String text) {
        if (pattern.length - at < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (pattern[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Passes over comments and, in expanded patterns, blanks.
    private void skip() {
        while (!options.literal()) {
            int before = at;
            if (options.expanded()) {
                skipBlanks();
            }
            if (startsWith("(?#")) {
                while (at < pattern.length && pattern[at] != ')') {
                    at++;
                }
                at += at < pattern.length ? 1 : 0;
            }
            if (at == before) {
                return;
            }
        }
    }

    private void skipBlanks() {
        while (at < pattern.length) {
            if (pattern[at] == ' ' || (pattern[at] >= '\t' && pattern[at] <= '\r')) {
                at++;
            } else if (pattern[at] == '#') {
                while (at < pattern.length && pattern[at] != '\n') {
                    at++;
                }
            } else {
                return;
            }
        }
    }

    /// The next character that means something.
    int peek() {
        skip();
        return peekHere();
    }

    /// The one after it.
    int peekAfter() {
        skip();
        return at + 1 < pattern.length ? pattern[at + 1] : END;
    }

    int next() {
        skip();
        return nextHere();
    }

    /// Takes the next character that means something if it is this one.
    boolean eat(char character) {
        skip();
        return !options.literal() && eatHere(character);
    }

    boolean eat(String text) {
        skip();
        if (!startsWith(text)) {
            return false;
        }
        at += text.length();
        return true;
    }

    /// The very next character.
    int peekHere() {
        return at < pattern.length ? pattern[at] : END;
    }

    int nextHere() {
        return at < pattern.length ? pattern[at++] : END;
    }

    boolean eatHere(char character) {
        if (peekHere() != character) {
            return false;
        }
        at++;
        return true;
    }

    boolean eatHere(String text) {
        if (!startsWith(text)) {
            return false;
        }
        at += text.length();
        return true;
    }

    /// A place to return to.
    record Mark(int at) {}

    Mark mark() {
        return new Mark(at);
    }

    void reset(Mark mark) {
        at = mark.at();
    }

    int since(Mark mark) {
        return at - mark.at();
    }

    /// Takes back the last character.
    void back() {
        at--;
    }

    /// A number of `min` to `max` digits of a base.
    long digits(int base, int min, int max) {
        long number = 0;
        int count = 0;
        while (count < max) {
            int digit = peekHere() < 128 ? Character.digit(peekHere(), base) : -1;
            if (digit < 0) {
                break;
            }
            number = (number * base + digit) & 0xffff_ffffL;
            at++;
            count++;
        }
        if (count < min) {
            throw RegexError.ESCAPE.exception();
        }
        return number;
    }
}
