package mooncake.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import mooncake.duckdb.DuckDb;
import mooncake.duckdb.DuckSettings;
import mooncake.model.MemoryBudget;
import mooncake.query.collate.TextLocales;
import mooncake.query.exact.ExactFunctions;
import mooncake.source.Endpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The composition root: builds every part in the order of the data flow and closes them in
/// reverse.
final class Engine implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Engine.class);

    static final String VERSION = "0.1.0";
    private static final String APPLICATION = "ivy_mooncake engine";
    private static final int WORKERS = 4;

    /// How long an engine that was killed may take to end.
    private static final Duration LAST_ENGINE_ENDS_MAX = Duration.ofSeconds(10);

    /// The most that queries may spill; a full disk ends a query before that.
    private static final String SPILL_LIMIT = "1TB";

    private final EngineSettings settings;
    private final Closer closer = new Closer();

    Engine(EngineSettings settings) {
        this.settings = settings;
    }

    void start() throws IOException, InterruptedException {
        Path scratch = settings.dataDirectory().resolve("mooncake/scratch");
        Directories.delete(scratch);
        Files.createDirectories(scratch);
        // The library that reads Parquet footers unpacks native code of its own: not into a folder that all share.
        System.setProperty("org.xerial.snappy.tempdir", scratch.toString());
        Files.createDirectories(settings.warehouse());
        claimWarehouse();
        Files.createDirectories(settings.duckdbTemporaryDirectory());
        DuckDb duckDb = closer.register(DuckDb.open(duckSettings()));
        ExactFunctions.register(duckDb);
        // A process of the server started this one.
        ProcessHandle.current().parent().ifPresent(server -> TextLocales.useIcuOf(server.pid()));
        MemoryBudget rowMemory = new MemoryBudget(settings.rowMemoryBytes());
        ExecutorService work = Executors.newFixedThreadPool(
                WORKERS, Thread.ofPlatform().name("work-", 0).daemon().factory());
        closer.register(work::shutdownNow);
        SessionResources resources = new SessionResources(settings, duckDb, rowMemory, work, scratch);
        Databases databases = closer.register(new Databases(baseEndpoint(), resources));
        QueryService queries = closer.register(new QueryService(duckDb, settings));
        Path socket = settings.dataDirectory().resolve("mooncake/run/engine.sock");
        BackendServer server = closer.register(new BackendServer(socket, databases, queries));
        server.start();
        log.info(
                "engine version={} pid={} listens",
                VERSION,
                ProcessHandle.current().pid());
        databases.discover();
    }

    private void claimWarehouse() throws IOException, InterruptedException {
        Path warehouse = settings.warehouse().toRealPath();
        if (!warehouse.startsWith(settings.dataDirectory().toRealPath())) {
            closer.register(WarehouseOwner.claim(warehouse, settings.dataDirectory(), LAST_ENGINE_ENDS_MAX));
        }
    }

    private DuckSettings duckSettings() {
        return new DuckSettings(
                settings.duckdbLibrary(),
                (settings.duckdbMemoryBytes() >> 20) + "MiB",
                settings.effectiveThreads(),
                settings.duckdbTemporaryDirectory(),
                SPILL_LIMIT);
    }

    private Endpoint baseEndpoint() {
        if (!settings.conninfo().isEmpty()) {
            return Endpoint.parse(settings.conninfo()).withApplicationName(APPLICATION);
        }
        String user = settings.superuser().isEmpty() ? "" : " user=" + quote(settings.superuser());
        return Endpoint.parse("host=" + quote(settings.socketDirectory()) + " port=" + settings.port()
                        + " dbname=postgres" + user)
                .withApplicationName(APPLICATION);
    }

    /// A value of a conninfo string.
    private static String quote(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    @Override
    public void close() {
        log.info("engine stops");
        try {
            closer.close();
        } catch (UncheckedIOException e) {
            log.warn("while stopping: {}", e.getMessage());
        }
    }
}
