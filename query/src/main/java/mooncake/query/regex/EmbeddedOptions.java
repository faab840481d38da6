package mooncake.query.regex;

import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// The letters by which options are asked for, inside patterns and as the flags of functions.
public final class EmbeddedOptions {
    private EmbeddedOptions() {}

    /// Options in front of a pattern.
    static Options with(Options options, int letter) {
        if (letter == 'c') {
            return options.withIgnoreCase(false);
        }
        if ("imnpqstwxbe".indexOf(letter) < 0) {
            throw RegexError.OPTION.exception();
        }
        return known(options, letter);
    }

    /// The flags of a function; `g` is left to the caller.
    public static Options ofFlags(String flags) {
        Options options = Options.NONE;
        for (int i = 0; i < flags.length(); i++) {
            char letter = flags.charAt(i);
            if ("cimnpqstwxbeg".indexOf(letter) < 0) {
                String shown = Character.toString(flags.codePointAt(i));
                throw new MooncakeException(
                        ErrorCode.INVALID_PARAMETER, "invalid regular expression option: \"" + shown + "\"");
            }
            options = letter == 'c' ? options.withIgnoreCase(false) : letter == 'g' ? options : known(options, letter);
        }
        return options.literal() ? options.withExpanded(false).withNewlines(false, false) : options;
    }

    private static Options known(Options options, int letter) {
        return switch (letter) {
            case 'i' -> options.withIgnoreCase(true);
            case 'm', 'n' -> options.withNewlines(true, true);
            case 'p' -> options.withNewlines(true, false);
            case 'q' -> options.withLiteral(true);
            case 's' -> options.withNewlines(false, false);
            case 't' -> options.withExpanded(false);
            case 'w' -> options.withNewlines(false, true);
            case 'x' -> options.withExpanded(true);
            default ->
                throw new MooncakeException(
                        ErrorCode.NOT_PUSHED, "Basic and extended regular expressions are not translated.");
        };
    }
}
