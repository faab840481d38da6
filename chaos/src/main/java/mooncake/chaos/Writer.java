package mooncake.chaos;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;

/// Random transactions on random tables: every kind of change, ended in every way.
final class Writer extends Actor {
    private static final Duration PACE = Duration.ofMillis(50);
    private static final int BACKLOG_EVERY = 10;
    private static final long BACKLOG_BYTES = 12L << 20;
    private static final Duration BACKLOG_WAIT = Duration.ofSeconds(1);
    private static final int LARGE_ROWS = 100_000;
    private static final int STATEMENTS_MAX = 4;

    private final Options options;
    private final Tables tables;
    private final int number;
    private final AtomicLong committed;
    private long prepared;
    private long turns;

    Writer(int number, PostgresServer server, Pause pause, Options options, Tables tables, AtomicLong committed) {
        super("writer-" + number, server, pause, options.seed() * 31 + number, PACE);
        this.number = number;
        this.options = options;
        this.tables = tables;
        this.committed = committed;
    }

    @Override
    void turn(Connection connection) throws SQLException {
        if (turns++ % BACKLOG_EVERY == 0 && tooFarAhead(connection)) {
            LockSupport.parkNanos(BACKLOG_WAIT.toNanos());
        }
        if (options.has(Feature.PREPARED) && number == 0) {
            resolvePrepared(connection);
        }
        connection.setAutoCommit(false);
        try {
            boolean preparable = work(connection);
            end(connection, preparable);
        } catch (SQLException e) {
            if (!SqlStates.workload(e)) {
                throw e;
            }
            connection.rollback();
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    /// What a small machine writes it does not read at once again: recoveries would take as long as the run.
    private static boolean tooFarAhead(Connection connection) throws SQLException {
        return Sql.value(
                        connection,
                        "SELECT coalesce(max(pg_current_wal_lsn() - confirmed_flush_lsn), 0) > " + BACKLOG_BYTES
                                + " FROM pg_replication_slots WHERE slot_name LIKE 'mooncake%'")
                .equals("t");
    }

    /// The statements of one transaction; may it be prepared?
    private boolean work(Connection connection) throws SQLException {
        int kind = random.nextInt(300);
        if (kind < 30) {
            transfer(connection);
            return true;
        }
        if (kind == 30 && options.has(Feature.LARGE)) {
            large(connection);
            return false;
        }
        if (kind < 34 && options.has(Feature.TRUNCATE)) {
            truncate(connection);
            return false;
        }
        for (int i = random.nextInt(STATEMENTS_MAX); i >= 0; i--) {
            statement(connection);
        }
        return true;
    }

    private void statement(Connection connection) throws SQLException {
        Tables.Current table = tables.pick(connection, random);
        String sql = change(table);
        int wrap = options.has(Feature.SAVEPOINTS) ? random.nextInt(12) : 12;
        if (wrap == 0) {
            Sql.execute(connection, "SAVEPOINT s");
            Sql.execute(connection, sql);
            Sql.execute(connection, change(table));
            Sql.execute(connection, "ROLLBACK TO SAVEPOINT s");
        } else if (wrap == 1) {
            Sql.execute(connection, "SAVEPOINT s");
            Sql.execute(connection, sql);
            Sql.execute(connection, "RELEASE SAVEPOINT s");
        } else if (wrap == 2) {
            Sql.execute(
                    connection,
                    "DO $do$ BEGIN " + sql + "; BEGIN " + change(table)
                            + "; RAISE EXCEPTION 'undo'; EXCEPTION WHEN raise_exception THEN NULL; END; "
                            + change(table) + "; END $do$");
        } else {
            Sql.execute(connection, sql);
        }
    }

    private String change(Tables.Current table) {
        TableShape shape = table.shape();
        int kind = random.nextInt(100);
        if (kind < 40) {
            return shape.insert(table.name(), random);
        }
        if (kind < 50 && !table.extras().isEmpty()) {
            String[] extra =
                    table.extras().get(random.nextInt(table.extras().size())).split(" ", 2);
            return "UPDATE " + table.name() + " SET " + extra[0] + " = " + Extras.value(extra[1], random);
        }
        if (kind < 75) {
            return shape.update(table.name(), random);
        }
        if (kind < 85) {
            return shape.rekey(table.name(), random);
        }
        return shape.delete(table.name(), random);
    }

    private void transfer(Connection connection) throws SQLException {
        String from = random.nextBoolean() ? "bank_a" : "bank_b";
        String to = random.nextBoolean() ? "bank_a" : "bank_b";
        int amount = random.nextInt(100);
        Sql.execute(connection, "UPDATE " + from + " SET amount = amount - " + amount + " WHERE id = " + account());
        Sql.execute(connection, "UPDATE " + to + " SET amount = amount + " + amount + " WHERE id = " + account());
    }

    private int account() {
        return 1 + random.nextInt(Tables.ACCOUNTS);
    }

    private void truncate(Connection connection) throws SQLException {
        Tables.Current table = tables.pick(connection, random);
        if (random.nextBoolean()) {
            Sql.execute(connection, change(table));
        }
        String how = List.of("", " RESTART IDENTITY", " CASCADE").get(random.nextInt(3));
        Sql.execute(connection, "TRUNCATE " + table.name() + how);
        for (int i = random.nextInt(4); i > 0; i--) {
            Sql.execute(connection, table.shape().insert(table.name(), random));
        }
    }

    /// Bounded: what one such transaction adds another removes.
    private void large(Connection connection) throws SQLException {
        boolean full = Sql.value(connection, "SELECT count(*) > " + LARGE_ROWS + " FROM " + Tables.LARGE)
                .equals("t");
        if (full && random.nextBoolean()) {
            Sql.execute(connection, "TRUNCATE " + Tables.LARGE);
        } else if (full) {
            Sql.execute(connection, "DELETE FROM " + Tables.LARGE + " WHERE id % 5 < 4");
        }
        int from = random.nextInt(1_000_000_000);
        Sql.execute(connection, "SAVEPOINT s");
        for (int part = 0; part < 4; part++) {
            Sql.execute(
                    connection,
                    "INSERT INTO " + Tables.LARGE + " SELECT i, i % 7, md5(i::text) FROM generate_series("
                            + (from + part * LARGE_ROWS / 4) + ", " + (from + (part + 1) * LARGE_ROWS / 4 - 1)
                            + ") i ON CONFLICT DO NOTHING");
            if (random.nextInt(4) == 0) {
                Sql.execute(connection, "ROLLBACK TO SAVEPOINT s");
            }
            transfer(connection);
        }
        Sql.execute(connection, "UPDATE " + Tables.LARGE + " SET v = NULL WHERE kind = " + random.nextInt(7));
    }

    private void end(Connection connection, boolean preparable) throws SQLException {
        int kind = random.nextInt(100);
        if (kind < 10) {
            connection.rollback();
        } else if (kind < 18 && preparable && options.has(Feature.PREPARED)) {
            Sql.execute(connection, "PREPARE TRANSACTION 'p" + number + "_" + System.nanoTime() + "_" + prepared + "'");
            prepared++;
            connection.commit();
        } else {
            connection.commit();
            committed.incrementAndGet();
        }
    }

    /// Prepared transactions live for a moment, over kills too.
    private void resolvePrepared(Connection connection) throws SQLException {
        for (List<String> row : Sql.rows(
                connection,
                "SELECT gid FROM pg_prepared_xacts WHERE prepared < now() - random() * interval '4 s' LIMIT 2")) {
            String how = random.nextInt(4) == 0 ? "ROLLBACK" : "COMMIT";
            Sql.execute(connection, how + " PREPARED '" + row.getFirst() + "'");
            committed.incrementAndGet();
        }
    }
}
