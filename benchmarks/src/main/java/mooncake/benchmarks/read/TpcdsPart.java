package mooncake.benchmarks.read;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import mooncake.benchmarks.tpcds.TpcdsDatabase;
import mooncake.benchmarks.tpcds.TpcdsQuery;

/// The queries of TPC-DS, in a schema of their own: some tables have the names of TPC-H's.
final class TpcdsPart {
    private TpcdsPart() {}

    static void run(Stage shared) throws SQLException, IOException {
        Stage stage = shared.in("tpcds");
        stage.console.step("Loading TPC-DS at scale " + stage.options.scale());
        TpcdsDatabase.load(stage::heap, stage.options.scale(), step -> stage.console.line("%s", step));
        List<String> tables = TpcdsDatabase.tables();
        stage.mirror(tables);
        Race.run(stage, "TPC-DS", tables, queries(), true);
        stage.drop(tables);
    }

    private static List<RaceQuery> queries() {
        return TpcdsQuery.all().stream()
                .map(query -> new RaceQuery(query.name(), query.onSearchPath(), query.onSearchPath()))
                .toList();
    }
}
