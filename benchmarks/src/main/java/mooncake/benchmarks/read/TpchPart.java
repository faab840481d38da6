package mooncake.benchmarks.read;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import mooncake.benchmarks.TpchPadding;
import mooncake.benchmarks.TpchServer;
import mooncake.testing.TpchDatabase;
import mooncake.testing.TpchQuery;

/// The 22 queries of TPC-H.
final class TpchPart {
    private TpchPart() {}

    /// The queries, which stay on the server for the parts after this one.
    static void prepare(Stage stage) throws SQLException {
        TpchServer.load(stage.server, stage.options.scale(), stage.console);
        stage.mirror(TpchDatabase.TABLES);
    }

    static void run(Stage stage) throws SQLException, IOException {
        Race.run(stage, "TPC-H", TpchDatabase.TABLES, queries(), false);
    }

    static List<RaceQuery> queries() {
        return TpchQuery.all().stream()
                .map(query -> {
                    String sql = query.on(table -> table);
                    return new RaceQuery("Q" + query.number(), sql, TpchPadding.padded(sql));
                })
                .toList();
    }
}
