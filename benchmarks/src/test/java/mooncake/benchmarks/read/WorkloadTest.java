package mooncake.benchmarks.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadTest {
    @Test
    void filesBecomeStatements() {
        Workload workload = Workload.parse(
                "sample",
                Map.of(
                        "schema.sql",
                        "-- two tables\nCREATE TABLE a (id integer);\nCREATE TABLE b (id integer);\n",
                        "generator.sql",
                        "SET a.b = 1;\nINSERT INTO a SELECT ';' FROM generate_series(:first, :last);\n",
                        "queries.sql",
                        "-- the first\nSELECT 1;\n-- duckdb: SELECT 2\nSELECT id\nFROM b;"));
        assertThat(workload.tables()).containsExactly("a", "b");
        assertThat(workload.generator())
                .containsExactly("SET a.b = 1", "INSERT INTO a SELECT ';' FROM generate_series(:first, :last)");
        assertThat(workload.queries())
                .containsExactly(
                        new RaceQuery("Q1", "SELECT 1", "SELECT 1"),
                        new RaceQuery("Q2", "SELECT id\nFROM b", "SELECT 2"));
    }

    @Test
    void theWebWorkloadIsWide() throws IOException {
        Workload web = Workload.web();
        assertThat(web.tables()).containsExactly("hits");
        assertThat(web.schema().getFirst().lines().filter(line -> line.startsWith("    ")))
                .hasSize(106);
        assertThat(web.queries()).hasSizeGreaterThan(40);
    }
}
