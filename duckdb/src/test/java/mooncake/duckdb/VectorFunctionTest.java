package mooncake.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VectorFunctionTest extends DatabaseFixture {
    @Test
    void stringsGoInAndOutWithNulls() {
        db.register(List.of(new Given("mirror_text", List.of("VARCHAR"), "VARCHAR", (in, rows, out) -> {
            VectorFunction.eachRow(in, rows, out, row -> out.setString(row, in[0].getString(row) + "é"));
        })));
        String sql =
                "SELECT sum(CASE WHEN s IS NULL THEN mirror_text(s) IS NULL ELSE mirror_text(s) = s || 'é' END::INT)"
                        + "::BIGINT FROM (SELECT CASE WHEN range % 5 = 0 THEN NULL ELSE repeat('ab', (range % 11)::INT) END AS s"
                        + " FROM range(10000))";
        assertThat(TestDatabase.number(connection, sql)).isEqualTo(10_000);
        assertThat(TestDatabase.text(connection, "SELECT mirror_text('12345678901')"))
                .isEqualTo("12345678901é");
        assertThat(TestDatabase.text(connection, "SELECT coalesce(mirror_text(NULL), 'null')"))
                .isEqualTo("null");
    }

    @Test
    void overloadsAreChosenByType() {
        db.register(List.of(
                new Given("kind", List.of("BIGINT"), "VARCHAR", (_, rows, out) -> fill(out, rows, "bigint")),
                new Given("kind", List.of("VARCHAR"), "VARCHAR", (_, rows, out) -> fill(out, rows, "text")),
                new Given("kind", List.of("BIGINT", "DOUBLE"), "VARCHAR", (_, rows, out) -> fill(out, rows, "two")),
                new Given(
                        "type_of",
                        List.of("ANY"),
                        "VARCHAR",
                        (in, rows, out) -> fill(out, rows, in[0].type().toString()))));
        assertThat(TestDatabase.text(connection, "SELECT kind(1::INTEGER) || kind('x') || kind(1, 2.0)"))
                .isEqualTo("biginttexttwo");
        assertThat(TestDatabase.text(connection, "SELECT type_of(1.50::DECIMAL(12,2))"))
                .contains("DECIMAL", "width=12", "scale=2");
    }

    @Test
    void nullsCanBeHandled() {
        db.register(List.of(new Given(
                "null_count", List.of("BIGINT", "BIGINT"), "INTEGER", VectorFunction.Nulls.HANDLED, (in, rows, out) -> {
                    for (int i = 0; i < rows; i++) {
                        out.setInt(i, (in[0].isValid(i) ? 0 : 1) + (in[1].isValid(i) ? 0 : 1));
                    }
                })));
        assertThat(TestDatabase.number(
                        connection,
                        "SELECT sum(null_count(CASE WHEN range % 2 = 0 THEN range END, NULL))::BIGINT FROM range(10)"))
                .isEqualTo(15);
    }

    @Test
    void errorsKeepTheirCode() {
        db.register(List.of(
                new Given("refuse", List.of("BIGINT"), "BIGINT", (in, _, _) -> {
                    throw new MooncakeException(ErrorCode.LIMIT_EXCEEDED, "no more than\nthis: " + in[0].getLong(0));
                }),
                new Given("stumble", List.of("BIGINT"), "BIGINT", (_, _, _) -> {
                    throw new IllegalStateException("stumbled");
                })));
        for (String sql : List.of("SELECT refuse(7)", "SELECT refuse(range + 7) FROM range(3)")) {
            assertThatThrownBy(() -> connection.execute(sql)).isInstanceOfSatisfying(MooncakeException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
                assertThat(e.text()).isEqualTo("no more than\nthis: 7");
            });
        }
        assertThatThrownBy(() -> connection.execute("SELECT stumble(range) FROM range(3)"))
                .hasMessageContaining("stumbled");
        assertThat(TestDatabase.text(connection, "SELECT 'usable'")).isEqualTo("usable");
    }

    @Test
    void volatileFunctionsRunForEveryRow() {
        AtomicLong calls = new AtomicLong();
        db.register(List.of(new VectorFunction() {
            @Override
            public String name() {
                return "next_number";
            }

            @Override
            public List<String> argumentTypes() {
                return List.of();
            }

            @Override
            public String resultType() {
                return "BIGINT";
            }

            @Override
            public boolean isVolatile() {
                return true;
            }

            @Override
            public void apply(DuckVector[] arguments, int rows, WritableVector out) {
                for (int i = 0; i < rows; i++) {
                    out.setLong(i, calls.incrementAndGet());
                }
            }
        }));
        assertThat(TestDatabase.number(connection, "SELECT count(DISTINCT next_number()) FROM range(5000)"))
                .isEqualTo(5_000);
    }

    @Test
    void vectorsOfEveryKindAreRead() {
        String sql = "SELECT true, 1::TINYINT, -2::SMALLINT, 3::INTEGER, -4::BIGINT, 1.5::FLOAT, -2.25::DOUBLE,"
                + " 1.5::DECIMAL(4,1), 12345.67::DECIMAL(9,2), 5::DECIMAL(18,0), -1::DECIMAL(38,0),"
                + " -7::HUGEINT, DATE '1970-01-03', TIME '00:00:01', TIMESTAMP '1970-01-01 00:00:02',"
                + " TIMESTAMPTZ '1970-01-01 00:00:03+00', INTERVAL '2 months 3 days 4 seconds',"
                + " '80000000-0000-0000-0000-000000000001'::UUID, 'short', 'longer than twelve bytes',"
                + " 'ab'::BLOB, [1, 2, 3]::INTEGER[], NULL::INTEGER";
        try (DuckResult result = connection.query(sql)) {
            DuckChunk chunk = Objects.requireNonNull(result.next());
            assertThat(chunk.vector(0).getBoolean(0)).isTrue();
            assertThat(chunk.vector(1).getByte(0)).isEqualTo((byte) 1);
            assertThat(chunk.vector(2).getShort(0)).isEqualTo((short) -2);
            assertThat(chunk.vector(3).getInt(0)).isEqualTo(3);
            assertThat(chunk.vector(4).getLong(0)).isEqualTo(-4);
            assertThat(chunk.vector(5).getFloat(0)).isEqualTo(1.5f);
            assertThat(chunk.vector(6).getDouble(0)).isEqualTo(-2.25);
            assertThat(chunk.vector(7).getShort(0)).isEqualTo((short) 15);
            assertThat(chunk.vector(8).getInt(0)).isEqualTo(1234567);
            assertThat(chunk.vector(9).getLong(0)).isEqualTo(5);
            assertThat(chunk.vector(10).getHigh(0)).isEqualTo(-1);
            assertThat(chunk.vector(10).type()).isEqualTo(DuckType.decimal(38, 0));
            assertThat(chunk.vector(11).getLow(0)).isEqualTo(-7);
            assertThat(chunk.vector(12).getInt(0)).isEqualTo(2);
            assertThat(chunk.vector(13).getLong(0)).isEqualTo(1_000_000);
            assertThat(chunk.vector(14).getLong(0)).isEqualTo(2_000_000);
            assertThat(chunk.vector(15).getLong(0)).isEqualTo(3_000_000);
            assertThat(chunk.vector(15).type().id()).isEqualTo(DuckType.Id.TIMESTAMP_TZ);
            assertThat(chunk.vector(16).intervalMonths(0)).isEqualTo(2);
            assertThat(chunk.vector(16).intervalDays(0)).isEqualTo(3);
            assertThat(chunk.vector(16).getHigh(0)).isEqualTo(4_000_000);
            assertThat(chunk.vector(17).getHigh(0)).isZero();
            assertThat(chunk.vector(17).getLow(0)).isEqualTo(1);
            assertThat(chunk.vector(18).getString(0)).isEqualTo("short");
            assertThat(chunk.vector(19).getString(0)).isEqualTo("longer than twelve bytes");
            assertThat(chunk.vector(20).getBytes(0).byteSize()).isEqualTo(2);
            DuckVector list = chunk.vector(21);
            assertThat(list.elements().getInt(list.listOffset(0) + 2)).isEqualTo(3);
            assertThat(list.listLength(0)).isEqualTo(3);
            assertThat(chunk.vector(22).isValid(0)).isFalse();
            assertThat(chunk.vector(22).validityWord(0) & 1).isZero();
        }
    }

    private static void fill(WritableVector out, int rows, String text) {
        for (int i = 0; i < rows; i++) {
            out.setString(i, text);
        }
    }

    private interface Body {
        void apply(DuckVector[] arguments, int rows, WritableVector out);
    }

    private record Given(String name, List<String> argumentTypes, String resultType, Nulls nulls, Body body)
            implements VectorFunction {
        Given(String name, List<String> argumentTypes, String resultType, Body body) {
            this(name, argumentTypes, resultType, Nulls.PROPAGATE, body);
        }

        @Override
        public void apply(DuckVector[] arguments, int rows, WritableVector out) {
            body.apply(arguments, rows, out);
        }
    }
}
