package mooncake.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineSettingsTest {
    @Test
    void defaultsNeedOnlyTheDataDirectory() {
        EngineSettings settings = EngineSettings.fromEnvironment(Map.of("MOONCAKE_DATA_DIRECTORY", "/data"));
        assertThat(settings.port()).isEqualTo(5432);
        assertThat(settings.warehouse()).isEqualTo(Path.of("/data/mooncake/pgsql_tmp_warehouse"));
        assertThat(settings.flushRows()).isEqualTo(1_000_000);
        assertThat(settings.flushBytes()).isEqualTo(128L << 20);
        assertThat(settings.flushIntervalMillis()).isEqualTo(60_000);
        assertThat(settings.memoryBytes()).isEqualTo(2L << 30);
        assertThat(settings.rowMemoryBytes()).isEqualTo(1L << 30);
        assertThat(settings.effectiveThreads()).isPositive();
    }

    @Test
    void everyValueIsTaken() {
        Map<String, String> environment = new HashMap<>();
        environment.put("MOONCAKE_DATA_DIRECTORY", "/data");
        environment.put("MOONCAKE_SOCKET_DIRECTORY", "/run/postgresql");
        environment.put("MOONCAKE_PORT", "6000");
        environment.put("MOONCAKE_CONNINFO", "host=h user=u password=secret");
        environment.put("MOONCAKE_SUPERUSER", "boss");
        environment.put("MOONCAKE_WAREHOUSE", "/lake");
        environment.put("MOONCAKE_ENGINE_MEMORY_MB", "512");
        environment.put("MOONCAKE_FLUSH_ROWS", "10");
        environment.put("MOONCAKE_FLUSH_SIZE_KB", "64");
        environment.put("MOONCAKE_FLUSH_INTERVAL_MS", "200");
        environment.put("MOONCAKE_DUCKDB_MEMORY_LIMIT_MB", "256");
        environment.put("MOONCAKE_DUCKDB_THREADS", "3");
        environment.put("MOONCAKE_DUCKDB_TEMPORARY_DIRECTORY", "/spill");
        EngineSettings settings = EngineSettings.fromEnvironment(environment);
        assertThat(settings.socketDirectory()).isEqualTo("/run/postgresql");
        assertThat(settings.port()).isEqualTo(6000);
        assertThat(settings.conninfo()).isEqualTo("host=h user=u password=secret");
        assertThat(settings.superuser()).isEqualTo("boss");
        assertThat(settings.warehouse()).isEqualTo(Path.of("/lake"));
        assertThat(settings.memoryBytes()).isEqualTo(512L << 20);
        assertThat(settings.flushRows()).isEqualTo(10);
        assertThat(settings.flushBytes()).isEqualTo(64L << 10);
        assertThat(settings.flushIntervalMillis()).isEqualTo(200);
        assertThat(settings.duckdbMemoryBytes()).isEqualTo(256L << 20);
        assertThat(settings.effectiveThreads()).isEqualTo(3);
        assertThat(settings.duckdbTemporaryDirectory()).isEqualTo(Path.of("/spill"));
        assertThat(settings.toString()).doesNotContain("secret");
    }

    @Test
    void allProblemsAreReportedTogether() {
        assertThatThrownBy(() ->
                        EngineSettings.fromEnvironment(Map.of("MOONCAKE_PORT", "0", "MOONCAKE_FLUSH_ROWS", "many")))
                .hasMessageContaining("MOONCAKE_DATA_DIRECTORY is not set")
                .hasMessageContaining("MOONCAKE_PORT = 0")
                .hasMessageContaining("MOONCAKE_FLUSH_ROWS is no number");
    }
}
