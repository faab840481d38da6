package mooncake.benchmarks;

/// How every program of this module begins.
public final class CommandLine {
    private static final int WRONG_USAGE = 2;

    private CommandLine() {}

    /// Makes options of the words that someone typed.
    @FunctionalInterface
    public interface Parser<T> {
        T parse(String[] words) throws Options.Wrong;
    }

    /// The options, or the end of the process with the usage when the words make none.
    public static <T> T optionsOrExit(String[] words, Parser<T> parser, String usage) {
        try {
            return parser.parse(words);
        } catch (Options.Wrong e) {
            System.err.println("mooncake: " + e.getMessage() + "\nusage: " + usage);
            System.exit(WRONG_USAGE);
            throw new IllegalStateException("the process has ended", e);
        }
    }
}
