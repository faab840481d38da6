package mooncake.query.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mooncake.duckdb.DuckChunk;
import mooncake.duckdb.DuckConnection;
import mooncake.duckdb.DuckDb;
import mooncake.duckdb.DuckResult;
import mooncake.duckdb.DuckSettings;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.query.translate.FunctionTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ExactFunctionsTest {
    @TempDir
    Path directory;

    DuckDb db;
    DuckConnection connection;

    @BeforeEach
    void open() {
        Path library = Path.of(System.getProperty("mooncake.duckdb.library", ""));
        db = DuckDb.open(new DuckSettings(library, "512MB", 2, directory.resolve("spill"), "1GB"));
        ExactFunctions.register(db);
        connection = db.connect();
    }

    @AfterEach
    void close() {
        connection.close();
        db.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            mc_num_add('1.50', '.5')                                            | 2.00
            mc_num_sub('1.50', '-Infinity')                                     | Infinity
            mc_num_mul('1.50', '2.000')                                         | 3.00000
            mc_num_div('50.55', '3')                                            | 16.8500000000000000
            mc_num_div('123456789012345678901234567890', '7')                   | 17636684144620811271604938270
            mc_num_avg('10', '3')                                               | 3.3333333333333333
            mc_num_avg('10', '0')                                               | NULL
            mc_num_avg(NULL, '0')                                               | NULL
            mc_num_mod('-7.5', '2')                                             | -1.5
            mc_num_neg('0.00')                                                  | 0.00
            mc_num_abs('-1.0')                                                  | 1.0
            mc_num_ceil('-1.5')                                                 | -1
            mc_num_floor('-1.5')                                                | -2
            mc_num_sqrt('2')                                                    | 1.414213562373095
            mc_num_round('-2.5', 0)                                             | -3
            mc_num_round('155', -1)                                             | 160
            mc_num_trunc('-2.59', 1)                                            | -2.5
            mc_num_shown('.500', 1)                                             | 0.5
            mc_num_typmod('12345', 327682)                                      | 12300
            hex(mc_num_key('1.0')) = hex(mc_num_key('1.00'))                    | true
            mc_num_sum('1.5 2 NaN')                                             | NaN
            mc_num_sum('1.5 2.25 -3')                                           | 0.75
            mc_num_variance('7', '21', 3, TRUE, FALSE)                          | 2.3333333333333333
            mc_num_variance('7', '21', 3, FALSE, TRUE)                          | 1.2472191289246471
            mc_num_variance('7', '49', 1, TRUE, FALSE)                          | NULL
            mc_num_int8('9.5') + mc_num_int4('-9.5') + mc_num_int2('0.49')      | 0
            mc_num_f8('0.1') + mc_num_f4('0.5')                                 | 0.6
            mc_f8_num(0.1)                                                      | 0.1
            mc_f4_num(1234567.0)                                                | 1234570
            mc_f8_add(1, 2) + mc_f8_sub(1, 2) + mc_f8_mul(3, 2) + mc_f8_div(1, 2) | 8.5
            mc_f4_add(1, 2) + mc_f4_sub(1, 2) + mc_f4_mul(3, 2) + mc_f4_div(1, 2) | 8.5
            mc_f8_sum('Infinity', TRUE)                                         | inf
            mc_f8_f4(0.25) + mc_f8_round(2.5) + mc_f8_sqrt(4)                   | 4.25
            mc_like('a_b', 'a\\_b') AND NOT mc_like('acb', 'a\\_b')               | true
            concat(mc_substring('héllo', -1, 4), mc_substring('héllo', 4))       | hélo
            concat(mc_left('héllo', -3), mc_right('héllo', 2))                   | hélo
            mc_repeat('é', 3)                                                   | ééé
            concat(mc_lower('c', 'AÉ'), mc_upper('c', 'aé'))                     | aÉAé
            concat(mc_char('ab', 3, FALSE), mc_varchar('abc', 2, TRUE))          | "ab ab"
            mc_date_add(DATE '2024-02-28', 2)                                   | 2024-03-01
            mc_date_subtract(DATE '2024-03-01', 1)                              | 2024-02-29
            mc_date_difference(DATE '2024-03-01', DATE '2024-01-01')            | 60
            mc_date_timestamp('infinity'::DATE)                                 | infinity
            mc_date_timestamptz(DATE '2024-07-01', 'Europe/Berlin')             | 2024-06-30 22:00:00+00
            mc_timestamp_date(TIMESTAMP '1969-12-31 23:59:59')                  | 1969-12-31
            mc_timestamp_time(TIMESTAMP '1969-12-31 23:59:59')                  | 23:59:59
            mc_timestamp_time('infinity'::TIMESTAMP)                            | NULL
            mc_timestamptz_date(TIMESTAMPTZ '2024-01-01 23:30:00+00', 'Europe/Berlin') | 2024-01-02
            mc_timestamptz_timestamp(TIMESTAMPTZ '2024-07-01 00:00:00+00', 'Asia/Kolkata') | 2024-07-01 05:30:00
            mc_timestamp_timestamptz(TIMESTAMP '2024-03-31 02:30:00', 'Europe/Berlin') | 2024-03-31 01:30:00+00
            mc_timestamp_add(TIMESTAMP '2024-01-31', INTERVAL '1 month')        | 2024-02-29 00:00:00
            mc_timestamp_subtract(TIMESTAMP '2024-03-31', INTERVAL '1 month')   | 2024-02-29 00:00:00
            mc_timestamptz_add(TIMESTAMPTZ '2024-03-30 12:00:00+00', INTERVAL '1 day', 'Europe/Berlin') | 2024-03-31 11:00:00+00
            mc_timestamptz_subtract(TIMESTAMPTZ '2024-03-31 12:00:00+00', INTERVAL '1 day', 'UTC') | 2024-03-30 12:00:00+00
            mc_interval_text(mc_timestamp_difference(TIMESTAMP '2024-01-03', TIMESTAMP '2024-01-01 01:00')) | 1 day 23:00:00
            mc_interval_text(mc_timestamptz_difference(TIMESTAMPTZ '1970-01-01', TIMESTAMPTZ '1970-01-03')) | -2 days
            mc_interval_text(mc_interval_add(INTERVAL '1 month', INTERVAL '2 seconds')) | 1 mon 00:00:02
            mc_interval_text(mc_interval_subtract(INTERVAL '1 day', INTERVAL '13 months')) | -1 years -1 mons +1 day
            mc_interval_text(mc_interval_negate(INTERVAL '90 minutes'))         | -01:30:00
            mc_interval_key(INTERVAL '-1 month')                                | -2592000000000
            mc_part_date('epoch', DATE '1970-01-02')                            | 86400
            mc_part_time('second', TIME '01:02:03.5')                           | 3.500000
            mc_part_timestamp('week', TIMESTAMP '2021-01-01')                   | 53
            mc_part_timestamp('hour', 'infinity'::TIMESTAMP)                    | NULL
            mc_part_timestamp('year', '-infinity'::TIMESTAMP)                   | -Infinity
            mc_part_timestamptz('hour', TIMESTAMPTZ '2024-01-01 00:00:00+00', 'Asia/Kolkata') | 5
            mc_part_interval('milliseconds', INTERVAL '-1.5 seconds')           | -1500.000
            mc_part_f8(mc_part_time('second', TIME '01:02:03.5'), 'second')     | 3.5
            mc_trunc_timestamp('century', TIMESTAMP '2000-05-05')               | 1901-01-01 00:00:00
            mc_trunc_timestamptz('day', TIMESTAMPTZ '2024-07-01 22:30:00+00', 'Europe/Berlin') | 2024-07-01 22:00:00+00
            """)
    void functionsAnswerInSql(String sql, String expected) {
        assertThat(text("SELECT coalesce(CAST((" + sql + ") AS VARCHAR), 'NULL')"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mc_num_div('1', '0.00')                          | DIVISION_BY_ZERO       | division by zero
            mc_num_mod('1', '0')                             | DIVISION_BY_ZERO       | division by zero
            mc_num_typmod('1000', 196612)                    | NUMERIC_OUT_OF_RANGE   | numeric field overflow
            mc_num_int8('1e30')                              | NUMERIC_OUT_OF_RANGE   | bigint out of range
            mc_num_int8('NaN')                               | UNSUPPORTED_TYPE       | cannot convert NaN to bigint
            mc_num_sqrt('-1')                                | ROOT_OF_NEGATIVE       | cannot take square root of a negative number
            mc_f8_mul(1e300, 1e300)                          | NUMERIC_OUT_OF_RANGE   | value out of range: overflow
            mc_f8_mul(1e-300, 1e-300)                        | NUMERIC_OUT_OF_RANGE   | value out of range: underflow
            mc_substring('a', 1, -1)                         | NEGATIVE_LENGTH        | negative substring length not allowed
            mc_char('abc', 2, FALSE)                         | VALUE_TOO_LONG         | value too long for type character(2)
            mc_like('a', '%\\')                              | BROKEN_PATTERN         | LIKE pattern must not end with escape character
            mc_date_difference('infinity', DATE '2024-01-01') | DATETIME_OUT_OF_RANGE | cannot subtract infinite dates
            mc_timestamp_difference('infinity', TIMESTAMP '2024-01-01') | DATETIME_OUT_OF_RANGE | cannot subtract infinite timestamps
            mc_part_interval('quarter', INTERVAL '-1 month') | NOT_PUSHED | the quarter of a negative interval is left to Postgres, whose majors differ in it
            mc_timestamp_add(TIMESTAMP '2024-01-01', INTERVAL '300000 years') | DATETIME_OUT_OF_RANGE | timestamp out of range
            """)
    void errorsArePostgres(String sql, ErrorCode code, String message) {
        assertThatThrownBy(() -> connection.execute("SELECT " + sql))
                .isInstanceOfSatisfying(MooncakeException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.text()).isEqualTo(message);
                });
    }

    /// Vectors of many rows with nulls between, and keys that sort.
    @Test
    void columnsAreComputedRowByRow() {
        assertThat(text("""
                SELECT CAST(count(q) AS VARCHAR) || ' ' || mc_num_sum(string_agg(q, ' '))
                FROM (SELECT mc_num_div(CASE WHEN range % 7 <> 0 THEN CAST(range AS VARCHAR) END, '8') AS q
                      FROM range(7000))""")).isEqualTo("6000 2625000.00000000000000000000");
        assertThat(text("""
                SELECT string_agg(v, ' ' ORDER BY mc_num_key(v))
                FROM (VALUES ('NaN'), ('1.5'), ('-2'), ('-10.25'), ('-10'), ('0'), ('Infinity'), ('0.001'), ('12'),
                      ('-Infinity'), ('-0.5'), ('1.45')) t(v)""")).isEqualTo("-Infinity -10.25 -10 -2 -0.5 0 0.001 1.45 1.5 12 Infinity NaN");
    }

    @Test
    void zonesMayDifferFromRowToRow() {
        assertThat(text("""
                SELECT string_agg(CAST(mc_timestamptz_timestamp(TIMESTAMPTZ '2024-01-01 00:00:00+00', z) AS VARCHAR), ' '
                                  ORDER BY z)
                FROM (VALUES ('America/New_York'), ('Asia/Tokyo'), ('Asia/Kolkata'), ('UTC')) t(z)"""))
                .isEqualTo("2023-12-31 19:00:00 2024-01-01 05:30:00 2024-01-01 09:00:00 2024-01-01 00:00:00");
    }

    @Test
    void allFunctionsOfTheAllowListExist() {
        Set<String> named = FunctionTable.all().stream()
                .flatMap(function ->
                        Pattern.compile("\\bmc_\\w+").matcher(function.form()).results())
                .map(MatchResult::group)
                .collect(Collectors.toSet());
        assertThat(named).isNotEmpty();
        assertThat(ExactFunctions.names()).containsAll(named);
    }

    private String text(String sql) {
        try (DuckResult result = connection.query(sql)) {
            DuckChunk chunk = Objects.requireNonNull(result.next());
            return chunk.vector(0).getString(0);
        }
    }
}
