package mooncake.testing;

import java.util.List;

/// How every program that `./mooncake` starts begins.
public final class CommandLine {
    private static final int WRONG_USAGE = 2;

    private CommandLine() {}

    /// What someone typed makes no options.
    public static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        public Wrong(String message) {
            super(message);
        }
    }

    /// Makes options of the words that someone typed.
    @FunctionalInterface
    public interface Parser<T> {
        T parse(String[] words) throws Wrong;
    }

    /// The options, or the end of the process with the usage: when the words ask for it, or when they make none.
    public static <T> T optionsOrExit(String[] words, Parser<T> parser, String usage) {
        if (List.of(words).contains("--help")) {
            System.out.println("usage: " + usage);
            System.exit(0);
        }
        try {
            return parser.parse(words);
        } catch (Wrong e) {
            System.err.println("mooncake: " + e.getMessage() + "\nusage: " + usage);
            System.exit(WRONG_USAGE);
            throw new IllegalStateException("the process has ended", e);
        }
    }
}
