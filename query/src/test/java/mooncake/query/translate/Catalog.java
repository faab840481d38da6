package mooncake.query.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import mooncake.testing.PostgresServer;

/// The allow-list names functions by OID; a server's catalog must agree what they are.
final class Catalog {
    private Catalog() {}

    static void check(PostgresServer server) {
        Map<String, String> catalog = new HashMap<>();
        for (List<String> row :
                server.rows("SELECT oid, replace(oid::regprocedure::text, '\"', ''), prokind, provolatile"
                        + " FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace")) {
            catalog.put(row.get(0), row.get(1) + " " + row.get(2) + row.get(3));
        }
        List<String> differences = new ArrayList<>();
        for (FunctionTable.Function function : FunctionTable.all()) {
            String kind = switch (function.kind()) {
                case SAME, REWRITTEN, OURS, SET, FOLDED -> "f";
                case AGGREGATE -> "a";
                case WINDOW -> "w";
            };
            String actual = catalog.getOrDefault(Integer.toString(function.oid()), "nothing");
            // A later major may have given it more arguments; calls with these are refused.
            String fewer =
                    function.signature().substring(0, function.signature().length() - 1) + ",";
            boolean same = (actual.startsWith(function.signature() + " " + kind) || actual.startsWith(fewer))
                    && !actual.endsWith("v");
            if (!same) {
                differences.add(function.oid() + " is " + actual + ", not " + function.signature());
            }
        }
        assertThat(differences).isEmpty();
    }

    /// How many of the catalog's immutable and stable functions over the supported types are on the allow-list; those
    /// that are not are written to `target/not-pushed.txt`.
    static double coverage(PostgresServer server) throws IOException {
        Set<Integer> known =
                FunctionTable.all().stream().map(FunctionTable.Function::oid).collect(Collectors.toSet());
        List<List<String>> functions = server.rows(QueryFiles.text("/coverage.sql"));
        List<String> missing = functions.stream()
                .filter(row -> !known.contains(Integer.parseInt(row.get(0))))
                .map(row -> row.get(0) + "\t" + row.get(1))
                .toList();
        Files.write(Path.of("target", "not-pushed.txt"), missing);
        return 1 - (double) missing.size() / functions.size();
    }
}
