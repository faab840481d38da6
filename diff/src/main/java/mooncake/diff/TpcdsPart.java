package mooncake.diff;

import java.sql.SQLException;
import java.util.List;
import mooncake.benchmarks.tpcds.TpcdsDatabase;
import mooncake.benchmarks.tpcds.TpcdsQuery;
import mooncake.testing.PostgresServer;

/// The 99 queries of TPC-DS, four of which have two parts. All of them must run on Postgres.
record TpcdsPart(double scale) implements DiffPart {
    private static final String SYNTAX = "42";

    @Override
    public void run(PostgresServer server, Tally tally, Progress progress) throws SQLException {
        Place place = Place.create(server, "tpcds");
        TpcdsDatabase.load(place::connect, scale, progress::says);
        Script.mirrorAll(place);
        try (Sides sides = Sides.open(place, List.of())) {
            for (TpcdsQuery query : TpcdsQuery.all()) {
                String sql = query.onSearchPath();
                Verdict verdict = DiffPart.compare(sides, tally, query.name(), sql);
                boolean failed = verdict instanceof Verdict.Same same && same.failed();
                if (failed && sides.heap().run(sql) instanceof Outcome.Failed(String sqlState, String message)) {
                    if (sqlState.startsWith(SYNTAX)) {
                        throw new IllegalStateException(query.name() + " does not run on Postgres: " + message);
                    }
                }
            }
        }
        place.drop();
    }
}
