package mooncake.source.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import mooncake.source.TestCluster;
import org.junit.jupiter.api.Test;

class SourceCatalogTest {
    @Test
    void readsATableWithItsColumnsAndKeys() throws SQLException {
        try (Connection sql = TestCluster.shared().database("catalog").connect()) {
            TestCluster.execute(
                    sql,
                    "CREATE SCHEMA \"S\"",
                    "CREATE TABLE \"S\".\"T\" (gone int, a int NOT NULL, b numeric(10,2) NOT NULL, c text,"
                            + " g int GENERATED ALWAYS AS (a + 1) STORED, PRIMARY KEY (b, a))",
                    "ALTER TABLE \"S\".\"T\" DROP gone",
                    "CREATE UNIQUE INDEX by_a ON \"S\".\"T\" (a) INCLUDE (c)",
                    "CREATE UNIQUE INDEX by_c ON \"S\".\"T\" (c)",
                    "CREATE UNIQUE INDEX by_some ON \"S\".\"T\" (a) WHERE a > 1",
                    "CREATE UNIQUE INDEX by_expression ON \"S\".\"T\" ((a + 1))",
                    "ALTER TABLE \"S\".\"T\" REPLICA IDENTITY USING INDEX by_a");
            int oid = Integer.parseInt(TestCluster.value(sql, "SELECT '\"S\".\"T\"'::regclass::oid"));

            SourceTable table = SourceCatalog.read(sql, oid).orElseThrow();

            assertThat(table.schema()).isEqualTo("S");
            assertThat(table.name()).isEqualTo("T");
            assertThat(table.kind()).isEqualTo('r');
            assertThat(table.persistence()).isEqualTo('p');
            assertThat(table.replicaIdentity()).isEqualTo('i');
            assertThat(table.hasChildren()).isFalse();
            assertThat(table.rowSecurity()).isFalse();
            assertThat(table.columns())
                    .containsExactly(
                            new SourceColumn(2, "a", 23, -1, "integer", true, false),
                            new SourceColumn(3, "b", 1700, 655366, "numeric(10,2)", true, false),
                            new SourceColumn(4, "c", 25, -1, "text", false, false),
                            new SourceColumn(5, "g", 23, -1, "integer", false, true));
            assertThat(table.keys())
                    .extracting(
                            SourceKey::indexName, SourceKey::primary, SourceKey::replicaIdentity, SourceKey::columns)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("T_pkey", true, false, List.of(3, 2)),
                            org.assertj.core.groups.Tuple.tuple("by_a", false, true, List.of(2)));
            assertThat(SourceCatalog.read(sql, 1)).isEmpty();
        }
    }
}
