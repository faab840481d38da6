package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import mooncake.mirror.filter.RowFilter;
import mooncake.model.Change.RelationColumn;
import mooncake.model.Tuple;
import mooncake.testing.PostgresServer;
import org.junit.jupiter.api.Test;

/// Row filters against Postgres: random conditions over rows of edge values must pass the very same rows.
class RowFilterDifferentialTest {
    private static final int FILTERS = 1_500;

    /// A column, its type, its values, and literals to compare it with.
    private record Field(String name, String type, int oid, List<String> values, List<String> literals) {}

    private static final List<Field> FIELDS = List.of(
            new Field("b", "bool", 16, List.of("true", "false"), List.of("true", "FALSE", "'t'", "'off'::bool")),
            new Field(
                    "i2",
                    "int2",
                    21,
                    List.of("-32768", "-1", "0", "7", "32767"),
                    List.of("0", "-1", "7.0", "'7'", "7::int2", "32768", "-32768.5", "'7'::bigint", "1e1")),
            new Field(
                    "\"I4\"",
                    "int4",
                    23,
                    List.of("-2147483648", "0", "5", "2147483647"),
                    List.of("5", "+5", "-2147483648", "3000000000", "4.999", "'5'::numeric", "'NaN'::numeric")),
            new Field(
                    "i8",
                    "int8",
                    20,
                    List.of("-9223372036854775808", "9007199254740993", "1", "9223372036854775807"),
                    List.of("9007199254740993", "9007199254740992.9", "1", "99999999999999999999", "bigint '1'")),
            new Field(
                    "n",
                    "numeric",
                    1700,
                    List.of("'NaN'", "'Infinity'", "'-Infinity'", "0", "1.10", "-12345678901234567890.0001", "1e-30"),
                    List.of(
                            "1.1",
                            "0",
                            "'1.10'",
                            "'NaN'",
                            "'infinity'::numeric",
                            "-12345678901234567890.0001",
                            "1e-30",
                            "5::int4")),
            new Field(
                    "f4",
                    "float4",
                    700,
                    List.of("'NaN'", "'-0'", "0.1", "0.5", "'Infinity'", "1e-40"),
                    List.of("0.5", "0", "'0.1'", "0.1::float8", "0.1::real", "'NaN'", "'infinity'", "1")),
            new Field(
                    "f8",
                    "float8",
                    701,
                    List.of("'NaN'", "'-0'", "0.1", "'-Infinity'", "9007199254740993", "0.1::float4"),
                    List.of("0.1", "0.1::real", "'0.1'", "9007199254740993", "0", "double precision 'NaN'", "1e-3")),
            new Field(
                    "t",
                    "text",
                    25,
                    List.of("''", "'a'", "'A'", "'a '", "'it''s'", "'grün'"),
                    List.of("'a'", "'a'::text", "''", "'it''s'", "'grün'", "'a '::varchar")),
            new Field("v", "varchar(5)", 1043, List.of("''", "'abc'"), List.of("'abc'", "'abcdefgh'", "varchar 'abc'")),
            new Field(
                    "d",
                    "date",
                    1082,
                    List.of("'infinity'", "'-infinity'", "'2000-01-01'", "'0044-03-15 BC'", "'2024-02-29'"),
                    List.of("'2024-02-29'", "date '1999-12-31'", "'infinity'", "'-infinity'::date", "'2000-1-1'")),
            new Field(
                    "ts",
                    "timestamp",
                    1114,
                    List.of("'infinity'", "'1999-12-31 23:59:59.999999'", "'2024-02-29 12:00'", "'4713-01-01 BC'"),
                    List.of(
                            "'2024-02-29 12:00:00'",
                            "'2000-01-01'",
                            "timestamp '2024-02-29T12:00'",
                            "'infinity'",
                            "'1999-12-31 23:59:59.999999'::timestamp without time zone")),
            new Field(
                    "tz",
                    "timestamptz",
                    1184,
                    List.of("'-infinity'", "'1999-12-31 23:59:59.999999+00'", "'2024-02-29 12:00+02'"),
                    List.of(
                            "'2024-02-29 10:00:00Z'",
                            "'2024-02-29 15:30+0530'",
                            "'2024-02-29T05:00-05'::timestamptz",
                            "timestamp with time zone '2000-01-01 00:00:00+00:00'",
                            "'-infinity'")),
            new Field(
                    "u",
                    "uuid",
                    2950,
                    List.of("'ffffffff-0000-0000-0000-000000000000'", "'00000000-0000-0000-0000-000000000001'"),
                    List.of("'FFFFFFFF-0000-0000-0000-000000000000'", "'7fffffff-0000-0000-0000-000000000000'::uuid")));

    @Test
    void filtersPassTheRowsThatPostgresPasses() throws SQLException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (PostgresServer server = PostgresServer.preferred().plain().start();
                Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            createRows(server, random);
            List<Tuple> rows = readRows(server);
            List<RelationColumn> columns = FIELDS.stream()
                    .map(field -> new RelationColumn(field.name().replace("\"", ""), field.oid(), -1, false))
                    .toList();
            int some = 0;
            for (int i = 0; i < FILTERS; i++) {
                String sql = condition(random, 3);
                RowFilter filter = RowFilter.parse(sql, columns);
                List<String> expected = passing(statement, sql);
                List<String> passed = IntStream.range(0, rows.size())
                        .filter(at -> filter.passes(rows.get(at), null))
                        .mapToObj(String::valueOf)
                        .toList();
                assertThat(passed).as("%s, seed %d", sql, seed).isEqualTo(expected);
                some += expected.isEmpty() || expected.size() == rows.size() ? 0 : 1;
            }
            assertThat(some).as("filters that some rows pass").isGreaterThan(FILTERS / 2);
        }
    }

    private static List<String> passing(Statement statement, String condition) throws SQLException {
        List<String> passing = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SELECT id FROM rows WHERE " + condition + " ORDER BY id")) {
            while (rows.next()) {
                passing.add(rows.getString(1));
            }
        }
        return passing;
    }

    private static void createRows(PostgresServer server, Random random) {
        StringBuilder create = new StringBuilder("CREATE TABLE rows (id int");
        FIELDS.forEach(
                field -> create.append(", ").append(field.name()).append(' ').append(field.type()));
        server.execute(create + ")");
        StringBuilder insert = new StringBuilder("INSERT INTO rows VALUES ");
        for (int id = 0; id < 120; id++) {
            insert.append(id == 0 ? "(" : ", (").append(id);
            for (Field field : FIELDS) {
                insert.append(", ").append(random.nextInt(6) == 0 ? "NULL" : one(random, field.values()));
            }
            insert.append(')');
        }
        server.execute(insert.toString());
    }

    /// The rows as the log has them: in each type's binary send format.
    private static List<Tuple> readRows(PostgresServer server) {
        StringBuilder select = new StringBuilder("SELECT id");
        for (Field field : FIELDS) {
            String send = field.type().replace("(5)", "").replace("numeric", "numeric_") + "send";
            send = send.startsWith("date") || send.startsWith("timestamp") || send.startsWith("uuid")
                    ? send.replace("send", "_send")
                    : send;
            select.append(", coalesce(encode(")
                    .append(send)
                    .append('(')
                    .append(field.name())
                    .append("), 'hex'), '-')");
        }
        List<Tuple> rows = new ArrayList<>();
        for (List<String> row : server.rows(select + " FROM rows ORDER BY id")) {
            StringBuilder hex = new StringBuilder();
            int[] offsets = new int[FIELDS.size()];
            int[] lengths = new int[FIELDS.size()];
            for (int i = 0; i < offsets.length; i++) {
                String value = row.get(i + 1);
                offsets[i] = hex.length() / 2;
                boolean isNull = value.equals("-");
                lengths[i] = isNull ? Tuple.NULL : value.length() / 2;
                hex.append(isNull ? "" : value);
            }
            rows.add(new Tuple(HexFormat.of().parseHex(hex), offsets, lengths, offsets.length));
        }
        return rows;
    }

    private static String condition(Random random, int depth) {
        int dice = random.nextInt(depth > 0 ? 14 : 9);
        if (dice >= 9) {
            String left = condition(random, depth - 1);
            String right = condition(random, depth - 1);
            return switch (dice) {
                case 9, 10 -> left + " AND " + right;
                case 11 -> left + " or " + right;
                case 12 -> "(" + left + " OR " + right + ")";
                default -> "NOT " + (random.nextBoolean() ? left : "(" + left + ") IS UNKNOWN");
            };
        }
        Field field = one(random, FIELDS);
        String column = field.name();
        boolean text = field.oid() == 25 || field.oid() == 1043;
        String literal = random.nextInt(12) == 0 ? "NULL" : one(random, field.literals());
        return switch (dice) {
            case 0 -> column + (random.nextBoolean() ? " IS NULL" : " IS NOT NULL");
            case 1 ->
                column + (random.nextBoolean() ? " IN (" : " NOT IN (") + literal + ", " + one(random, field.literals())
                        + ")";
            case 2 ->
                text
                        ? column + " <> " + literal
                        : column + (random.nextBoolean() ? " BETWEEN " : " NOT BETWEEN ")
                                + one(random, field.literals()) + " AND " + literal;
            case 3 -> literal + " = " + column;
            case 4 -> "b" + (random.nextBoolean() ? " IS TRUE" : " IS NOT FALSE");
            default ->
                column
                        + one(
                                random,
                                text ? List.of("=", " <> ", " != ") : List.of("=", "<>", " < ", "<=", ">", " >= "))
                        + literal;
        };
    }

    private static <T> T one(Random random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
