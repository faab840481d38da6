package mooncake.diff;

import java.util.List;

/// How a query over mirrors runs, as its plan says.
///
/// @param reasons why not whole in DuckDB
record Route(Kind kind, List<String> reasons) {
    private static final String PATH = "Path: ";
    private static final String REASON = "Not pushed: ";

    enum Kind {
        WHOLE("whole"),
        PARTLY("partly"),
        LEFT("left to Postgres at run time"),
        SCANS("scans only"),
        NONE("no mirror");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /// The engine has begun it, or a part of it, and met what is Postgres'.
    Route left() {
        return new Route(Kind.LEFT, reasons);
    }

    static Route of(List<String> plan) {
        List<String> paths = starting(plan, PATH);
        List<String> reasons = starting(plan, REASON).stream().distinct().toList();
        if (paths.isEmpty()) {
            return new Route(Kind.NONE, reasons);
        }
        if (paths.equals(List.of("whole query in DuckDB"))) {
            return new Route(Kind.WHOLE, List.of());
        }
        boolean scans = paths.stream().allMatch(path -> path.startsWith("scan of mirror"));
        return new Route(scans ? Kind.SCANS : Kind.PARTLY, reasons);
    }

    private static List<String> starting(List<String> plan, String prefix) {
        return plan.stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }
}
