package mooncake.benchmarks;

import mooncake.testing.CommandLine;
/// What the command line asks for.
///
/// @param once end by itself
/// @param scale TPC-H's scale factor

public record Options(boolean once, double scale) {
    /// Below it the generator repeats keys of `partsupp`.
    private static final double SCALE_MIN = 0.01;
    private static final double SCALE_MAX = 100;

    /// A sentence for someone who typed something else.
    public static Options parse(String[] words, double defaultScale) throws CommandLine.Wrong {
        boolean once = false;
        double scale = defaultScale;
        for (int i = 0; i < words.length; i++) {
            switch (words[i]) {
                case "--once" -> once = true;
                case "--scale" -> {
                    i++;
                    scale = scale(i < words.length ? words[i] : "");
                }
                default -> throw new CommandLine.Wrong("unknown option " + words[i]);
            }
        }
        return new Options(once, scale);
    }

    /// A scale factor.
    public static double scale(String word) throws CommandLine.Wrong {
        try {
            double scale = Double.parseDouble(word);
            if (scale >= SCALE_MIN && scale <= SCALE_MAX) {
                return scale;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new CommandLine.Wrong("--scale needs a number between " + SCALE_MIN + " and " + SCALE_MAX);
    }

    /// A whole number of an option.
    public static long number(String option, String word, long min, long max) throws CommandLine.Wrong {
        try {
            long number = Long.parseLong(word);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new CommandLine.Wrong(option + " needs a whole number between " + min + " and " + max);
    }
}
