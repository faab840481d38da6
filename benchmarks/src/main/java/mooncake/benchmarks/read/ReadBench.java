package mooncake.benchmarks.read;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import mooncake.benchmarks.Console;
import mooncake.benchmarks.FigureTable;
import mooncake.benchmarks.Guarded;
import mooncake.benchmarks.TpchServer;
import mooncake.testing.CommandLine;
import mooncake.testing.PostgresServer;

/// `./mooncake bench read [part ...] [option ...]`: exit code 0 if every answer was equal, whatever the figures.
public final class ReadBench {
    private final ReadOptions options;
    private final Console console = new Console(System.out);
    private final FigureTable figures = new FigureTable(console);

    private ReadBench(ReadOptions options) {
        this.options = options;
    }

    public static void main(String[] words) {
        ReadBench bench = new ReadBench(CommandLine.optionsOrExit(words, ReadOptions::parse, ReadOptions.USAGE));
        System.exit(Guarded.run(TpchServer.prepare(), bench.console, bench::measure) ? 0 : 1);
    }

    private boolean measure(PostgresServer server) throws SQLException, IOException, InterruptedException {
        console.step("Starting a private PostgreSQL");
        server.start();
        server.execute("CREATE EXTENSION ivy_mooncake CASCADE");
        server.awaitEngineAnswers();
        Stage stage = Stage.open(server, console, figures, options);
        Path workload = options.workload();
        if (workload != null) {
            new WorkloadPart(stage, Workload.read(workload)).run();
        }
        if (has(ReadPart.TPCH) || has(ReadPart.SOAK)) {
            TpchPart.prepare(stage);
        }
        for (ReadPart part : options.parts()) {
            switch (part) {
                case TPCH -> TpchPart.run(stage);
                case TPCDS -> TpcdsPart.run(stage);
                case WEB -> new WorkloadPart(stage, Workload.web()).run();
                case LATENCY -> new LatencyPart(stage).run();
                case DELETES -> new DeletesPart(stage).run();
                case FILES -> new FilesPart(stage).run();
                case SOAK -> new SoakPart(stage).run();
            }
        }
        figures.print("PostgreSQL " + server.value("SHOW server_version") + ", TPC-H scale " + options.scale()
                + FigureTable.format(", %,d rows", options.rows()));
        console.step(stage.isEqual() ? "All answers were equal" : "SOME ANSWERS DIFFERED");
        return stage.isEqual();
    }

    private boolean has(ReadPart part) {
        return options.parts().contains(part);
    }
}
