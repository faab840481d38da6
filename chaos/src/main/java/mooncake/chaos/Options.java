package mooncake.chaos;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import mooncake.testing.CommandLine;

/// What the command line asks for.
///
/// @param time how long faults go on
/// @param seed of everything random
/// @param down how long Postgres stays stopped where a fault stops it for a while
/// @param faults the kinds that are injected
/// @param features the parts of the workload that are on
record Options(Duration time, long seed, Duration down, Set<FaultKind> faults, Set<Feature> features) {
    static final String USAGE = "./mooncake chaos [--minutes N] [--seed S] [--long] [--faults KIND,...]"
            + " [--without FEATURE,...]\n  kinds: " + words(FaultKind.values()) + "\n  features: "
            + words(Feature.values());

    private static final double MINUTES_DEFAULT = 5;
    private static final double MINUTES_MAX = 7 * 24 * 60;
    private static final Duration DOWN = Duration.ofSeconds(20);
    private static final Duration DOWN_LONG = Duration.ofMinutes(4);

    /// A sentence for someone who typed something else.
    static Options of(Duration time, long seed) {
        Duration tenth = time.dividedBy(20);
        return new Options(
                time,
                seed,
                tenth.compareTo(DOWN) < 0 ? tenth : DOWN,
                EnumSet.allOf(FaultKind.class),
                EnumSet.allOf(Feature.class));
    }

    static Options parse(String... words) throws CommandLine.Wrong {
        double minutes = MINUTES_DEFAULT;
        long seed = System.nanoTime() & 0xFFFF_FFFFL;
        boolean longer = false;
        Set<FaultKind> faults = EnumSet.allOf(FaultKind.class);
        Set<Feature> features = EnumSet.allOf(Feature.class);
        Iterator<String> rest = List.of(words).iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            switch (word) {
                case "--long" -> longer = true;
                case "--minutes" -> minutes = minutes(next(rest));
                case "--seed" -> seed = seed(next(rest));
                case "--faults" -> faults = set(FaultKind.class, next(rest));
                case "--without" -> features.removeAll(set(Feature.class, next(rest)));
                default -> throw new CommandLine.Wrong("unknown option " + word);
            }
        }
        Options options = of(Duration.ofMillis((long) (minutes * 60_000)), seed);
        return new Options(options.time, seed, longer ? DOWN_LONG : options.down, faults, features);
    }

    boolean has(Feature feature) {
        return features.contains(feature);
    }

    private static String next(Iterator<String> rest) {
        return rest.hasNext() ? rest.next() : "";
    }

    private static double minutes(String word) throws CommandLine.Wrong {
        try {
            double minutes = Double.parseDouble(word);
            if (minutes > 0 && minutes <= MINUTES_MAX) {
                return minutes;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new CommandLine.Wrong("--minutes needs a number up to " + (int) MINUTES_MAX);
    }

    private static long seed(String word) throws CommandLine.Wrong {
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException _) {
            throw new CommandLine.Wrong("--seed needs a whole number");
        }
    }

    private static <E extends Enum<E>> Set<E> set(Class<E> type, String words) throws CommandLine.Wrong {
        Set<E> set = EnumSet.noneOf(type);
        for (String word : words.split(",", -1)) {
            try {
                set.add(Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_')));
            } catch (IllegalArgumentException _) {
                throw new CommandLine.Wrong("there is no " + word + " among " + words(type.getEnumConstants()));
            }
        }
        return set;
    }

    private static String words(Enum<?>[] values) {
        return String.join(
                ",",
                Arrays.stream(values)
                        .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .toList());
    }
}
