package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import mooncake.testing.Sql;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

/// What is refused, with the SQLSTATE and the words that tell the user what to do; nothing refused leaves a trace.
class BadInputTest extends ServerFixture {
    private static final String SERVER_TRACES =
            "SELECT (SELECT count(*) FROM mooncake.tables) || ' ' || (SELECT count(*) FROM pg_publication_tables)"
                    + " || ' ' || (SELECT count(*) FROM pg_class WHERE relam ="
                    + " (SELECT oid FROM pg_am WHERE amname = 'mooncake')) || ' ' || (SELECT string_agg(relreplident::text,"
                    + " '' ORDER BY oid) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace)";

    private static String traces;

    @BeforeAll
    static void prepare() {
        server.execute(
                "CREATE TABLE r (id int PRIMARY KEY, v text)",
                "INSERT INTO r VALUES (1, 'one'), (2, 'two')",
                "CREATE VIEW a_view AS SELECT * FROM r",
                "CREATE MATERIALIZED VIEW a_matview AS SELECT * FROM r",
                "CREATE FOREIGN DATA WRAPPER nothing",
                "CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing",
                "CREATE FOREIGN TABLE a_foreign (id int) SERVER nowhere",
                "CREATE TABLE a_partitioned (id int PRIMARY KEY) PARTITION BY HASH (id)",
                "CREATE TABLE a_partition PARTITION OF a_partitioned FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
                "CREATE UNLOGGED TABLE an_unlogged (id int PRIMARY KEY)",
                "CREATE SEQUENCE a_sequence",
                "CREATE TYPE keyed AS (a aclitem, b int)",
                "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                "CREATE ROLE stranger LOGIN",
                "CREATE ROLE reader LOGIN",
                "GRANT SELECT ON r TO reader",
                "GRANT CREATE ON SCHEMA public TO stranger, reader",
                "CALL mooncake.create_table('c', 'r')");
        MirrorTestServer.assertMirrors(server, "r", "c");
    }

    @AfterEach
    void theMirrorIsAsItWas() {
        MirrorTestServer.assertMirrors(server, "r", "c");
    }

    private static Refusal create(String mirror, String source) {
        traces = server.value(SERVER_TRACES);
        Refusal refusal = Refusal.of(server, "CALL mooncake.create_table('" + mirror + "', '" + source + "')");
        assertThat(server.value(SERVER_TRACES)).as(refusal.message()).isEqualTo(traces);
        return refusal;
    }

    @Test
    void sourcesThatAreNoTables() {
        create("x", "missing").is("42P01", "relation \"missing\" does not exist");
        create("x", "missing.r").is("3F000", "schema \"missing\" does not exist");
        create("x", "a_view").is("42809", "cannot mirror \"a_view\": it is a view");
        create("x", "a_matview").is("42809", "cannot mirror \"a_matview\": it is a materialized view");
        create("x", "a_foreign").is("42809", "cannot mirror \"a_foreign\": it is a foreign table");
        create("x", "a_sequence").is("42809", "cannot mirror \"a_sequence\": it is not a table");
        create("x", "pg_class").is("42809", "cannot mirror \"pg_class\": it is a system catalog");
        create("x", "c").is("42809", "cannot mirror \"c\": it is itself a mirror");
        create("x", "mooncake.tables").says("42809", "it belongs to the extension ivy_mooncake");
        create("x", "a_partition")
                .is("0A000", "cannot mirror \"a_partition\": it is a partition")
                .hints("Mirror the partitioned table public.a_partitioned.");
        create("x", "an_unlogged").says("0A000", "cannot mirror \"an_unlogged\": it is an unlogged table");
    }

    @Test
    void temporaryTablesOnBothSides() throws SQLException {
        try (Connection connection = server.connect()) {
            Sql.execute(connection, "CREATE TEMP TABLE a_temp (id int PRIMARY KEY)");
            Refusal.of(connection, "CALL mooncake.create_table('x', 'a_temp')")
                    .is("0A000", "cannot mirror \"a_temp\": it is a temporary table");
            Refusal.of(connection, "CALL mooncake.create_table('pg_temp.x', 'r')")
                    .is("0A000", "a mirror cannot be a temporary table");
        }
    }

    @Test
    void namesThatAreTaken() {
        create("c", "r").is("42P07", "relation \"c\" already exists");
        create("r", "r").is("42P07", "relation \"r\" already exists");
        create("a_view", "r").is("42P07", "relation \"a_view\" already exists");
        create("missing.x", "r").is("3F000", "schema \"missing\" does not exist");
        create("a b", "r").says("42602", "invalid name syntax");
        create("", "r").says("42602", "invalid name syntax");
    }

    @Test
    void columnsOfUnsupportedTypes() {
        String[][] types = {{"aclitem", "aclitem"}, {"aclitem[]", "aclitem[]"}, {"keyed", "keyed"}};
        for (int i = 0; i < types.length; i++) {
            server.execute("CREATE TABLE odd" + i + " (id int PRIMARY KEY, \"Strange\" " + types[i][0] + ")");
            create("odd_c", "odd" + i)
                    .is(
                            "0A000",
                            "cannot mirror column \"Strange\" of table \"odd" + i + "\": type " + types[i][1]
                                    + " is not supported");
        }
        server.execute("CREATE TABLE made (g int GENERATED ALWAYS AS (1) STORED)");
        create("made_c", "made").is("0A000", "cannot mirror \"made\": it has no columns");
        server.execute("CREATE TABLE bare ()");
        create("bare_c", "bare").is("0A000", "cannot mirror \"bare\": it has no columns");
    }

    @Test
    void parametersThatAreNotKnown() {
        String call = "CALL mooncake.create_table('x', 'r', ";
        Refusal.of(server, call + "NULL, '{\"partition_by\": \"id\"}')")
                .is("22023", "unknown key \"partition_by\" in table_config");
        Refusal.of(server, call + "NULL, '[1]')").is("22023", "table_config must be a JSON object");
        Refusal.of(server, call + "NULL, 'nonsense')").says("22P02", "invalid input syntax for type json");
        Refusal.of(server, call + "'postgresql://user:secret@elsewhere/db')")
                .is("22023", "src_uri must not contain a password")
                .hints("passfile=/path");
        Refusal.of(server, "CALL mooncake.create_table(NULL, 'r')")
                .is("22004", "the name of the mirror must not be null");
        Refusal.of(server, "CALL mooncake.create_table('x', NULL)")
                .is("22004", "the name of the source must not be null");
        Refusal.of(server, "CALL mooncake.create_snapshot('r')").is("42809", "\"r\" is not a mirror");
        Refusal.of(server, "CALL mooncake.create_snapshot('missing')").says("42P01", "does not exist");
    }

    @Test
    void usersWithoutTheRights() throws SQLException {
        try (Connection stranger = server.connect("postgres", "stranger")) {
            Refusal.of(stranger, "CALL mooncake.create_table('x', 'r')")
                    .is("42501", "permission denied for table r")
                    .details("Mirroring a table needs the right to SELECT from it.");
            Refusal.of(stranger, "SELECT * FROM c").is("42501", "permission denied for table c");
            Refusal.of(stranger, "SELECT count(*) FROM c").is("42501", "permission denied for table c");
            Refusal.of(stranger, "SELECT r.id FROM (SELECT id FROM c) r, pg_class")
                    .is("42501", "permission denied for table c");
            Refusal.of(stranger, "DROP TABLE c").is("42501", "must be owner of table c");
            Refusal.of(stranger, "CALL mooncake.create_snapshot('c')").is("42501", "permission denied for table c");
            Refusal.of(stranger, "SELECT * FROM mooncake.tables").says("42501", "permission denied");
        }
        try (Connection reader = server.connect("postgres", "reader")) {
            Refusal.of(reader, "CALL mooncake.create_table('x', 'r')")
                    .is("42501", "must be owner of table r")
                    .details("Only its owner may have a table mirrored");
        }
        server.execute("CREATE TABLE secured (id int PRIMARY KEY)", "ALTER TABLE secured ENABLE ROW LEVEL SECURITY");
        create("x", "secured").is("0A000", "cannot mirror \"secured\": it has row-level security");
    }

    @Test
    void statementsThatChangeAMirror() {
        for (String statement : List.of(
                "INSERT INTO c VALUES (3, 'x')",
                "INSERT INTO c SELECT * FROM r",
                "INSERT INTO c VALUES (3, 'x') ON CONFLICT DO NOTHING",
                "UPDATE c SET v = 'x'",
                "UPDATE c SET v = r.v FROM r WHERE r.id = c.id",
                "DELETE FROM c",
                "DELETE FROM c USING r WHERE r.id = c.id",
                "WITH gone AS (DELETE FROM c RETURNING *) SELECT * FROM gone",
                "MERGE INTO c USING r ON r.id = c.id WHEN MATCHED THEN DELETE",
                "EXPLAIN DELETE FROM c",
                "PREPARE p AS DELETE FROM c; EXECUTE p")) {
            Refusal.of(server, statement)
                    .is("42809", "mirror \"c\" is read-only")
                    .hints("Change the source table instead.");
        }
        for (String lock : List.of("FOR UPDATE", "FOR NO KEY UPDATE", "FOR SHARE", "FOR KEY SHARE")) {
            Refusal.of(server, "SELECT * FROM c " + lock).is("42809", "cannot lock rows of mirror \"c\"");
        }
        Refusal.of(server, "SELECT * FROM c, r WHERE c.id = r.id FOR UPDATE")
                .is("42809", "cannot lock rows of mirror \"c\"");
        Refusal.of(server, "SELECT * FROM (SELECT * FROM c FOR UPDATE) x")
                .is("42809", "cannot lock rows of mirror \"c\"");
        assertThat(server.rows("SELECT r.id FROM c JOIN r USING (id) ORDER BY 1 FOR UPDATE OF r"))
                .isEqualTo(List.of(List.of("1"), List.of("2")));
    }

    @Test
    void copyingIntoAMirror() throws SQLException {
        try (Connection connection = server.connect()) {
            Assertions.assertThatThrownBy(() -> connection
                            .unwrap(PGConnection.class)
                            .getCopyAPI()
                            .copyIn(
                                    "COPY c FROM STDIN",
                                    new ByteArrayInputStream("3\tx\n".getBytes(StandardCharsets.UTF_8))))
                    .isInstanceOfSatisfying(PSQLException.class, e -> {
                        assertThat(e.getSQLState()).isEqualTo("42809");
                        assertThat(e.getServerErrorMessage().getMessage()).isEqualTo("mirror \"c\" is read-only");
                    });
        }
    }

    @Test
    void definitionsOnAMirror() {
        String[][] refused = {
            {"ALTER TABLE c ADD COLUMN x int", "cannot alter mirror \"c\""},
            {"ALTER TABLE c DROP COLUMN v", "cannot alter mirror \"c\""},
            {"ALTER TABLE c ALTER v TYPE varchar", "cannot alter mirror \"c\""},
            {"ALTER TABLE c ALTER v SET DEFAULT 'x'", "cannot alter mirror \"c\""},
            {"ALTER TABLE c ADD CHECK (id > 0)", "cannot alter mirror \"c\""},
            {"ALTER TABLE c ADD PRIMARY KEY (id)", "cannot alter mirror \"c\""},
            {"ALTER TABLE c SET ACCESS METHOD heap", "cannot alter mirror \"c\""},
            {"ALTER TABLE c SET LOGGED", "cannot alter mirror \"c\""},
            {"ALTER TABLE c INHERIT r", "cannot alter mirror \"c\""},
            {"ALTER TABLE c RENAME TO d", "cannot rename mirror \"c\""},
            {"ALTER TABLE c RENAME v TO w", "cannot rename mirror \"c\""},
            {"ALTER TABLE c SET SCHEMA pg_temp", "cannot change the schema of mirror \"c\""},
            {"CREATE INDEX ON c (id)", "cannot create an index on mirror \"c\""},
            {"CREATE INDEX CONCURRENTLY ON c (id)", "cannot create an index on mirror \"c\""},
            {
                "CREATE TRIGGER t BEFORE INSERT ON c FOR EACH ROW EXECUTE FUNCTION nothing()",
                "cannot create a trigger on mirror \"c\""
            },
            {"CREATE RULE x AS ON DELETE TO c DO INSTEAD NOTHING", "cannot create a rule on mirror \"c\""},
            {"CREATE STATISTICS x ON id, v FROM c", "cannot create statistics on mirror \"c\""},
            {"CREATE TABLE heir () INHERITS (c)", "cannot inherit from mirror \"c\""},
            {"ALTER TABLE r INHERIT c", "cannot inherit from mirror \"c\""},
            {"TRUNCATE c", "cannot truncate mirror \"c\""},
            {"TRUNCATE r, c", "cannot truncate mirror \"c\""},
            {"CLUSTER c USING x", "cannot cluster mirror \"c\""},
            {"VACUUM FULL c", "cannot rewrite mirror \"c\""},
            {"CREATE TABLE x USING mooncake AS SELECT 1 AS a", "cannot create a mirror from a query"},
            {"ALTER TABLE r SET ACCESS METHOD mooncake", "cannot turn table \"r\" into a mirror"}
        };
        for (String[] each : refused) {
            Refusal.of(server, each[0]).is("0A000", each[1]);
        }
        assertThat(server.value("SELECT count(*) FROM pg_index WHERE indrelid = 'c'::regclass"))
                .isEqualTo("0");
        assertThat(server.value("SELECT count(*) FROM pg_attribute WHERE attrelid = 'c'::regclass AND attnum > 0"))
                .isEqualTo("2");
        server.execute("VACUUM c", "ANALYZE c", "VACUUM ANALYZE", "COMMENT ON TABLE c IS 'a mirror'");
    }

    @Test
    void settingsOutOfRange() {
        Refusal.of(server, "SET pg_mooncake.freshness_timeout = -1").says("22023", "pg_mooncake.freshness_timeout");
        Refusal.of(server, "SET pg_mooncake.freshness = 'sloppy'")
                .is("22023", "invalid value for parameter \"pg_mooncake.freshness\": \"sloppy\"");
        Refusal.of(server, "SET pg_mooncake.misspelt = 1").says("42602", "pg_mooncake.misspelt");
        Refusal.of(server, "SET duckdb.threads = 3").says("55P02", "duckdb.threads");
        Refusal.of(server, "ALTER SYSTEM SET pg_mooncake.flush_interval = '1ms'")
                .says("22023", "flush_interval");
    }
}
