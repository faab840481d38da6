package mooncake.query.translate;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mooncake.duckdb.DuckChunk;
import mooncake.duckdb.DuckConnection;
import mooncake.duckdb.DuckDb;
import mooncake.duckdb.DuckResult;
import mooncake.duckdb.DuckSettings;
import mooncake.model.ColumnType;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.TextForm;
import mooncake.query.collate.TextLocales;
import mooncake.query.encode.ResultEncoder;
import mooncake.query.exact.ExactFunctions;
import mooncake.query.frame.BatchBuilder;
import mooncake.query.frame.BatchReader;
import mooncake.query.frame.Kind;
import mooncake.query.frame.Target;
import mooncake.query.frame.Value;
import mooncake.query.tree.Oids;
import mooncake.query.tree.TreeParser;
import mooncake.testing.PostgresServer;
import mooncake.testing.PostgresServerBuilder;
import mooncake.testing.Sql;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/// A Postgres server and a DuckDB with the same tables, and queries run on both.
final class Differential implements AutoCloseable {
    private static final List<String> SESSION = List.of(
            "SET extra_float_digits = 3",
            "SET bytea_output = hex",
            "SET jit = off",
            "SET debug_pretty_print = off",
            "SET client_min_messages = log");

    private static final String CAPTURE = "PREPARE captured AS ";

    private final PostgresServer server;
    private final Connection postgres;
    private final Connection helper;
    private final DuckDb duck;
    private final DuckConnection connection;
    private final String timeZone;
    private final Map<String, Integer> typeOids = new HashMap<>();

    Differential(PostgresServerBuilder builder) throws SQLException {
        this.timeZone = DatumText.ZONE.getId();
        this.server = builder.plain().start();
        this.postgres = server.connect();
        this.helper = server.connect();
        TextLocales.useIcuOf(Long.parseLong(Sql.value(helper, "SELECT pg_backend_pid()")));
        for (Connection session : List.of(postgres, helper)) {
            for (String statement : SESSION) {
                Sql.execute(session, statement);
            }
            Sql.execute(session, "SET TimeZone = '" + timeZone + "'");
        }
        Path library = Path.of(Objects.requireNonNull(System.getProperty("mooncake.duckdb.library")));
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        this.duck = DuckDb.open(new DuckSettings(library, "512MB", 2, temporary, "1GB"));
        ExactFunctions.register(duck);
        this.connection = duck.connect();
    }

    PostgresServer server() {
        return server;
    }

    Connection postgres() {
        return postgres;
    }

    /// What a query gave: rows, or the SQLSTATE of its error, or why it is not translated.
    sealed interface Outcome {
        record Rows(List<List<@Nullable String>> rows) implements Outcome {}

        record Failed(String sqlState, String message) implements Outcome {}

        record Refused(String reason) implements Outcome {}
    }

    /// Copies a table of Postgres into DuckDB under the name that [#source] uses.
    void mirror(String table) throws SQLException {
        Map<String, Value> types = new HashMap<>();
        String oid = Sql.value(helper, "SELECT '" + table + "'::regclass::oid");
        List<List<String>> columns = Sql.rows(
                helper,
                "SELECT attnum, attname, atttypid, atttypmod FROM pg_attribute WHERE attrelid = " + oid
                        + " AND attnum > 0 ORDER BY attnum");
        List<String> definitions = new ArrayList<>();
        for (List<String> column : columns) {
            ColumnType type = ColumnType.of(Integer.parseInt(column.get(2)), Integer.parseInt(column.get(3)))
                    .orElseGet(() -> new ColumnType.Textual(
                            Integer.parseInt(column.get(2)), -1, TextForm.Simple.TEXT, column.get(1)));
            definitions.add("c" + column.get(0) + " " + type.duckType());
            types.put(column.get(0), new Value(type.oid(), type.typmod(), true, null));
        }
        connection.execute("CREATE TABLE r" + oid + "(" + String.join(", ", definitions) + ")");
        List<String> batch = new ArrayList<>();
        for (List<@Nullable String> row : texts(helper, "SELECT * FROM " + table)) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                Value type = Objects.requireNonNull(types.get(columns.get(i).get(0)));
                cells.add(cell(type, row.get(i)));
            }
            batch.add("(" + String.join(", ", cells) + ")");
            if (batch.size() == 500) {
                connection.execute("INSERT INTO r" + oid + " VALUES " + String.join(", ", batch));
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            connection.execute("INSERT INTO r" + oid + " VALUES " + String.join(", ", batch));
        }
    }

    private static String cell(Value type, @Nullable String text) {
        boolean kept = ColumnType.of(type.type(), type.typmod())
                .map(ColumnType.Textual.class::isInstance)
                .orElse(true);
        return text == null
                ? "NULL"
                : kept
                        ? Literals.text(text)
                        : Literals.of(new Value(type.type(), type.typmod(), true, text), false)
                                .sql();
    }

    /// The same for a table without special values, fast.
    void mirrorByFile(String table, Path folder) throws Exception {
        String oid = Sql.value(helper, "SELECT '" + table + "'::regclass::oid");
        Path file = folder.resolve(table + ".csv");
        try (var out = Files.newOutputStream(file)) {
            helper.unwrap(org.postgresql.PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY " + table + " TO STDOUT (FORMAT csv)", out);
        }
        List<String> definitions = new ArrayList<>();
        for (List<String> column : Sql.rows(
                helper,
                "SELECT attnum, atttypid, atttypmod FROM pg_attribute WHERE attrelid = " + oid
                        + " AND attnum > 0 ORDER BY attnum")) {
            definitions.add("'c" + column.get(0) + "': '"
                    + ColumnType.of(Integer.parseInt(column.get(1)), Integer.parseInt(column.get(2)))
                            .orElseThrow()
                            .duckType()
                    + "'");
        }
        connection.execute("CREATE TABLE r" + oid + " AS SELECT * FROM read_csv('" + file + "', columns = {"
                + String.join(", ", definitions) + "}, header = false)");
    }

    Outcome onPostgres(String query) {
        try {
            return new Outcome.Rows(texts(postgres, query));
        } catch (SQLException e) {
            return new Outcome.Failed(e.getSQLState(), String.valueOf(e.getMessage()));
        }
    }

    Outcome onDuck(String query) throws SQLException {
        return onDuck(query, false);
    }

    /// Translates and runs the query; one that overflows DuckDB's decimals is run again on text, as the server does.
    Outcome onDuck(String query, boolean free) throws SQLException {
        Translation translation = translate(query, free);
        switch (translation) {
            case Translation.Refused(String reason) -> {
                return new Outcome.Refused(reason);
            }
            case Translation.Pushed pushed -> {
                String sql = pushed.render(use -> "SELECT * FROM r" + use.relation());
                try {
                    return new Outcome.Rows(run(sql, targets(query)));
                } catch (MooncakeException e) {
                    if (!free && e.code() == ErrorCode.NUMERIC_OUT_OF_RANGE) {
                        return onDuck(query, true);
                    }
                    return new Outcome.Failed(e.code().sqlState(), e.text() + " in " + sql);
                }
            }
        }
    }

    /// What translates.
    interface Way {
        Translation translate(String tree, List<Value> values, List<Target> targets, Translator.Settings settings);
    }

    Translation translate(String query, boolean free) throws SQLException {
        return translate(query, free, MirrorTypes.UNKNOWN, Translator::translate);
    }

    Translation translate(String query, boolean free, MirrorTypes types, Way way) throws SQLException {
        Folding folding = new Folding(helper, CAPTURE + query);
        String tree = Folding.print(folding.fold(TreeParser.parse(tree(query))));
        return way.translate(
                tree,
                folding.values(),
                targets(query),
                new Translator.Settings(
                        timeZone, new ServerCollations(helper), free, types, MirrorTypes.UNKNOWN, this::userType));
    }

    private UserType userType(int oid) {
        try {
            List<String> type = Sql.rows(
                            helper,
                            "SELECT typtype, typelem, typbasetype, typtypmod FROM pg_type WHERE oid = "
                                    + Integer.toUnsignedString(oid))
                    .getFirst();
            if (type.get(0).equals("e")) {
                String labels = "SELECT enumlabel FROM pg_enum WHERE enumtypid = " + oid + " ORDER BY enumsortorder";
                return new UserType.Labels(
                        Sql.rows(helper, labels).stream().map(List::getFirst).toList());
            }
            int element = Integer.parseInt(type.get(1));
            int base = Integer.parseInt(type.get(2));
            return base != 0
                    ? new UserType.Domain(base, Integer.parseInt(type.get(3)), false)
                    : element != 0 ? new UserType.ArrayOf(element) : new UserType.Other();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The analysed and rewritten tree, as Postgres logs it.
    String tree(String query) throws SQLException {
        try (Statement statement = postgres.createStatement()) {
            statement.execute("SET debug_print_rewritten = on");
            try {
                statement.clearWarnings();
                statement.execute(CAPTURE + query);
                for (SQLWarning warning = statement.getWarnings();
                        warning != null;
                        warning = warning.getNextWarning()) {
                    String detail = detail(warning);
                    if (detail.contains("{QUERY :commandType 1 ")) {
                        return detail.replaceAll("\n\t?", " ");
                    }
                }
                throw new IllegalStateException("no tree was logged for " + query);
            } finally {
                statement.execute("SET debug_print_rewritten = off");
                statement.execute("DEALLOCATE ALL");
            }
        }
    }

    private static String detail(SQLWarning warning) {
        if (warning instanceof PSQLWarning postgresWarning) {
            ServerErrorMessage message = postgresWarning.getServerErrorMessage();
            String detail = message == null ? null : message.getDetail();
            return detail == null ? "" : detail;
        }
        return "";
    }

    private List<Target> targets(String query) throws SQLException {
        try (var prepared = helper.prepareStatement(query)) {
            ResultSetMetaData columns = Objects.requireNonNull(prepared.getMetaData());
            List<Target> targets = new ArrayList<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                int type = typeOid(columns.getColumnTypeName(i));
                targets.add(new Target(type, -1, Kind.ofType(type)));
            }
            return targets;
        }
    }

    private int typeOid(String name) throws SQLException {
        Integer known = typeOids.get(name);
        if (known == null) {
            known = Integer.parseInt(
                    Sql.value(helper, "SELECT '" + (name.equals("char") ? "\"char\"" : name) + "'::regtype::oid"));
            typeOids.put(name, known);
        }
        return known;
    }

    private List<List<@Nullable String>> run(String sql, List<Target> targets) {
        List<List<@Nullable String>> rows = new ArrayList<>();
        try (DuckResult result = connection.query(sql);
                BatchBuilder batch = new BatchBuilder(ResultEncoder.kinds(targets, result.types()))) {
            ResultEncoder encoder = new ResultEncoder(targets, result.types());
            for (DuckChunk chunk = result.next(); chunk != null; chunk = result.next()) {
                encoder.append(chunk, batch, full -> decode(full, targets, rows));
            }
            decode(batch, targets, rows);
        }
        return rows;
    }

    private static void decode(BatchBuilder batch, List<Target> targets, List<List<@Nullable String>> rows) {
        ByteBuffer payload = ByteBuffer.allocate(1 << 24);
        for (ByteBuffer part : batch.payload()) {
            payload.put(part);
        }
        BatchReader reader = new BatchReader(payload.flip());
        for (int row = 0; row < reader.rows(); row++) {
            List<@Nullable String> cells = new ArrayList<>();
            for (int column = 0; column < targets.size(); column++) {
                cells.add(cell(reader, column, row, targets.get(column)));
            }
            rows.add(cells);
        }
        batch.clear();
    }

    private static @Nullable String cell(BatchReader reader, int column, int row, Target target) {
        if (reader.isNull(column, row)) {
            return null;
        }
        return switch (target.kind()) {
            case VARLENA -> DatumText.variable(target.type(), Objects.requireNonNull(reader.variable(column, row)));
            case CSTRING -> Objects.requireNonNull(reader.text(column, row));
            default -> DatumText.fixed(target.type(), reader.fixed(column, row));
        };
    }

    /// Rows as texts, null for NULL.
    private static List<List<@Nullable String>> texts(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            int width = result.getMetaData().getColumnCount();
            List<List<@Nullable String>> rows = new ArrayList<>();
            while (result.next()) {
                List<@Nullable String> row = new ArrayList<>();
                for (int i = 1; i <= width; i++) {
                    row.add(result.getString(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    /// Whether the two sides' texts mean the same: floats may be written differently.
    static boolean same(@Nullable String left, @Nullable String right, int type) {
        if (left == null || right == null) {
            return Objects.equals(left, right);
        }
        return switch (type) {
            case Oids.FLOAT8 -> Double.compare(Double.parseDouble(left), Double.parseDouble(right)) == 0;
            case Oids.FLOAT4 -> Float.compare(Float.parseFloat(left), Float.parseFloat(right)) == 0;
            default -> left.equals(right);
        };
    }

    /// The first difference between two results, null when there is none; unordered results are sorted first.
    @Nullable
    String difference(
            String query, List<List<@Nullable String>> expected, List<List<@Nullable String>> actual, boolean ordered)
            throws SQLException {
        List<Integer> types = targets(query).stream().map(Target::type).toList();
        if (expected.size() != actual.size()) {
            return expected.size() + " rows expected, " + actual.size() + " found: " + head(expected) + " / "
                    + head(actual);
        }
        Comparator<List<@Nullable String>> byText = Comparator.comparing(String::valueOf);
        List<List<@Nullable String>> left =
                ordered ? expected : expected.stream().sorted(byText).toList();
        List<List<@Nullable String>> right =
                ordered ? actual : actual.stream().sorted(byText).toList();
        for (int row = 0; row < left.size(); row++) {
            for (int i = 0; i < types.size(); i++) {
                if (!same(left.get(row).get(i), right.get(row).get(i), types.get(i))) {
                    return "row " + row + ": expected " + left.get(row) + ", found " + right.get(row);
                }
            }
        }
        return null;
    }

    private static String head(List<List<@Nullable String>> rows) {
        return rows.subList(0, Math.min(5, rows.size())).toString();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        duck.close();
        postgres.close();
        helper.close();
        server.close();
    }
}
