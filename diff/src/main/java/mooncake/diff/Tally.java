package mooncake.diff;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The counts of one part.
final class Tally {
    private static final int DIFFERENCES_MAX = 1_000;

    /// A query whose answers differ.
    record Difference(String where, String query, Verdict.Different verdict) {
        List<String> lines() {
            return List.of(
                    "-- " + where,
                    query + ";",
                    "-- Postgres: " + verdict.expected().replace("\n", " "),
                    "-- mirror:   " + verdict.found().replace("\n", " "));
        }
    }

    private final Map<Route.Kind, Integer> routes = new EnumMap<>(Route.Kind.class);
    private final Map<String, Integer> leftOut = new TreeMap<>();
    private final Map<String, Integer> reasons = new TreeMap<>();
    private final Map<String, String> examples = new TreeMap<>();
    private final List<String> leftOutQueries = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();
    private int queries;
    private int failed;
    private int open;
    private int spared;
    private int different;
    private int oneSided;

    /// Counts a query that was compared or could not be; `route` says how it ran.
    synchronized void count(String where, String query, Verdict verdict, Route route) {
        switch (verdict) {
            case Verdict.LeftOut(String why) -> {
                leaveOut(why, query);
                return;
            }
            case Verdict.Same same -> failed += same.failed() ? 1 : 0;
            case Verdict.Open _ -> open++;
            case Verdict.Spared _ -> spared++;
            case Verdict.Different(String expected, String found) -> {
                different++;
                oneSided += expected.startsWith(Verdict.ERROR) == found.startsWith(Verdict.ERROR) ? 0 : 1;
                if (differences.size() < DIFFERENCES_MAX) {
                    differences.add(new Difference(where, query, new Verdict.Different(expected, found)));
                }
            }
        }
        queries++;
        routes.merge(route.kind(), 1, Integer::sum);
        for (String reason : route.reasons()) {
            reasons.merge(reason, 1, Integer::sum);
            examples.putIfAbsent(reason, query);
        }
    }

    synchronized void leaveOut(String why, String query) {
        leftOut.merge(why, 1, Integer::sum);
        leftOutQueries.add(why + ": " + query);
    }

    synchronized int queries() {
        return queries;
    }

    synchronized int differences() {
        return different;
    }

    synchronized List<Difference> first(int limit) {
        return List.copyOf(differences.subList(0, Math.min(limit, differences.size())));
    }

    synchronized List<String> leftOutQueries() {
        return List.copyOf(leftOutQueries);
    }

    /// The counts in words.
    synchronized List<String> lines() {
        List<String> lines = new ArrayList<>();
        StringBuilder line =
                new StringBuilder(String.format(Locale.ROOT, "%,d queries, %,d differences", queries, different));
        routes.forEach((kind, count) -> line.append(String.format(
                Locale.ROOT, "; %s %,d (%.1f %%)", kind.word(), count, 100.0 * count / Math.max(1, queries))));
        lines.add(line.toString());
        lines.add(String.format(
                Locale.ROOT, "%,d of them are errors on both sides, %,d are left open by SQL itself", failed, open));
        if (spared > 0) {
            lines.add(String.format(Locale.ROOT, "%,d errors of Postgres for values that DuckDB did not need", spared));
        }
        if (oneSided > 0) {
            lines.add(String.format(Locale.ROOT, "%,d of the differences are errors of one side alone", oneSided));
        }
        if (!leftOut.isEmpty()) {
            lines.add("left out: " + leftOut);
        }
        return lines;
    }

    /// Why queries did not run whole in DuckDB, the most frequent reason first, each with a query.
    synchronized List<String> reasonLines() {
        return reasons.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> entry.getValue() + "\t" + entry.getKey() + "\t" + examples.get(entry.getKey()))
                .toList();
    }
}
