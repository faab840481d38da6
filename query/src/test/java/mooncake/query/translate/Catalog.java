package mooncake.query.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
                case SAME, REWRITTEN, OURS, SET -> "f";
                case AGGREGATE -> "a";
                case WINDOW -> "w";
            };
            String actual = catalog.getOrDefault(Integer.toString(function.oid()), "nothing");
            boolean same = actual.startsWith(function.signature() + " " + kind) && !actual.endsWith("v");
            if (!same) {
                differences.add(function.oid() + " is " + actual + ", not " + function.signature());
            }
        }
        assertThat(differences).isEmpty();
    }
}
