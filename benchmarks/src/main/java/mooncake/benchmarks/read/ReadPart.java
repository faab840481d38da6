package mooncake.benchmarks.read;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What the read benchmark can measure, in the order in which it does.
enum ReadPart {
    TPCH,
    TPCDS,
    WEB,
    LATENCY,
    DELETES,
    FILES,
    SOAK;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static String words() {
        return Arrays.stream(values()).map(ReadPart::word).collect(Collectors.joining("|"));
    }
}
