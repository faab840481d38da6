package mooncake.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mooncake.model.Column;
import mooncake.model.ColumnBatch;
import mooncake.model.ColumnType.Scalar;
import mooncake.model.DataFile;
import mooncake.model.Deletes;
import mooncake.model.Holdings;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView;
import mooncake.model.TableSchema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `mem`, `keep` and [ViewSql] against rows held in Java.
@Timeout(120)
class ViewScanTest extends DatabaseFixture {
    private static final List<Integer> ALL =
            IntStream.range(0, TestRows.SCHEMA.width()).boxed().toList();

    final long seed = System.nanoTime();
    final Random random = new Random(seed);
    final TestRows rows = new TestRows(random);
    int files;

    @BeforeEach
    void printSeed() {
        System.out.println("seed " + seed);
    }

    @AfterEach
    @Override
    void close() {
        super.close();
        assertThat(JavaObjects.count()).as("objects that DuckDB still holds").isZero();
        assertThat(rows.budget.used()).isZero();
    }

    @Test
    void memEqualsItsRowsForAnyDeletesAndProjection() {
        for (int round = 0; round < 6; round++) {
            Sample sample = sample(0, 1 + random.nextInt(4));
            List<Integer> wanted = positions();
            String select = "SELECT " + names(wanted) + " FROM mem(" + sample.handle + ")";
            assertThat(TestRows.sorted(read(select, wanted))).isEqualTo(TestRows.sorted(sample.lines(wanted)));
            String ordered = select.replace("mem(", "mem_ordered(");
            assertThat(read(ordered, wanted)).isEqualTo(sample.lines(wanted));
            assertThat(TestDatabase.number(connection, "SELECT count(*) FROM mem(" + sample.handle + ")"))
                    .isEqualTo(sample.live.size())
                    .isEqualTo(sample.view.liveRows());
            sample.close();
        }
    }

    @Test
    void memCanBeFilteredJoinedAndKept() {
        Sample sample = sample(0, 3);
        String mem = "mem(" + sample.handle + ")";
        connection.execute("CREATE TABLE copy AS FROM " + mem);
        long different = TestDatabase.number(
                connection, "SELECT count(*) FROM (FROM copy EXCEPT ALL FROM " + mem + ") WHERE c1 IS NOT NULL");
        assertThat(different).isZero();
        assertThat(TestDatabase.number(
                        connection, "SELECT count(*) FROM " + mem + " a JOIN " + mem + " b USING (c1) WHERE a.c2"))
                .isEqualTo(sample.live.stream().filter(r -> r[1].equals("true")).count());
        sample.close();
    }

    @Test
    void viewEqualsFilesAndBatchesForAnyDeletesAndProjection() {
        for (int round = 0; round < 6; round++) {
            Sample sample = sample(random.nextInt(4), random.nextInt(3));
            List<Integer> wanted = positions();
            String select = db.select(connection, sample.view, sample.handle, wanted);
            assertThat(TestRows.sorted(read(select, wanted))).isEqualTo(TestRows.sorted(sample.lines(wanted)));
            String none = db.select(connection, sample.view, sample.handle, List.of());
            assertThat(TestDatabase.number(connection, "SELECT count(*) FROM (" + none + ")"))
                    .isEqualTo(sample.live.size());
            int limit = random.nextInt(5_000);
            String some = db.select(connection, sample.view, sample.handle, List.of(0, 2));
            assertThat(read("FROM (" + some + ") WHERE c1 < " + limit + " AND c3 > 0", List.of(0, 2)))
                    .hasSameElementsAs(sample.live.stream()
                            .filter(r -> Integer.parseInt(r[0]) < limit)
                            .filter(r -> !r[2].equals(TestRows.NULL) && Integer.parseInt(r[2]) > 0)
                            .map(r -> TestRows.line(r, List.of(0, 2)))
                            .toList());
            sample.close();
        }
    }

    @Test
    void columnsHaveTheTypesOfTheSchema() {
        for (Sample sample : List.of(sample(1, 0), sample(0, 1), sample(2, 1), sample(0, 0))) {
            hasTypesOfTheSchema(db.select(connection, sample.view, sample.handle, ALL));
            sample.close();
        }
    }

    private void hasTypesOfTheSchema(String select) {
        try (DuckResult result = connection.query(select)) {
            for (int i = 0; i < result.columnCount(); i++) {
                assertThat(result.name(i)).isEqualTo("c" + (i + 1));
                assertThat(result.type(i))
                        .isEqualTo(
                                DuckType.parse(TestRows.SCHEMA.column(i).type().duckType()));
            }
        }
    }

    @Test
    void filesAreReadByFieldIdNotByName() {
        Path file = directory.resolve("it's old.parquet");
        connection.execute("COPY (SELECT range AS old_key, 'x' || range AS c1 FROM range(100)) TO "
                + ViewSql.quote(file.toString()) + " (FORMAT parquet, FIELD_IDS {old_key: 1, c1: 7})");
        TableSchema schema = new TableSchema(
                List.of(
                        new Column(1, "key", Scalar.INT8, true),
                        new Column(3, "added", Scalar.INT4, false),
                        new Column(7, "text", Scalar.TEXT, false)),
                List.of(0));
        Deletes.Editor editor = Deletes.NONE.edit();
        editor.delete(5);
        ReadView view = new ReadView(
                1,
                schema,
                List.of(new ReadView.FileView(new DataFile(file.toString(), 100, 0), editor.snapshot())),
                List.of(),
                new Holdings(List.of(), List.of()));
        long handle = db.views().register(view);
        String select = db.select(connection, view, handle, List.of(2, 1, 0));
        List<String> read = TestRows.read(connection, select, 3, List.of("c7", "c3", "c1"));
        assertThat(read).hasSize(99).contains("x4|null|4", "x99|null|99").doesNotContain("x5|null|5");
        db.views().release(handle);
    }

    @Test
    void releasedAndUnknownHandlesFail() {
        Sample sample = sample(1, 1);
        String mem = "SELECT count(*) FROM mem(" + sample.handle + ")";
        String keep = "SELECT keep(" + sample.handle + ", 0::UBIGINT, range) FROM range(3)";
        connection.execute(mem);
        connection.execute(keep);
        connection.execute("CREATE TEMP VIEW later AS " + mem);
        sample.close();
        assertThat(db.views().size()).isZero();
        for (String sql : List.of(mem, keep, "FROM later", "SELECT count(*) FROM mem(NULL)")) {
            assertThatThrownBy(() -> connection.execute(sql))
                    .isInstanceOf(MooncakeException.class)
                    .hasMessageContaining("handle");
        }
    }

    @Test
    void scanKeepsMemoryOfAReleasedHandle() {
        Sample sample = sample(0, 2);
        try (DuckResult result = connection.query("SELECT c7 FROM mem(" + sample.handle + ")")) {
            sample.close();
            long read = 0;
            for (DuckChunk chunk = result.next(); chunk != null; chunk = result.next()) {
                read += chunk.rows();
            }
            assertThat(read).isEqualTo(sample.live.size());
        }
    }

    @Test
    void keepAgreesWithDeletesInAnyOrder() {
        Sample sample = sample(3, 0);
        String keep = "SELECT count(*) FROM (SELECT file, row, keep(" + sample.handle
                + ", file, row) AS kept FROM (SELECT (hash(range) % 3)::UBIGINT AS file, (hash(range + 7) % 1000)::BIGINT"
                + " AS row FROM range(20000)))";
        long kept = TestDatabase.number(connection, keep + " WHERE kept");
        long expected = 0;
        try (DuckResult result = connection.query(
                "SELECT (hash(range) % 3)::BIGINT, (hash(range + 7) % 1000)::BIGINT" + " FROM range(20000)")) {
            for (DuckChunk chunk = result.next(); chunk != null; chunk = result.next()) {
                for (int i = 0; i < chunk.rows(); i++) {
                    int file = (int) chunk.vector(0).getLong(i);
                    boolean deleted = sample.view
                            .files()
                            .get(file)
                            .deletes()
                            .isDeleted(chunk.vector(1).getLong(i));
                    expected += deleted ? 0 : 1;
                }
            }
        }
        assertThat(kept).isEqualTo(expected).isPositive();
        sample.close();
    }

    @Test
    void eightConnectionsReadTwoViewsAtOnce() throws Exception {
        Sample first = sample(2, 2);
        Sample second = sample(1, 2);
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                Sample sample = t % 2 == 0 ? first : second;
                running.add(pool.submit(() -> {
                    try (DuckConnection own = db.connect()) {
                        String select = db.select(own, sample.view, sample.handle, ALL);
                        List<String> expected = TestRows.sorted(sample.lines(ALL));
                        for (int i = 0; i < 5; i++) {
                            List<String> read = TestRows.read(own, select, ALL.size(), nameList(ALL));
                            assertThat(TestRows.sorted(read)).isEqualTo(expected);
                        }
                    }
                }));
            }
            for (Future<?> future : running) {
                future.get();
            }
        }
        first.close();
        second.close();
    }

    @Test
    void predicatesAndCountsReachTheParquetReader() {
        Sample sample = sample(2, 1);
        String select = db.select(connection, sample.view, sample.handle, List.of(0, 3));
        assertThat(select).contains("\"column 1\" AS c1");
        String plan = plan("SELECT sum(c4) FROM (" + select + ") WHERE c1 = 77 AND c4 = 5");
        String reader = plan.substring(plan.indexOf("READ_PARQUET"));
        assertThat(reader).containsPattern("(c1|column 1\"?) = 77").containsPattern("(c4|column 4\"?) = 5");
        ReadView clean = new ReadView(
                1,
                TestRows.SCHEMA,
                sample.view.files().stream()
                        .map(f -> new ReadView.FileView(f.file(), Deletes.NONE))
                        .toList(),
                List.of(),
                sample.view.holdings());
        connection.execute(select);
        String count = plan("SELECT count(*) FROM (" + db.select(connection, clean, 1, List.of()) + ")");
        assertThat(count).as("answered from cached footers").doesNotContain("READ_PARQUET");
        sample.close();
    }

    @Test
    void optimizerKnowsHowManyRowsFilesHave() {
        Sample sample = sample(1, 0);
        String select = db.select(connection, sample.view, sample.handle, List.of(0));
        String rows = String.format(
                java.util.Locale.ROOT,
                "~%,d rows",
                sample.view.files().get(0).file().rows());
        assertThat(plan("SELECT c1 FROM (" + select.replaceAll(" WHERE keep.*", "") + ")"))
                .contains(rows);
        sample.close();
    }

    private String plan(String sql) {
        try (DuckResult result = connection.query("EXPLAIN " + sql)) {
            return java.util.Objects.requireNonNull(result.next()).vector(1).getString(0);
        }
    }

    private List<Integer> positions() {
        List<Integer> shuffled = new ArrayList<>(ALL);
        Collections.shuffle(shuffled, random);
        return List.copyOf(shuffled.subList(0, 1 + random.nextInt(ALL.size())));
    }

    private List<String> read(String select, List<Integer> positions) {
        return TestRows.read(connection, select, positions.size(), nameList(positions));
    }

    private static List<String> nameList(List<Integer> positions) {
        return positions.stream()
                .map(p -> ViewSql.name(TestRows.SCHEMA.column(p)))
                .toList();
    }

    private static String names(List<Integer> positions) {
        return String.join(", ", nameList(positions));
    }

    /// Random deletes: none, single rows, and whole vectors.
    private Deletes deletes(int rowCount) {
        Deletes.Editor editor = Deletes.NONE.edit();
        switch (random.nextInt(3)) {
            case 0 -> {}
            case 1 -> {
                for (int i = random.nextInt(rowCount / 3 + 1); i > 0; i--) {
                    editor.delete(random.nextInt(rowCount));
                }
            }
            default -> {
                int from = random.nextInt(rowCount);
                for (int row = from; row < Math.min(rowCount, from + 3_000); row++) {
                    editor.delete(row);
                }
            }
        }
        return editor.snapshot();
    }

    private Sample sample(int fileCount, int batchCount) {
        List<String[]> live = new ArrayList<>();
        List<ReadView.FileView> fileViews = new ArrayList<>();
        for (int i = 0; i < fileCount; i++) {
            fileViews.add(file(live));
        }
        List<ColumnBatch> batches = new ArrayList<>();
        List<ReadView.BatchView> batchViews = new ArrayList<>();
        for (int i = 0; i < batchCount; i++) {
            int count = 1 + random.nextInt(5_000);
            List<String[]> all = new ArrayList<>();
            ColumnBatch batch = rows.batch(TestRows.SCHEMA, 8_192, count, all);
            // The last rows are not part of the view, as when a writer has gone on.
            int visible = 1 + random.nextInt(count);
            Deletes deletes = deletes(visible);
            addLive(all.subList(0, visible), deletes, live);
            batches.add(batch);
            batchViews.add(new ReadView.BatchView(batch, visible, deletes));
        }
        Holdings holdings = new Holdings(batches, List.of());
        batches.forEach(ColumnBatch::release);
        ReadView view = new ReadView(1, TestRows.SCHEMA, fileViews, batchViews, holdings);
        return new Sample(view, db.views().register(view), live);
    }

    /// Writes a batch as a file in row order, the way that a flush does.
    private ReadView.FileView file(List<String[]> live) {
        int count = 1_000 + random.nextInt(4_000);
        List<String[]> all = new ArrayList<>();
        ColumnBatch batch = rows.batch(TestRows.SCHEMA, 16_384, count, all);
        Holdings holdings = new Holdings(List.of(batch), List.of());
        batch.release();
        ReadView view = new ReadView(
                1, TestRows.SCHEMA, List.of(), List.of(new ReadView.BatchView(batch, count, Deletes.NONE)), holdings);
        long handle = db.views().register(view);
        Path path = directory.resolve("file" + files++ + ".parquet");
        String ids = TestRows.SCHEMA.columns().stream()
                .map(c -> ViewSql.identifier(c.name()) + ": " + c.fieldId())
                .collect(Collectors.joining(", ", "{", "}"));
        String outputs = TestRows.SCHEMA.columns().stream()
                .map(c -> ViewSql.name(c)
                        + (c.type() == Scalar.INT2 ? "::INTEGER AS " : " AS ")
                        + ViewSql.identifier(c.name()))
                .collect(Collectors.joining(", "));
        connection.execute("COPY (SELECT " + outputs + " FROM mem_ordered(" + handle + ")) TO "
                + ViewSql.quote(path.toString()) + " (FORMAT parquet, ROW_GROUP_SIZE 2048, FIELD_IDS " + ids + ")");
        db.views().release(handle);
        holdings.release();
        Deletes deletes = deletes(count);
        addLive(all, deletes, live);
        return new ReadView.FileView(new DataFile(path.toString(), count, 0), deletes);
    }

    private static void addLive(List<String[]> all, Deletes deletes, List<String[]> live) {
        for (int row = 0; row < all.size(); row++) {
            if (!deletes.isDeleted(row)) {
                live.add(all.get(row));
            }
        }
    }

    private final class Sample {
        final ReadView view;
        final long handle;
        final List<String[]> live;

        Sample(ReadView view, long handle, List<String[]> live) {
            this.view = view;
            this.handle = handle;
            this.live = live;
        }

        List<String> lines(List<Integer> positions) {
            return live.stream().map(row -> TestRows.line(row, positions)).toList();
        }

        void close() {
            db.views().release(handle);
            view.holdings().release();
        }
    }
}
