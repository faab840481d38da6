package mooncake.source.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.source.Endpoint;
import mooncake.source.TestCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RemoteSourceTest {
    private static final TestCluster CLUSTER = TestCluster.shared();
    private static final String PUBLICATION = "ivy_mooncake_1_2_abc";

    private Endpoint endpoint;
    private Connection sql;

    @BeforeEach
    void connect() {
        endpoint = CLUSTER.database("remote");
        sql = endpoint.connect();
    }

    @AfterEach
    void disconnect() throws SQLException {
        sql.close();
    }

    private int oid(String table) {
        return Integer.parseInt(TestCluster.value(sql, "SELECT '" + table + "'::regclass::oid"));
    }

    private String identity(String table) {
        return TestCluster.value(sql, "SELECT relreplident FROM pg_class WHERE oid = '" + table + "'::regclass");
    }

    private static void assertFails(Runnable action, ErrorCode code, String text) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(text);
    }

    @Test
    void describesATableAsTheRegistryWantsIt() {
        TestCluster.execute(
                sql,
                "CREATE TABLE \"T \"\"1\" (gone int, b varchar(5), a int, g int GENERATED ALWAYS AS (a) STORED,"
                        + " PRIMARY KEY (b, a))",
                "ALTER TABLE \"T \"\"1\" DROP gone");
        RemoteTable table = RemoteCatalog.describe(sql, "\"T \"\"1\"", null);

        assertThat(table.oid()).isEqualTo(oid("\"T \"\"1\""));
        assertThat(table.name()).isEqualTo("\"public\".\"T \"\"1\"");
        assertThat(table.definition().replaceAll("\\s", ""))
                .isEqualTo("{\"columns\":[{\"field\":1,\"source\":2,\"sourceName\":\"b\",\"name\":\"b\",\"type\":1043,"
                        + "\"typmod\":9,\"notNull\":true,\"initial\":null},{\"field\":2,\"source\":3,"
                        + "\"sourceName\":\"a\",\"name\":\"a\",\"type\":23,\"typmod\":-1,\"notNull\":true,"
                        + "\"initial\":null}],\"key\":[1,2],\"identity\":\"key\",\"onDdl\":\"evolve\","
                        + "\"filter\":null}");
        assertThat(RemoteCatalog.oid(sql, table.name())).contains(table.oid());
        assertThat(RemoteCatalog.oid(sql, "nowhere")).isEmpty();
    }

    @Test
    void followsTheConfiguration() {
        TestCluster.execute(sql, "CREATE TABLE t (a int, b text, c int)");
        String chosen = RemoteCatalog.describe(
                        sql, "t", "{\"columns\": [\"c\", \"a\"], \"filter\": \"a > 1\", \"on_ddl\": \"error\"}")
                .definition();
        String appended = RemoteCatalog.describe(sql, "public.t", "{\"append_only\": true}")
                .definition();

        assertThat(chosen)
                .contains("\"sourceName\" : \"a\"", "\"sourceName\" : \"c\"", "\"filter\" : \"a > 1\"")
                .contains("\"identity\" : \"full\"", "\"key\" : [1, 2]", "\"onDdl\" : \"error\"")
                .doesNotContain("\"b\"");
        assertThat(appended).contains("\"identity\" : \"append\"", "\"key\" : []");
    }

    @Test
    void refusesWhatCannotBeMirrored() {
        TestCluster.execute(
                sql,
                "CREATE TYPE mood AS ENUM ('ok')",
                "CREATE TABLE moods (a int PRIMARY KEY, m mood)",
                "CREATE TABLE parent (a int)",
                "CREATE TABLE child () INHERITS (parent)",
                "CREATE UNLOGGED TABLE unlogged (a int)",
                "CREATE VIEW v AS SELECT 1 AS a",
                "CREATE TABLE t (a int PRIMARY KEY, b int)");

        assertFails(() -> RemoteCatalog.describe(sql, "none", null), ErrorCode.BAD_CONFIGURATION, "no table none");
        assertFails(() -> RemoteCatalog.describe(sql, "moods", null), ErrorCode.UNSUPPORTED_TYPE, "type mood");
        assertFails(() -> RemoteCatalog.describe(sql, "parent", null), ErrorCode.BAD_CONFIGURATION, "inherit");
        assertFails(() -> RemoteCatalog.describe(sql, "unlogged", null), ErrorCode.BAD_CONFIGURATION, "not in the log");
        assertFails(() -> RemoteCatalog.describe(sql, "v", null), ErrorCode.BAD_CONFIGURATION, "no table");
        assertFails(
                () -> RemoteCatalog.describe(sql, "t", "{\"columns\": [\"b\"]}"), ErrorCode.NO_USABLE_KEY, "its key");
        assertFails(
                () -> RemoteCatalog.describe(sql, "t", "{\"columns\": [\"x\"]}"), ErrorCode.BAD_CONFIGURATION, "\"x\"");
        assertFails(
                () -> RemoteCatalog.describe(sql, "t", "{\"filter\": \"nonsense\"}"),
                ErrorCode.POSTGRES_FAILED,
                "nonsense");
    }

    @Test
    void whatIsChangedThereIsUndoneWithTheLastMirror() {
        TestCluster.execute(
                sql,
                "CREATE TABLE keyed (a int PRIMARY KEY)",
                "CREATE TABLE nothing (a int PRIMARY KEY)",
                "ALTER TABLE nothing REPLICA IDENTITY NOTHING",
                "CREATE TABLE indexed (a int NOT NULL, b int NOT NULL UNIQUE)",
                "CREATE TABLE keyless (a int)",
                "CREATE TABLE parts (a int) PARTITION BY LIST (a)",
                "CREATE TABLE part1 PARTITION OF parts FOR VALUES IN (1)",
                "CREATE TABLE part2 PARTITION OF parts DEFAULT");
        String[] tables = {"keyed", "nothing", "indexed", "keyless", "parts"};
        RemotePublication.ensure(sql, PUBLICATION);
        RemotePublication.ensure(sql, PUBLICATION);
        RemotePublication.ensure(sql, "ivy_mooncake_other");
        for (String table : tables) {
            RemotePublication.publish(sql, PUBLICATION, oid(table));
            RemotePublication.publish(sql, PUBLICATION, oid(table));
        }
        RemotePublication.publish(sql, "ivy_mooncake_other", oid("keyless"));

        assertThat(RemotePublication.members(sql, PUBLICATION)).hasSize(5).contains(oid("parts"));
        assertThat(identity("keyed") + identity("nothing") + identity("indexed") + identity("keyless"))
                .isEqualTo("ddif");
        assertThat(identity("part1") + identity("part2")).isEqualTo("ff");
        TestCluster.execute(sql, "UPDATE keyless SET a = 2", "UPDATE parts SET a = 2", "DELETE FROM indexed");
        // The key stays what it is, whoever asks.
        assertThat(RemoteCatalog.describe(sql, "indexed", null).definition()).contains("\"key\" : [2]");

        RemotePublication.withdraw(sql, PUBLICATION, oid("keyless"));
        assertThat(identity("keyless")).isEqualTo("f");
        RemotePublication.withdraw(sql, PUBLICATION, oid("nothing"));
        assertThat(identity("nothing")).isEqualTo("n");
        RemotePublication.drop(sql, PUBLICATION);
        RemotePublication.drop(sql, "ivy_mooncake_other");

        assertThat(identity("keyed") + identity("nothing") + identity("indexed") + identity("keyless"))
                .isEqualTo("dndd");
        assertThat(identity("part1") + identity("part2")).isEqualTo("dd");
        assertThat(TestCluster.value(sql, "SELECT count(*) FROM pg_publication"))
                .isEqualTo("0");
    }

    @Test
    void waitsForLocksOnlyBriefly() throws Exception {
        TestCluster.execute(sql, "CREATE TABLE t (a int)");
        RemotePublication.ensure(sql, PUBLICATION);
        try (Connection writer = endpoint.connect();
                Connection second = endpoint.connect()) {
            TestCluster.execute(writer, "BEGIN", "INSERT INTO t VALUES (1)");
            Thread publishing = Thread.ofPlatform().start(() -> RemotePublication.publish(sql, PUBLICATION, oid("t")));
            TestCluster.until(() -> !TestCluster.value(
                            second,
                            "SELECT count(*) FROM pg_locks WHERE relation = 't'::regclass"
                                    + " AND mode = 'AccessExclusiveLock' AND NOT granted")
                    .equals("0"));
            // A second writer waits behind the lock, but never for long.
            long start = System.nanoTime();
            TestCluster.execute(second, "INSERT INTO t VALUES (2)");
            assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
            TestCluster.execute(writer, "COMMIT");
            publishing.join();
        }
        assertThat(identity("t")).isEqualTo("f");
    }

    @Test
    void uriNeverHoldsAPassword() {
        assertFails(
                () -> RemoteUri.endpoint("postgresql://u:secret@h/d"), ErrorCode.BAD_CONFIGURATION, "must not stand");
        assertThatThrownBy(() -> RemoteUri.endpoint("host=h user=u password=secret"))
                .hasMessageNotContaining("secret");
        assertFails(
                () -> RemoteUri.endpoint("postgresql://u@h/d?password_env=NO_SUCH_VARIABLE_HERE"),
                ErrorCode.BAD_CONFIGURATION,
                "NO_SUCH_VARIABLE_HERE");
        Endpoint fromEnvironment = RemoteUri.endpoint("postgresql://u@h/d?password_env=PATH");
        assertThat(fromEnvironment.password()).isNotNull();
        assertThat(fromEnvironment.toString()).doesNotContain(System.getenv("PATH"));
    }

    @Test
    void slotNamesAreStableDistinctAndShort() {
        String name = RemoteUri.slotName(-1, -1, "postgresql://u@h/d");

        assertThat(name).matches("[a-z0-9_]{1,63}").isEqualTo(RemoteUri.slotName(-1, -1, "postgresql://u@h/d"));
        assertThat(RemoteUri.slotName(-1, -1, "postgresql://u@h/e")).isNotEqualTo(name);
        assertThat(RemoteUri.slotName(-1, 1, "postgresql://u@h/d")).isNotEqualTo(name);
    }
}
