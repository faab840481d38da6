package mooncake.chaos;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import mooncake.testing.Await;
import mooncake.testing.Command;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;

/// Does to the server what faults do. Each returns when the fault is over and recovery may begin.
final class Faults {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String SENDERS =
            "FROM pg_replication_slots WHERE slot_name LIKE 'mooncake%' AND active_pid IS NOT NULL";

    private final PostgresServer server;
    private final Warehouse warehouse;
    private final Random random;
    private final Duration down;

    Faults(PostgresServer server, Warehouse warehouse, Random random, Duration down) {
        this.server = server;
        this.warehouse = warehouse;
        this.random = random;
        this.down = down;
    }

    void inject(FaultKind kind) throws SQLException, IOException {
        switch (kind) {
            case ENGINE_KILL -> server.killEngine();
            case ENGINE_KILL_STARTING -> {
                for (int i = 1 + random.nextInt(4); i >= 0; i--) {
                    server.killEngine();
                    pauseUpTo(2_500);
                }
                server.killEngine();
            }
            case ENGINE_KILL_FLUSHING -> killWhileFlushing();
            case ENGINE_PAUSE -> stopped(server.enginePid(), 4_000);
            case SUPERVISOR_KILL -> kill(server.awaitEngine().parent().orElseThrow());
            case BACKEND_KILL -> killBackend();
            case POSTMASTER_KILL -> {
                server.kill();
                server.start();
            }
            case POSTGRES_IMMEDIATE -> {
                server.stopImmediately();
                server.start();
            }
            case POSTGRES_DOWN -> {
                server.stop();
                LockSupport.parkNanos(down.toNanos());
                server.start();
            }
            case CONNECTION_CUT -> server.value("SELECT count(pg_terminate_backend(active_pid)) " + SENDERS);
            case SENDER_PAUSE -> pauseSender();
            case SLOT_DROP -> dropSlot();
            case SLOT_INVALIDATE -> invalidateSlot();
            case DISK_FULL -> warehouse.whileFull(() -> pauseUpTo(5_000));
            case STORAGE_ERRORS -> warehouse.whileFailing(random, () -> pauseUpTo(5_000));
            case STORAGE_HANGS -> warehouse.whileHanging(random, () -> pauseUpTo(4_000));
        }
    }

    private void pauseUpTo(int millis) {
        LockSupport.parkNanos(Duration.ofMillis(1 + random.nextInt(millis)).toNanos());
    }

    private void killWhileFlushing() {
        Thread snapshot = Thread.ofPlatform().daemon().start(() -> {
            try (Connection connection = server.connect()) {
                for (Comparison.Pair pair : Comparison.pairs(connection)) {
                    Sql.execute(connection, "CALL mooncake.create_snapshot('" + pair.mirror() + "')");
                }
            } catch (SQLException | IllegalStateException _) {
                // the engine is killed meanwhile
            }
        });
        pauseUpTo(600);
        server.killEngine();
        try {
            snapshot.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void killBackend() throws SQLException {
        try (Connection connection = server.connect()) {
            long pid = Long.parseLong(Sql.value(connection, "SELECT pg_backend_pid()"));
            kill(ProcessHandle.of(pid).orElseThrow());
        }
    }

    /// A child of the postmaster: all others end with it, and come back.
    private void kill(ProcessHandle child) {
        child.destroyForcibly();
        Await.until("the killed process ends", LIMIT, () -> !child.isAlive());
    }

    private void pauseSender() {
        List<List<String>> sender = server.rows("SELECT active_pid " + SENDERS);
        if (!sender.isEmpty()) {
            stopped(Long.parseLong(sender.getFirst().getFirst()), 4_000);
        }
    }

    private void stopped(long pid, int millis) {
        Command.run(Command.asServerUser(List.of("kill", "-STOP", Long.toString(pid))), java.util.Map.of());
        try {
            pauseUpTo(millis);
        } finally {
            Command.run(Command.asServerUser(List.of("kill", "-CONT", Long.toString(pid))), java.util.Map.of());
        }
    }

    private void dropSlot() {
        Await.until("the slot is dropped", LIMIT, () -> {
            try (Connection connection = server.connect()) {
                Sql.rows(connection, "SELECT pg_terminate_backend(active_pid) " + SENDERS);
                String dropped = Sql.value(
                        connection,
                        "SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots"
                                + " WHERE slot_name LIKE 'mooncake%' AND active_pid IS NULL");
                return !dropped.equals("0");
            }
        });
    }

    /// The checkpoint that does it waits for the slot's reader, which a killed engine is not.
    private void invalidateSlot() {
        String before = server.value("SELECT pg_current_wal_lsn()");
        try {
            server.set("max_slot_wal_keep_size", "1MB");
            server.reload();
            server.killEngine();
            Await.until("the slot is invalidated", LIMIT, () -> {
                try (Connection connection = server.connect()) {
                    Sql.execute(connection, "SELECT pg_logical_emit_message(false, 'chaos', repeat('x', 4000000))");
                    Sql.execute(connection, "SELECT pg_switch_wal()");
                    Sql.execute(connection, "CHECKPOINT");
                    return Sql.value(
                                    connection,
                                    "SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE 'mooncake%'"
                                            + " AND restart_lsn <= '" + before + "'")
                            .equals("0");
                }
            });
        } finally {
            server.set("max_slot_wal_keep_size", "-1");
            server.reload();
        }
    }
}
