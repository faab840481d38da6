package mooncake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import mooncake.model.MooncakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @TempDir
    Path directory;

    private Endpoint parse(String conninfo) {
        return Endpoint.parse(
                conninfo, Map.of("PGPASSFILE", directory.resolve("none").toString()));
    }

    @Test
    void readsKeysAndValues() {
        Endpoint endpoint = parse(" host = db.example port=6000 user='o''x'".replace("''", "\\'")
                + " password='a b\\\\c' dbname=d\\ e application_name=app connect_timeout=3 ");

        assertThat(endpoint.host()).isEqualTo("db.example");
        assertThat(endpoint.port()).isEqualTo(6000);
        assertThat(endpoint.user()).isEqualTo("o'x");
        assertThat(endpoint.password()).isEqualTo(new Secret("a b\\c"));
        assertThat(endpoint.database()).isEqualTo("d e");
        assertThat(endpoint.applicationName()).isEqualTo("app");
        assertThat(endpoint.connectTimeout()).hasSeconds(3);
        assertThat(endpoint.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example:6000/d%20e");
    }

    @Test
    void fillsInDefaults() {
        Endpoint endpoint = parse("");

        assertThat(endpoint.isUnixSocket()).isTrue();
        assertThat(endpoint.port()).isEqualTo(5432);
        assertThat(endpoint.user()).isEqualTo(System.getProperty("user.name"));
        assertThat(endpoint.database()).isEqualTo(endpoint.user());
        assertThat(endpoint.password()).isNull();
        assertThat(endpoint.applicationName()).isEqualTo("ivy_mooncake");
    }

    @Test
    void emptyValuesCountAsAbsent() {
        assertThat(parse("host='' port='' dbname=d").database()).isEqualTo("d");
    }

    @Test
    void readsUris() {
        Endpoint endpoint =
                parse("postgresql://us%40er:p%3Aa+s@[::1]:5433/d%2Fb?application_name=x%20y&sslmode=prefer");

        assertThat(endpoint.user()).isEqualTo("us@er");
        assertThat(endpoint.password()).isEqualTo(new Secret("p:a+s"));
        assertThat(endpoint.host()).isEqualTo("::1");
        assertThat(endpoint.port()).isEqualTo(5433);
        assertThat(endpoint.database()).isEqualTo("d/b");
        assertThat(endpoint.applicationName()).isEqualTo("x y");
        assertThat(endpoint.jdbcUrl()).isEqualTo("jdbc:postgresql://[::1]:5433/d%2Fb");
    }

    @Test
    void readsUrisOfSockets() {
        assertThat(parse("postgres://%2Frun%2Fpg/db").host()).isEqualTo("/run/pg");
        assertThat(parse("postgresql:///db?host=/run/pg&port=1").socketPath()).isEqualTo(Path.of("/run/pg/.s.PGSQL.1"));
        assertThat(parse("postgresql:///db?host=/run/pg&port=1").jdbcUrl())
                .isEqualTo("jdbc:postgresql://localhost:1/db?socketFactory=mooncake.source.UnixSocketFactory"
                        + "&socketFactoryArg=%2Frun%2Fpg%2F.s.PGSQL.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password=hunter2 host",
                "password=hunter2 port=x",
                "password=hunter2 port=70000",
                "password=hunter2 sslmode=verify-none",
                "password=hunter2 service=x",
                "password='hunter2",
                "hunter2",
                "password=x hunter2 user=y",
                "postgresql://u:hunter2%@h/d",
                "postgresql://u:hunter2@[::1/d",
                "postgresql://u:hunter2@h/d?x",
                "password=hunter2 host=a,b",
            })
    void errorsNeverShowThePassword(String conninfo) {
        assertThatThrownBy(() -> parse(conninfo))
                .isInstanceOf(MooncakeException.class)
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
    }

    @Test
    void textsNeverShowThePassword() {
        Endpoint endpoint = parse("host=h user=u dbname=d password=hunter2");

        assertThat(endpoint.toString()).isEqualTo("host=h port=5432 dbname=d user=u");
        assertThat(String.valueOf(endpoint.password())).doesNotContain("hunter2");
        assertThat(endpoint.jdbcUrl()).doesNotContain("hunter2");
        assertThat(endpoint.jdbcProperties())
                .containsEntry("password", "hunter2")
                .containsEntry("user", "u");
    }

    @Test
    void takesThePasswordFromThePassFile() throws IOException {
        Path file = directory.resolve("pass");
        Files.writeString(file, "# comment\nother:*:*:*:no\nh:5432:d\\:b:u:se\\:cret:x\n*:*:*:v:any\n\nbroken\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThat(parse("host=h user=u dbname=d:b passfile=" + file).password())
                .isEqualTo(new Secret("se:cret:x"));
        assertThat(parse("host=h user=u dbname=d passfile=" + file).password()).isNull();
        assertThat(parse("host=h user=v dbname=d passfile=" + file).password()).isEqualTo(new Secret("any"));
        assertThat(Endpoint.parse("host=h user=v", Map.of("PGPASSFILE", file.toString()))
                        .password())
                .isEqualTo(new Secret("any"));
        assertThat(parse("host=h user=v password=own passfile=" + file).password())
                .isEqualTo(new Secret("own"));
    }

    @Test
    void ignoresAPassFileThatOthersMayRead() throws IOException {
        Path file = directory.resolve("pass");
        Files.writeString(file, "*:*:*:*:secret\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(parse("host=h passfile=" + file).password()).isNull();
    }

    @Test
    void quotesNamesAndTexts() {
        assertThat(Quoting.qualified("a\"b", "C")).isEqualTo("\"a\"\"b\".\"C\"");
        assertThat(Quoting.literal("it's")).isEqualTo("'it''s'");
        assertThat(Quoting.literal("a\\'b")).isEqualTo(" E'a\\\\''b'");
    }
}
