package mooncake.diff;

import java.sql.SQLException;
import java.util.List;
import mooncake.testing.PostgresServer;
import mooncake.testing.TpchDatabase;
import mooncake.testing.TpchQuery;

/// The 22 queries of TPC-H.
record TpchPart(double scale) implements DiffPart {
    @Override
    public void run(PostgresServer server, Tally tally, Progress progress) throws SQLException {
        Place place = Place.create(server, "tpch");
        TpchDatabase.load(place::connect, scale, progress::says);
        Script.mirrorAll(place);
        try (Sides sides = Sides.open(place, List.of())) {
            for (TpchQuery query : TpchQuery.all()) {
                DiffPart.compare(sides, tally, "q" + query.number(), query.on(table -> table));
            }
        }
        place.drop();
    }
}
