package mooncake.chaos;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What happened in a run: faults by kind with their recoveries, comparisons, the last events.
final class Tally {
    private static final int LAST_EVENTS = 12;

    private final Map<FaultKind, List<Duration>> recoveries = new EnumMap<>(FaultKind.class);
    private final Deque<String> last = new ArrayDeque<>();
    private int comparisons;
    private int icebergComparisons;

    void event(String text) {
        if (last.size() == LAST_EVENTS) {
            last.removeFirst();
        }
        last.addLast(LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS) + " " + text);
    }

    void recovered(FaultKind kind, Duration time) {
        recoveries.computeIfAbsent(kind, _ -> new ArrayList<>()).add(time);
    }

    void compared() {
        comparisons++;
    }

    void comparedIceberg() {
        icebergComparisons++;
    }

    int faults() {
        return recoveries.values().stream().mapToInt(List::size).sum();
    }

    int comparisons() {
        return comparisons;
    }

    List<String> lastEvents() {
        return List.copyOf(last);
    }

    /// One line a kind, then all of them.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        List<Duration> all = new ArrayList<>();
        recoveries.forEach((kind, times) -> {
            lines.add(line(kind.name().toLowerCase(Locale.ROOT).replace('_', '-'), times));
            all.addAll(times);
        });
        lines.add(line("all faults", all));
        lines.add(String.format(
                Locale.ROOT,
                "%d comparisons of all mirrors, %d of their Iceberg tables as Iceberg's Java reader sees them",
                comparisons,
                icebergComparisons));
        return lines;
    }

    private static String line(String name, List<Duration> times) {
        if (times.isEmpty()) {
            return name + ": 0";
        }
        List<Duration> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        return String.format(
                Locale.ROOT,
                "%-22s %5d   recovery p50 %6d ms, p99 %6d ms, max %6d ms",
                name,
                sorted.size(),
                at(sorted, 0.5),
                at(sorted, 0.99),
                at(sorted, 1));
    }

    private static long at(List<Duration> sorted, double share) {
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1).toMillis();
    }
}
