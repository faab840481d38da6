package mooncake.diff;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import mooncake.testing.Checkout;
import mooncake.testing.PostgresServer;

/// The SELECTs of PostgreSQL's own regression tests, where its source can be had. Each file runs in schemas of its own
/// over
/// the common tables; what a SELECT names is mirrored when it is first named, and follows what the file does to it.
record RegressPart() implements DiffPart {
    private static final String SETUP = "test_setup";
    private static final List<String> SETTINGS = List.of(
            "SET datestyle = 'ISO, MDY'",
            "SET timezone = 'PST8PDT'",
            "SET intervalstyle = postgres_verbose",
            "SET statement_timeout = '15s'");

    /// The files that ask about values and queries; the others are about definitions, locks and programs.
    private static final List<String> FILES = List.of(
            ("boolean char name varchar text int2 int4 int8 oid float4 float8 bit numeric uuid enum money rangetypes strings"
                            + " numerology point lseg line box path polygon circle date time timetz timestamp timestamptz"
                            + " interval inet macaddr macaddr8 multirangetypes horology tstypes regex expressions unicode"
                            + " select_into select_distinct select_distinct_on select_implicit select_having subselect union"
                            + " case join aggregates arrays select tsrf window json jsonb json_encoding jsonpath"
                            + " jsonb_jsonpath limit rangefuncs rowtypes with xml numeric_big partition_join partition_prune"
                            + " partition_aggregate collate collate.icu.utf8 collate.linux.utf8 domain incremental_sort"
                            + " equivclass btree_index memoize select_parallel tsearch create_aggregate generated groupingsets"
                            + " insert update delete merge polymorphism plpgsql create_view updatable_views rules temp"
                            + " foreign_key copyselect join_hash bitmapops hash_func tablesample functional_deps xmlmap"
                            + " truncate alter_table prepare")
                    .split(" ", -1));

    @Override
    public void run(PostgresServer server, Tally tally, Progress progress) throws SQLException, IOException {
        Path folder = Checkout.postgresHome().resolve("regress15");
        if (!Files.exists(folder.resolve("sql"))) {
            progress.says("PostgreSQL's source cannot be had on this machine: left out");
            return;
        }
        Map<String, String> variables = Map.of("abs_srcdir", folder.toString(), "libdir", "", "dlsuffix", ".so");
        Place common = Place.create(server, "regress");
        try (Sides sides = Sides.open(common, SETTINGS)) {
            new Replay(common, List.of(), sides, tally, SETUP).run(statements(folder, SETUP, variables));
        }
        for (String file : FILES) {
            if (!Files.exists(folder.resolve("sql/" + file + ".sql"))) {
                tally.leaveOut("no such file", file);
                continue;
            }
            int queries = tally.queries();
            int differences = tally.differences();
            Place place = Place.create(server, "r_" + file.replace('.', '_'));
            try (Sides sides = Sides.open(place, SETTINGS, common)) {
                new Replay(place, List.of(common), sides, tally, file).run(statements(folder, file, variables));
            }
            place.drop();
            progress.says(file + ": " + (tally.queries() - queries) + " queries, " + (tally.differences() - differences)
                    + " differences");
        }
        common.drop();
    }

    private static List<PsqlScript.Statement> statements(Path folder, String file, Map<String, String> variables)
            throws IOException {
        String text = Files.readString(folder.resolve("sql/" + file + ".sql"), StandardCharsets.UTF_8);
        return PsqlScript.read(text, variables);
    }
}
