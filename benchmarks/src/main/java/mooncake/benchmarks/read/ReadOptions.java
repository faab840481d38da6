package mooncake.benchmarks.read;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mooncake.benchmarks.Options;
import mooncake.testing.CommandLine;
import org.jspecify.annotations.Nullable;

/// What the command line asks for.
///
/// @param parts what is measured, all parts when none was named
/// @param scale TPC-H's scale factor
/// @param rows rows of a workload's table
/// @param files data files of the part `files`
/// @param minutes length of the part `soak`
/// @param workload folder of a workload to run instead of all parts, null for none
record ReadOptions(
        Set<ReadPart> parts,
        double scale,
        long rows,
        int files,
        int minutes,
        @Nullable Path workload) {
    static final String USAGE = "./mooncake bench read [" + ReadPart.words()
            + " ...] [--scale F] [--rows N] [--files N] [--minutes N] [--workload DIR]";

    private static final long ROWS_DEFAULT = 10_000_000;
    private static final long ROWS_MIN = 10_000;
    private static final long ROWS_MAX = 1_000_000_000;
    private static final int FILES_DEFAULT = 10_000;
    private static final int FILES_MIN = 10;
    private static final int FILES_MAX = 100_000;
    private static final int MINUTES_DEFAULT = 10;
    private static final int MINUTES_MAX = 24 * 60;

    static ReadOptions parse(String[] words) throws CommandLine.Wrong {
        Set<ReadPart> parts = EnumSet.noneOf(ReadPart.class);
        double scale = 1;
        long rows = ROWS_DEFAULT;
        long files = FILES_DEFAULT;
        long minutes = MINUTES_DEFAULT;
        Path workload = null;
        Iterator<String> line = List.of(words).iterator();
        while (line.hasNext()) {
            String word = line.next();
            Optional<ReadPart> part = part(word);
            if (part.isPresent()) {
                parts.add(part.get());
                continue;
            }
            String value = line.hasNext() ? line.next() : "";
            switch (word) {
                case "--scale" -> scale = Options.scale(value);
                case "--rows" -> rows = Options.number("--rows", value, ROWS_MIN, ROWS_MAX);
                case "--files" -> files = Options.number("--files", value, FILES_MIN, FILES_MAX);
                case "--minutes" -> minutes = Options.number("--minutes", value, 1, MINUTES_MAX);
                case "--workload" -> workload = folder(value);
                default -> throw new CommandLine.Wrong("unknown option " + word);
            }
        }
        if (parts.isEmpty() && workload == null) {
            parts = EnumSet.allOf(ReadPart.class);
        }
        return new ReadOptions(parts, scale, rows, (int) files, (int) minutes, workload);
    }

    private static Optional<ReadPart> part(String word) {
        return Arrays.stream(ReadPart.values())
                .filter(part -> part.word().equals(word))
                .findFirst();
    }

    private static Path folder(String word) throws CommandLine.Wrong {
        Path folder = Path.of(word);
        if (word.isEmpty() || !Files.isDirectory(folder)) {
            throw new CommandLine.Wrong("--workload needs a folder");
        }
        return folder;
    }
}
