package mooncake.query.regex;

/// What stands behind a backslash.
final class Escapes {
    private Escapes() {}

    /// A character, a class or the number of a group.
    ///
    /// @param characterClass `d`, `s`, `w` or their capitals for the complement, 0 for none
    /// @param reference 0 for none
    record Escape(long character, int characterClass, int reference) {
        static Escape character(long character) {
            return new Escape(character, 0, 0);
        }
    }

    /// Reads on after the backslash; of `groups` there are references.
    static Escape read(PatternReader in, int groups) {
        int next = in.nextHere();
        if (next == PatternReader.END) {
            throw RegexError.ESCAPE.exception();
        }
        boolean alphanumeric = next < 128 && Character.isLetterOrDigit(next);
        if (!alphanumeric) {
            return Escape.character(next);
        }
        return switch (next) {
            case 'a' -> Escape.character(7);
            case 'b' -> Escape.character('\b');
            case 'B' -> Escape.character('\\');
            case 'c' -> {
                int control = in.nextHere();
                if (control == PatternReader.END) {
                    throw RegexError.ESCAPE.exception();
                }
                yield Escape.character(control & 31);
            }
            case 'd', 'D', 's', 'S', 'w', 'W' -> new Escape(0, next, 0);
            case 'e' -> Escape.character(27);
            case 'f' -> Escape.character('\f');
            case 'n' -> Escape.character('\n');
            case 'r' -> Escape.character('\r');
            case 't' -> Escape.character('\t');
            case 'v' -> Escape.character(11);
            case 'u' -> coded(in.digits(16, 4, 4));
            case 'U' -> coded(in.digits(16, 8, 8));
            case 'x' -> coded(in.digits(16, 1, 255));
            case '0' -> octal(in);
            case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> referenceOrOctal(in, groups);
            default -> throw RegexError.ESCAPE.exception();
        };
    }

    private static Escape coded(long character) {
        if (character > 0x7fff_fffeL) {
            throw RegexError.ESCAPE.exception();
        }
        return Escape.character(character);
    }

    private static Escape referenceOrOctal(PatternReader in, int groups) {
        in.back();
        PatternReader.Mark mark = in.mark();
        long number = in.digits(10, 1, 255);
        if (in.since(mark) == 1 || (number > 0 && number <= groups)) {
            return new Escape(0, 0, (int) Math.min(number, Integer.MAX_VALUE));
        }
        in.reset(mark);
        in.nextHere();
        return octal(in);
    }

    private static Escape octal(PatternReader in) {
        in.back();
        long number = in.digits(8, 1, 3);
        if (number > 0xff) {
            in.back();
            number >>= 3;
        }
        return Escape.character(number);
    }
}
