package mooncake.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import mooncake.model.Column;
import mooncake.model.ColumnRange;
import mooncake.model.ColumnRange.Bound;
import mooncake.model.ColumnType;
import mooncake.model.ColumnType.Moment;
import mooncake.model.ColumnType.Scalar;
import mooncake.model.DataFile;
import mooncake.model.Deletes;
import mooncake.model.Holdings;
import mooncake.model.ReadView;
import mooncake.model.TableSchema;
import org.junit.jupiter.api.Test;

/// Scans that leave out files by the ranges of their columns.
class FileRangesTest extends DatabaseFixture {
    private static final TableSchema SCHEMA = new TableSchema(
            List.of(
                    new Column(1, "key", Scalar.INT4, true),
                    new Column(2, "day", Scalar.DATE, false),
                    new Column(3, "wall", new Moment(Moment.Kind.TIMESTAMP, -1), false),
                    new Column(4, "instant", new Moment(Moment.Kind.TIMESTAMPTZ, -1), false),
                    new Column(5, "amount", new ColumnType.Numeric(20, 4), false),
                    new Column(6, "name", new ColumnType.Varchar(-1), false),
                    new Column(7, "tag", Scalar.UUID, false)),
            List.of(0));

    /// By column.
    private static final List<ColumnRange.Kind> KINDS = List.of(ColumnRange.Kind.values());

    private final List<ReadView.FileView> files = new ArrayList<>();

    /// A file of a hundred keys from `first`, with moments around a day.
    private void file(int first, String day) {
        Path path = directory.resolve("file" + files.size() + ".parquet");
        connection.execute("COPY (SELECT i::INTEGER AS key, (" + day + ")::DATE AS day, (" + day
                + ")::TIMESTAMP AS wall, (" + day + ")::TIMESTAMPTZ AS instant,"
                + " (i * 1.25)::DECIMAL(20, 4) AS amount, nullif('näme of a thing ' || i, '') AS name,"
                + " (lpad(to_hex(i + 5000), 8, '0') || '-0000-0000-0000-000000000000')::UUID AS tag FROM range("
                + first + ", " + (first + 100) + ") t(i)) TO " + ViewSql.quote(path.toString())
                + " (FORMAT parquet, FIELD_IDS {key: 1, day: 2, wall: 3, instant: 4, amount: 5, name: 6, tag: 7})");
        Deletes.Editor deletes = Deletes.NONE.edit();
        deletes.delete(50);
        files.add(new ReadView.FileView(new DataFile(path.toString(), 100, 0), deletes.snapshot()));
    }

    private void files() {
        file(0, "TIMESTAMP '1970-01-01 00:00:00'");
        file(100, "CASE WHEN i % 2 = 0 THEN TIMESTAMP '2024-02-29 23:59:59.999999' END");
        file(200, "NULL");
        file(300, "TIMESTAMP 'infinity'");
        file(400, "make_timestamp(-70000000000000000 + i)");
        file(500, "TIMESTAMP '12345-01-01 12:00:00'");
        file(600, "TIMESTAMP '1969-12-31 23:59:59.5'");
        file(-1000, "TIMESTAMP '2024-06-01' + to_microseconds(i)");
    }

    private String select(ReadView view, long handle, ColumnRange... ranges) {
        return db.select(connection, view, handle, List.of(0, 1, 2, 3, 4, 5, 6), List.of(ranges))
                .sql();
    }

    private static long scans(String sql) {
        return IntStream.range(0, 8)
                .filter(file -> sql.contains("file" + file + ".parquet"))
                .count();
    }

    private static ColumnRange keys(long low, long high) {
        return new ColumnRange(1, ColumnRange.Kind.INTEGER, low, high);
    }

    @Test
    void aKeyIsLookedForInItsFileOnly() {
        files();
        ReadView view = view();
        long handle = db.views().register(view);
        String sql = select(view, handle, keys(150, 150));
        assertThat(scans(sql)).isEqualTo(1);
        // The row 50 of every file was deleted.
        assertThat(TestDatabase.number(connection, "SELECT count(*) FROM (" + sql + ") WHERE c1 = 150"))
                .isZero();
        assertThat(TestDatabase.number(
                        connection,
                        "SELECT count(*) FROM (" + select(view, handle, keys(151, 151)) + ") WHERE c1 = 151"))
                .isEqualTo(1);
        assertThat(TestDatabase.number(
                        connection, "SELECT count(*) FROM (" + select(view, handle, keys(7_000, 8_000)) + ")"))
                .isZero();
        db.views().release(handle);
    }

    /// A text's range ends with its first bytes, here those before the number.
    @Test
    void othersThanNumbersHaveRangesToo() {
        files();
        ReadView view = view();
        long handle = db.views().register(view);
        Bound amount = Bound.ofNumeric("187.5000");
        Bound tag = Bound.ofUuid("0000141e-0000-0000-0000-000000000000");
        Bound before = Bound.ofText("näme of a thin");
        Bound name = Bound.ofText("näme of a thing 150");
        assertThat(scans(select(view, handle, new ColumnRange(5, ColumnRange.Kind.NUMERIC, amount, amount))))
                .isEqualTo(1);
        assertThat(scans(select(view, handle, new ColumnRange(7, ColumnRange.Kind.UUID, tag, tag))))
                .isEqualTo(1);
        assertThat(scans(select(view, handle, new ColumnRange(6, ColumnRange.Kind.TEXT, name, name))))
                .isEqualTo(8);
        assertThat(scans(select(view, handle, new ColumnRange(6, ColumnRange.Kind.TEXT, Bound.LEAST, before))))
                .isZero();
        db.views().release(handle);
    }

    @Test
    void noRowOfARangeIsLost() {
        files();
        ReadView view = view();
        long handle = db.views().register(view);
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        long fewer = 0;
        for (int turn = 0; turn < 60; turn++) {
            int column = 1 + random.nextInt(4);
            ColumnRange range = range(random, column);
            String pruned = select(view, handle, range);
            assertThat(counted(pruned, range)).as("%s", range).isEqualTo(counted(select(view, handle), range));
            fewer += scans(pruned) < 8 ? 1 : 0;
        }
        assertThat(fewer).isPositive();
        db.views().release(handle);
    }

    private ReadView view() {
        return new ReadView(1, SCHEMA, files, List.of(), new Holdings(List.of(), List.of()));
    }

    private static ColumnRange range(Random random, int column) {
        ColumnRange.Kind kind = KINDS.get(column - 1);
        long unit = column == 1 ? 1 : column == 2 ? 1 : 86_400_000_000L;
        long center = random.nextInt(column == 1 ? 1_000 : 40_000) * unit;
        return switch (random.nextInt(3)) {
            case 0 -> new ColumnRange(column, kind, Long.MIN_VALUE, center);
            case 1 -> new ColumnRange(column, kind, center, Long.MAX_VALUE);
            default -> new ColumnRange(column, kind, center, center + 100 * unit);
        };
    }

    /// Rows of a select within a range, as DuckDB compares them.
    private long counted(String select, ColumnRange range) {
        String value = switch (range.kind()) {
            case INTEGER -> "c1";
            case DATE -> "CASE WHEN isinf(c2) THEN 1000000000 ELSE c2 - DATE '1970-01-01' END";
            case TIMESTAMP -> "CASE WHEN isinf(c3) THEN 9223372036854775807 ELSE epoch_us(c3) END";
            case TIMESTAMP_WITH_ZONE -> "CASE WHEN isinf(c4) THEN 9223372036854775807 ELSE epoch_us(c4) END";
            case NUMERIC, TEXT, UUID -> throw new IllegalArgumentException(range.toString());
        };
        return TestDatabase.number(
                connection,
                "SELECT count(*) FROM (" + select + ") WHERE " + value + " BETWEEN '"
                        + range.low().head() + "'::BIGINT AND '" + range.high().head() + "'::BIGINT");
    }
}
