package mooncake.diff;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import mooncake.testing.Checkout;
import mooncake.testing.CommandLine;
import mooncake.testing.PostgresServer;
import mooncake.testing.PostgresServerBuilder;

/// `./mooncake diff [part ...]`: exit code 0 only if mirrors gave Postgres' answer to every query.
public final class Diff {
    private static final int SHOWN = 10;
    private static final int REASONS = 15;

    private Diff() {}

    public static void main(String[] words) {
        Options options = CommandLine.optionsOrExit(words, Options::parse, Options.USAGE);
        System.exit(run(options, System.out) ? 0 : 1);
    }

    /// Whether there was no difference; what there was lies in `build/diff`.
    static boolean run(Options options, PrintStream out) {
        out.println("==> Comparing mirrors with their tables, seed " + options.seed());
        PostgresServer server = server();
        Thread hook = Thread.ofPlatform().unstarted(server::close);
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            server.start();
            server.execute("CREATE EXTENSION ivy_mooncake CASCADE");
            server.awaitEngineAnswers();
            int differences = 0;
            for (Options.Part part : options.parts()) {
                out.println("==> " + part.word());
                differences += run(part, options, server, out);
            }
            out.println(differences == 0 ? "==> No differences" : "==> " + differences + " differences");
            return differences == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            Runtime.getRuntime().removeShutdownHook(hook);
            server.close();
        }
    }

    private static PostgresServer server() {
        PostgresServerBuilder builder = PostgresServer.preferred();
        builder.set("max_wal_size", "1GB").set("autovacuum", "off").set("shared_buffers", "512MB");
        return builder.prepare();
    }

    private static int run(Options.Part part, Options options, PostgresServer server, PrintStream out)
            throws SQLException, IOException {
        Tally tally = new Tally();
        DiffPart source = switch (part) {
            case CORPUS -> new CorpusPart();
            case CALLS -> new CallsPart();
            case REGRESS -> new RegressPart();
            case TPCH -> new TpchPart(options.scale());
            case TPCDS -> new TpcdsPart(options.scale());
            case RANDOM -> new RandomPart(options.queries(), options.seed(), options.rows());
        };
        source.run(server, tally, line -> {
            out.println("    " + line);
            writeDifferences(part.word(), tally);
        });
        tally.lines().forEach(line -> out.println("    " + line));
        List<String> reasons = Reasons.named(server, tally.reasonLines());
        if (!reasons.isEmpty()) {
            out.println("    Why not whole in DuckDB:");
            reasons.stream()
                    .limit(REASONS)
                    .forEach(line -> out.println("      " + line.substring(0, line.lastIndexOf('\t'))));
        }
        for (Tally.Difference difference : tally.first(SHOWN)) {
            difference.lines().forEach(out::println);
        }
        write(part.word(), tally, reasons);
        return tally.differences();
    }

    private static void write(String part, Tally tally, List<String> reasons) throws IOException {
        writeDifferences(part, tally);
        Path folder = folder();
        Files.write(folder.resolve(part + "-reasons.tsv"), reasons);
        Files.write(folder.resolve(part + "-left-out.txt"), tally.leftOutQueries());
    }

    /// What was found so far, for a run that someone ends.
    private static void writeDifferences(String part, Tally tally) {
        List<String> differences = new ArrayList<>();
        tally.first(Integer.MAX_VALUE).forEach(difference -> differences.addAll(difference.lines()));
        try {
            Files.write(folder().resolve(part + "-differences.sql"), differences);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() throws IOException {
        Path folder = Checkout.root().resolve("build/diff");
        Files.createDirectories(folder);
        return folder;
    }
}
