package mooncake.benchmarks.write;

import mooncake.benchmarks.Options;
import mooncake.testing.CommandLine;

/// What the command line asks for.
///
/// @param rows rows of each kind of change in the race; the backlog has twice and the large transaction five times as
/// many
/// @param seconds length of each run of pgbench
record WriteOptions(long rows, int seconds) {
    private static final long ROWS_DEFAULT = 2_000_000;
    private static final int SECONDS_DEFAULT = 30;
    private static final long ROWS_MIN = 10_000;
    private static final long ROWS_MAX = 1_000_000_000;
    private static final int SECONDS_MAX = 3_600;

    static WriteOptions parse(String[] words) throws CommandLine.Wrong {
        long rows = ROWS_DEFAULT;
        long seconds = SECONDS_DEFAULT;
        for (int i = 0; i < words.length; i += 2) {
            String value = i + 1 < words.length ? words[i + 1] : "";
            switch (words[i]) {
                case "--rows" -> rows = Options.number("--rows", value, ROWS_MIN, ROWS_MAX);
                case "--seconds" -> seconds = Options.number("--seconds", value, 1, SECONDS_MAX);
                default -> throw new CommandLine.Wrong("unknown option " + words[i]);
            }
        }
        return new WriteOptions(rows, (int) seconds);
    }

    long backlogRows() {
        return 2 * rows;
    }

    long transactionRows() {
        return 5 * rows;
    }
}
