package mooncake.source.replication;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import mooncake.model.Check;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.source.SqlErrors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes, looks at and drops logical slots, over ordinary SQL. Every connection must be in auto-commit mode.
public final class Slots {
    private static final Logger log = LoggerFactory.getLogger(Slots.class);
    private static final String PLUGIN = "pgoutput";
    private static final String TOO_MANY_SLOTS = "53400";
    private static final String NOT_IN_PREREQUISITE_STATE = "55000";
    private static final String DUPLICATE = "42710";

    /// The first major version that keeps slots on standbys and says why it invalidated one.
    private static final int FAILOVER_VERSION = 17;

    private static final long DROP_PAUSE_MILLIS = 20;

    private Slots() {}

    /// Makes the slot unless it is there, as [#ensure(Connection, String, boolean)] does, for this server alone.
    public static Lsn ensure(Connection connection, String slot) {
        return ensure(connection, slot, false);
    }

    /// Makes the slot unless it is there, and returns the position from which changes will come.
    ///
    /// Making one waits for all transactions that are writing anywhere in the cluster; closing or cancelling the
    /// connection ends that wait. [ErrorCode#SLOT_UNAVAILABLE] when it cannot be made or the existing one cannot be
    /// used.
    ///
    /// @param failover whether a new slot is to be kept on standbys too; servers before 17 cannot
    public static Lsn ensure(Connection connection, String slot, boolean failover) {
        Check.that(slot.matches("[a-z0-9_]{1,63}"), "slot name %s", slot);
        Optional<SlotState> present = read(connection, slot);
        if (present.isEmpty()) {
            requireLogicalWal(connection);
            create(connection, slot, failover);
            present = read(connection, slot);
        }
        SlotState state = present.orElseThrow(() -> unavailable(slot, "it was dropped while it was being made", null));
        requireUsable(connection, state);
        if (state.failover() != failover) {
            log.warn(
                    "event=slot_failover slot={} wanted={} is={} hint=\"needs Postgres 17; drop an older slot\"",
                    slot,
                    failover,
                    state.failover());
        }
        return state.confirmed();
    }

    public static Optional<SlotState> read(Connection connection, String slot) {
        try (PreparedStatement statement = connection.prepareStatement(query(version(connection)))) {
            statement.setString(1, slot);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(state(slot, rows)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw SqlErrors.failed("cannot read the state of slot " + slot, e);
        }
    }

    private static String query(int version) {
        String invalidation = version >= FAILOVER_VERSION ? "invalidation_reason" : "NULL";
        String failover = version >= FAILOVER_VERSION ? "failover" : "false";
        String newest = "CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()"
                + " ELSE pg_catalog.pg_current_wal_insert_lsn() END";
        return "SELECT plugin, database, confirmed_flush_lsn::text, restart_lsn::text, active_pid, wal_status, "
                + invalidation
                + "::text, coalesce(greatest(pg_catalog.pg_wal_lsn_diff(" + newest + ", restart_lsn), 0), 0)::int8, "
                + failover + " FROM pg_catalog.pg_replication_slots WHERE slot_name = ?";
    }

    private static int version(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }

    /// Drops the slot if it is there; [ErrorCode#SLOT_UNAVAILABLE] while a process reads it.
    public static boolean drop(Connection connection, String slot) {
        Optional<SlotState> present = read(connection, slot);
        if (present.isEmpty()) {
            return false;
        }
        if (present.get().activePid() != null) {
            throw unavailable(slot, "process " + present.get().activePid() + " reads it", "End that process first.");
        }
        call(connection, "SELECT pg_catalog.pg_drop_replication_slot(?)", slot, "cannot drop slot " + slot);
        log.info("event=slot_dropped slot={}", slot);
        return true;
    }

    /// Drops the slot if it is there, ending the process that reads it: for one whose reader has gone, which the server
    /// may notice late. [ErrorCode#SLOT_UNAVAILABLE] when that is not done within `limit`.
    public static boolean dropActive(Connection connection, String slot, Duration limit) {
        long start = System.nanoTime();
        int ended = 0;
        while (true) {
            Optional<SlotState> present = read(connection, slot);
            if (present.isEmpty()) {
                return false;
            }
            Integer pid = present.get().activePid();
            if (pid != null && pid != ended) {
                ended = pid;
                log.info("event=slot_reader_ended slot={} pid={}", slot, pid);
                call(
                        connection,
                        "SELECT pg_catalog.pg_terminate_backend(active_pid)"
                                + " FROM pg_catalog.pg_replication_slots WHERE slot_name = ?",
                        slot,
                        "cannot end the reader of slot " + slot);
            }
            try {
                return drop(connection, slot);
            } catch (MooncakeException e) {
                // Also when a reader came between the look and the drop.
                if (System.nanoTime() - start >= limit.toNanos()) {
                    throw e;
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(DROP_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MooncakeException(ErrorCode.ENGINE_STOPPING, "interrupted while dropping a slot", e);
        }
    }

    private static SlotState state(String slot, ResultSet row) throws SQLException {
        Integer pid = row.getObject(5, Integer.class);
        String plugin = row.getString(1);
        return new SlotState(
                slot,
                plugin == null ? "" : plugin,
                row.getString(2),
                lsn(row.getString(3)),
                lsn(row.getString(4)),
                pid,
                "lost".equals(row.getString(6)) || row.getString(7) != null,
                row.getString(6),
                row.getString(7),
                row.getLong(8),
                row.getBoolean(9));
    }

    private static Lsn lsn(@Nullable String text) {
        return text == null ? Lsn.NONE : Lsn.parse(text);
    }

    private static void create(Connection connection, String slot, boolean failover) {
        String sql = "SELECT pg_catalog.pg_create_logical_replication_slot(?, '" + PLUGIN + "'";
        try {
            String more = failover && version(connection) >= FAILOVER_VERSION ? ", failover => true)" : ")";
            try (PreparedStatement statement = connection.prepareStatement(sql + more)) {
                statement.setString(1, slot);
                statement.execute();
            }
            log.info("event=slot_created slot={}", slot);
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            switch (state) {
                case DUPLICATE -> log.info("event=slot_found slot={}", slot);
                case TOO_MANY_SLOTS ->
                    throw new MooncakeException(
                            ErrorCode.SLOT_UNAVAILABLE,
                            "cannot make slot " + slot + ": all replication slots are in use",
                            "Raise max_replication_slots and restart Postgres, or drop a slot that nobody needs.",
                            e);
                case NOT_IN_PREREQUISITE_STATE ->
                    throw new MooncakeException(
                            ErrorCode.SLOT_UNAVAILABLE, "cannot make slot " + slot + ": " + e.getMessage(), e);
                default -> throw SqlErrors.failed("cannot make slot " + slot, e);
            }
        }
    }

    private static void requireLogicalWal(Connection connection) {
        String level = one(connection, "SELECT pg_catalog.current_setting('wal_level')");
        if (!level.equals("logical")) {
            throw new MooncakeException(
                    ErrorCode.SLOT_UNAVAILABLE,
                    "mirrors need wal_level = logical, and it is " + level,
                    "Run ALTER SYSTEM SET wal_level = 'logical' and restart Postgres.",
                    null);
        }
    }

    private static void requireUsable(Connection connection, SlotState state) {
        if (!state.plugin().equals(PLUGIN)) {
            throw unavailable(state.name(), "it belongs to output plugin \"" + state.plugin() + "\"", null);
        }
        String database = one(connection, "SELECT pg_catalog.current_database()");
        if (!database.equals(state.database())) {
            throw unavailable(state.name(), "it belongs to database \"" + state.database() + "\"", null);
        }
        if (state.lost()) {
            throw unavailable(
                    state.name(),
                    "the log that it needs is gone"
                            + (state.invalidation() == null ? "" : " (" + state.invalidation() + ")"),
                    "Raise max_slot_wal_keep_size, drop the slot and copy the mirrors again.");
        }
    }

    private static MooncakeException unavailable(String slot, String why, @Nullable String hint) {
        return new MooncakeException(
                ErrorCode.SLOT_UNAVAILABLE, "slot " + slot + " cannot be used: " + why, hint, null);
    }

    private static String one(Connection connection, String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            Check.that(rows.next(), "no answer to %s", sql);
            return String.valueOf(rows.getString(1));
        } catch (SQLException e) {
            throw SqlErrors.failed("cannot read the server's settings", e);
        }
    }

    private static void call(Connection connection, String sql, String argument, String doing) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, argument);
            statement.execute();
        } catch (SQLException e) {
            throw SqlErrors.failed(doing, e);
        }
    }
}
