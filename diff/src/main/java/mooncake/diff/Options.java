package mooncake.diff;

import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import mooncake.testing.CommandLine;

/// What the command line asks for.
///
/// @param parts the sources of queries
/// @param queries how many random ones
/// @param seed of everything random
/// @param rows of each random table
/// @param scale of TPC-H and TPC-DS
record Options(Set<Part> parts, int queries, long seed, int rows, double scale) {
    static final String USAGE = "./mooncake diff [corpus|calls|regress|tpch|tpcds|random ...] [--queries N]"
            + " [--seed S] [--rows R] [--scale F]";

    private static final int QUERIES = 10_000;
    private static final int QUERIES_MAX = 100_000_000;
    private static final int ROWS = 100;
    private static final int ROWS_MAX = 1_000_000;
    private static final double SCALE = 0.01;
    private static final double SCALE_MAX = 1_000;

    enum Part {
        CORPUS,
        CALLS,
        REGRESS,
        TPCH,
        TPCDS,
        RANDOM;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A sentence for someone who typed something else.
    static Options of(Set<Part> parts, int queries, long seed) {
        return new Options(parts, queries, seed, ROWS, SCALE);
    }

    static Options parse(String... words) throws CommandLine.Wrong {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        double queries = QUERIES;
        long seed = System.nanoTime() & 0xFFFF_FFFFL;
        double rows = ROWS;
        double scale = SCALE;
        Iterator<String> rest = List.of(words).iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            switch (word) {
                case "--queries" -> queries = number(word, rest, QUERIES_MAX);
                case "--seed" -> seed = (long) number(word, rest, Long.MAX_VALUE);
                case "--rows" -> rows = number(word, rest, ROWS_MAX);
                case "--scale" -> scale = number(word, rest, SCALE_MAX);
                default -> parts.add(part(word));
            }
        }
        Set<Part> wanted = parts.isEmpty() ? EnumSet.allOf(Part.class) : parts;
        return new Options(wanted, (int) queries, seed, (int) rows, scale);
    }

    private static double number(String option, Iterator<String> rest, double max) throws CommandLine.Wrong {
        try {
            double number = Double.parseDouble(rest.hasNext() ? rest.next() : "");
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new CommandLine.Wrong(option + " needs a number");
    }

    private static Part part(String word) throws CommandLine.Wrong {
        for (Part part : Part.values()) {
            if (part.word().equals(word)) {
                return part;
            }
        }
        throw new CommandLine.Wrong("there is no part " + word);
    }
}
