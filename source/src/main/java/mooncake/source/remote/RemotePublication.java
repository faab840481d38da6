package mooncake.source.remote;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.source.Quoting;
import mooncake.source.SqlErrors;
import mooncake.source.admin.SourceCatalog;
import mooncake.source.admin.SourceKey;
import mooncake.source.admin.SourceTable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The publication on a remote server with the tables that are mirrored from it.
///
/// Its comment is a JSON object: OID of each table whose replica identity was changed, and what it was. Every change
/// waits for locks only briefly and is tried again a limited number of times. Connections are in auto-commit mode.
public final class RemotePublication {
    private static final Logger log = LoggerFactory.getLogger(RemotePublication.class);
    private static final int ATTEMPTS_MAX = 20;
    private static final long PAUSE_MILLIS = 100;
    private static final String LOCK_TIMEOUT = "SET LOCAL lock_timeout = '500ms'";
    private static final Set<String> NOT_NOW = Set.of("55P03", "40P01");
    private static final String DUPLICATE = "42710";

    /// How the names of all such publications begin.
    static final String PREFIX = "ivy_mooncake_";

    private static final String NOTES = """
            SELECT p.pubname, n.key, n.value->>0, n.value->>1 FROM pg_catalog.pg_publication p,
              LATERAL json_each(CASE WHEN pg_catalog.obj_description(p.oid, 'pg_publication') ~ '^[{].*[}]$'
                                THEN pg_catalog.obj_description(p.oid, 'pg_publication')::json ELSE '{}' END) n
            WHERE p.pubname LIKE 'ivy\\_mooncake\\_%'
            """;

    private static final String STORES = """
            SELECT c.oid::int8 FROM pg_catalog.pg_partition_tree(?::oid) t JOIN pg_catalog.pg_class c ON c.oid = t.relid
            WHERE t.isleaf AND c.relkind = 'r'
            """;

    /// What a table's replica identity was before us.
    private record Note(
            String publication,
            int table,
            char identity,
            @Nullable String index) {}

    private RemotePublication() {}

    /// Makes the publication unless it is there; before the slot, which could not read changes older than it.
    public static void ensure(Connection connection, String publication) {
        try (Statement statement = connection.createStatement()) {
            if (exists(connection, publication)) {
                return;
            }
            statement.execute("CREATE PUBLICATION " + Quoting.identifier(publication)
                    + " WITH (publish_via_partition_root = true)");
            log.info("event=publication_created publication={}", publication);
        } catch (SQLException e) {
            if (!DUPLICATE.equals(e.getSQLState())) {
                throw SqlErrors.failed("cannot make publication " + publication, e);
            }
        }
    }

    private static boolean exists(Connection connection, String publication) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT FROM pg_catalog.pg_publication WHERE pubname = ?")) {
            statement.setString(1, publication);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /// Has the table's changes told in the log, with enough of the old rows.
    public static void publish(Connection connection, String publication, int oid) {
        SourceTable table = SourceCatalog.read(connection, oid)
                .orElseThrow(() -> new MooncakeException(
                        ErrorCode.SOURCE_SCHEMA_CHANGED, "the remote table was dropped before it was published"));
        KeyChoice choice = KeyChoice.of(table, identityBefore(connection, table));
        SourceKey key = choice.key();
        retrying(connection, "publish remote table " + table.name(), statement -> {
            // First the identity: a published table without one refuses updates.
            for (int store : stores(connection, table)) {
                SourceTable one = SourceCatalog.read(connection, store).orElseThrow();
                boolean sameIndex =
                        key != null && one.keys().stream().anyMatch(k -> k.replicaIdentity() && k.equals(key));
                if (one.replicaIdentity() != choice.identity() || (choice.identity() == 'i' && !sameIndex)) {
                    note(connection, publication, one);
                    statement.execute(identity(one, choice.identity(), key == null ? null : key.indexName()));
                    log.info(
                            "event=replica_identity table=\"{}\" was={} now={}",
                            one.name(),
                            one.replicaIdentity(),
                            choice.identity());
                }
            }
            if (!members(connection, publication).contains(oid)) {
                statement.execute("ALTER PUBLICATION " + Quoting.identifier(publication) + " ADD TABLE "
                        + (table.kind() == 'r' ? "ONLY " : "") + Quoting.qualified(table.schema(), table.name()));
            }
        });
    }

    /// Takes the table out again and gives it back the replica identity that it had.
    public static void withdraw(Connection connection, String publication, int oid) {
        SourceTable table = SourceCatalog.read(connection, oid).orElse(null);
        if (table == null) {
            return;
        }
        retrying(connection, "withdraw remote table " + table.name(), statement -> {
            if (members(connection, publication).contains(oid)) {
                statement.execute("ALTER PUBLICATION " + Quoting.identifier(publication) + " DROP TABLE "
                        + (table.kind() == 'r' ? "ONLY " : "") + Quoting.qualified(table.schema(), table.name()));
            }
            Set<Integer> stores = stores(connection, table);
            List<String> others = otherPublications(connection, publication, oid);
            for (Note note : notes(connection, publication)) {
                if (stores.contains(note.table())) {
                    forget(connection, publication, note.table());
                    if (others.isEmpty()) {
                        restore(connection, statement, note);
                    } else {
                        handOn(connection, note, others);
                    }
                }
            }
        });
    }

    /// Other engines mirror the table as well: the last of them restores its identity.
    private static void handOn(Connection connection, Note note, List<String> others) throws SQLException {
        for (String other : others) {
            if (other.startsWith(PREFIX)) {
                List<Note> notes = notes(connection, other);
                notes.add(new Note(other, note.table(), note.identity(), note.index()));
                write(connection, other, notes);
                return;
            }
        }
    }

    private static List<String> otherPublications(Connection connection, String publication, int oid)
            throws SQLException {
        String sql = "SELECT p.pubname FROM pg_catalog.pg_publication_rel r"
                + " JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid"
                + " WHERE r.prrelid = ?::oid AND p.pubname <> ?"
                + " AND (p.pubname = 'mooncake' OR p.pubname LIKE 'ivy\\_mooncake\\_%') ORDER BY p.pubname";
        List<String> others = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, Integer.toUnsignedLong(oid));
            statement.setString(2, publication);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    others.add(rows.getString(1));
                }
            }
        }
        return others;
    }

    /// Undoes everything: all tables are withdrawn and the publication is dropped.
    public static void drop(Connection connection, String publication) {
        for (int oid : members(connection, publication)) {
            withdraw(connection, publication, oid);
        }
        retrying(connection, "drop publication " + publication, statement -> {
            for (Note note : notes(connection, publication)) {
                restore(connection, statement, note);
            }
            statement.execute("DROP PUBLICATION IF EXISTS " + Quoting.identifier(publication));
        });
    }

    /// The tables that the publication names.
    public static Set<Integer> members(Connection connection, String publication) {
        Set<Integer> members = new TreeSet<>();
        String sql = "SELECT r.prrelid::int8 FROM pg_catalog.pg_publication_rel r"
                + " JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid WHERE p.pubname = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, publication);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    members.add((int) rows.getLong(1));
                }
            }
            return members;
        } catch (SQLException e) {
            throw SqlErrors.failed("cannot read publication " + publication, e);
        }
    }

    /// The partitions that hold a table's rows, or the table itself: to notice partitions that came or went.
    public static Set<Integer> stores(Connection connection, SourceTable table) {
        Set<Integer> stores = new TreeSet<>();
        if (table.kind() != 'p') {
            stores.add(table.oid());
            return stores;
        }
        try (PreparedStatement statement = connection.prepareStatement(STORES)) {
            statement.setLong(1, Integer.toUnsignedLong(table.oid()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    stores.add((int) rows.getLong(1));
                }
            }
            return stores;
        } catch (SQLException e) {
            throw SqlErrors.failed("cannot read the partitions of remote table " + table.name(), e);
        }
    }

    /// The replica identity that the table had before any publication of ours.
    static char identityBefore(Connection connection, SourceTable table) {
        Set<Integer> stores = stores(connection, table);
        return notes(connection, null).stream()
                .filter(note -> stores.contains(note.table()))
                .map(Note::identity)
                .findFirst()
                .orElse(table.replicaIdentity());
    }

    private static String identity(SourceTable table, char identity, @Nullable String index) {
        String form = switch (identity) {
            case 'd' -> "DEFAULT";
            case 'f' -> "FULL";
            case 'n' -> "NOTHING";
            default -> "USING INDEX " + Quoting.identifier(String.valueOf(index));
        };
        return "ALTER TABLE ONLY " + Quoting.qualified(table.schema(), table.name()) + " REPLICA IDENTITY " + form;
    }

    private static void restore(Connection connection, Statement statement, Note note) throws SQLException {
        SourceTable table = SourceCatalog.read(connection, note.table()).orElse(null);
        boolean indexGone = table != null
                && note.identity() == 'i'
                && table.keys().stream().noneMatch(key -> key.indexName().equals(note.index()));
        if (table != null && !indexGone) {
            statement.execute(identity(table, note.identity(), note.index()));
        }
    }

    private static List<Note> notes(Connection connection, @Nullable String publication) {
        List<Note> notes = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(NOTES)) {
            while (rows.next()) {
                String owner = String.valueOf(rows.getString(1));
                if (publication == null || publication.equals(owner)) {
                    notes.add(new Note(
                            owner,
                            Integer.parseUnsignedInt(rows.getString(2)),
                            String.valueOf(rows.getString(3)).charAt(0),
                            rows.getString(4)));
                }
            }
            return notes;
        } catch (SQLException e) {
            throw SqlErrors.failed("cannot read what publications say", e);
        }
    }

    private static void note(Connection connection, String publication, SourceTable table) throws SQLException {
        List<Note> notes = notes(connection, publication);
        if (notes.stream().anyMatch(note -> note.table() == table.oid())) {
            return;
        }
        String index = table.keys().stream()
                .filter(SourceKey::replicaIdentity)
                .map(SourceKey::indexName)
                .findFirst()
                .orElse(null);
        notes.add(new Note(publication, table.oid(), table.replicaIdentity(), index));
        write(connection, publication, notes);
    }

    private static void forget(Connection connection, String publication, int table) throws SQLException {
        List<Note> notes = notes(connection, publication);
        notes.removeIf(note -> note.table() == table);
        write(connection, publication, notes);
    }

    private static void write(Connection connection, String publication, List<Note> notes) throws SQLException {
        Object[] tables = notes.stream()
                .map(note -> Integer.toUnsignedString(note.table()))
                .toArray();
        Object[] identities =
                notes.stream().map(note -> String.valueOf(note.identity())).toArray();
        Object[] indexes = notes.stream().map(Note::index).toArray();
        String sql = "SELECT coalesce(json_object_agg(t, json_build_array(i, x))::text, '{}')"
                + " FROM unnest(?::text[], ?::text[], ?::text[]) n (t, i, x)";
        try (PreparedStatement build = connection.prepareStatement(sql);
                Statement statement = connection.createStatement()) {
            build.setArray(1, connection.createArrayOf("text", tables));
            build.setArray(2, connection.createArrayOf("text", identities));
            build.setArray(3, connection.createArrayOf("text", indexes));
            try (ResultSet row = build.executeQuery()) {
                row.next();
                String json = String.valueOf(row.getString(1)).replaceAll("\\s*\\R\\s*", " ");
                statement.execute(
                        "COMMENT ON PUBLICATION " + Quoting.identifier(publication) + " IS " + Quoting.literal(json));
            }
        }
    }

    @FunctionalInterface
    private interface Work {
        void run(Statement statement) throws SQLException;
    }

    /// Runs in a transaction that waits for locks only briefly.
    private static void retrying(Connection connection, String doing, Work work) {
        for (int attempt = 1; ; attempt++) {
            try {
                once(connection, work);
                return;
            } catch (SQLException e) {
                if (!NOT_NOW.contains(String.valueOf(e.getSQLState())) || attempt == ATTEMPTS_MAX) {
                    throw SqlErrors.failed("cannot " + doing, e);
                }
                log.info("event=lock_not_granted doing=\"{}\" attempt={}", doing, attempt);
            }
            pause();
        }
    }

    private static void once(Connection connection, Work work) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(LOCK_TIMEOUT);
            work.run(statement);
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MooncakeException(ErrorCode.ENGINE_STOPPING, "interrupted while waiting for a lock", e);
        }
    }
}
