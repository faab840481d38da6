package mooncake.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.ColumnType.Bpchar;
import mooncake.model.ColumnType.Numeric;
import mooncake.model.ColumnType.Scalar;
import mooncake.model.DataFile;
import mooncake.model.Deletes;
import mooncake.model.MemoryBudget;
import mooncake.model.ReadView;
import mooncake.model.ReadView.FileView;
import mooncake.model.TableSchema;
import mooncake.model.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random changes, seals and installs against a plain map, with a lake that keeps rows in lists.
class MirrorTableRandomTest {
    @TempDir
    Path directory;

    static Stream<List<ColumnType>> keys() {
        return Stream.of(
                List.of(Scalar.INT8),
                List.of(Scalar.TEXT),
                List.of(Scalar.UUID),
                List.of(new Numeric(25, 3)),
                List.of(new Bpchar(24)),
                List.of(Scalar.INT4, Scalar.TEXT),
                List.of(Scalar.INT4, Scalar.FLOAT8, Scalar.INT2));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void equalsAMap(List<ColumnType> key) {
        long seed = System.nanoTime();
        try {
            new Run(seed, key).play(12_000);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + " for " + key, e);
        }
    }

    private record Pinned(ReadView view, Set<List<@Nullable Object>> expected) {}

    private record Open(Seal seal, Set<List<@Nullable Object>> expected) {}

    private final class Run {
        private final Random random;
        private final TableSchema schema;
        private final FakeFiles files;
        private final MemoryBudget budget = FakeFiles.budget();
        private final Map<Integer, List<@Nullable Object>> model = new HashMap<>();
        private final List<Pinned> pinned = new ArrayList<>();
        private final Deque<Open> open = new ArrayDeque<>();
        private final Set<DataFile> lake = new HashSet<>();
        private final Set<DataFile> merged = new HashSet<>();
        private final Set<DataFile> unneeded = new HashSet<>();
        private final int keyRange;
        private MirrorTable table;
        private @Nullable Compaction compaction;

        Run(long seed, List<ColumnType> key) {
            random = new Random(seed);
            keyRange = random.nextBoolean() ? 40 : 5_000;
            List<Column> columns = new ArrayList<>();
            List<Integer> positions = new ArrayList<>();
            columns.add(new Column(1, "big", Scalar.TEXT, false));
            for (ColumnType type : key) {
                positions.add(columns.size());
                columns.add(new Column(columns.size() + 1, "k" + columns.size(), type, true));
            }
            columns.add(new Column(columns.size() + 1, "number", new Numeric(9, 2), false));
            columns.add(new Column(columns.size() + 1, "flag", Scalar.BOOL, false));
            schema = new TableSchema(columns, positions);
            files = new FakeFiles(schema);
            table = newTable();
        }

        /// Begins a compaction or ends the one that is under way.
        private void compact() {
            Compaction begun = compaction;
            if (begun == null) {
                compaction = table.beginCompaction(100_000, 2).orElse(null);
            } else if (random.nextInt(5) == 0) {
                table.abandonCompaction(begun);
                compaction = null;
            } else {
                DataFile written = files.write(begun);
                if (table.installCompaction(begun, written)) {
                    merged.add(written);
                }
                compaction = null;
            }
            removeUnneeded();
        }

        private MirrorTable newTable() {
            return new MirrorTable(1, "t", schema, budget, directory, files, unneeded::add);
        }

        void play(int steps) {
            for (int step = 0; step < steps; step++) {
                int dice = random.nextInt(1_000);
                if (dice < 450) {
                    insertOrUpdate();
                } else if (dice < 650) {
                    change();
                } else if (dice < 900) {
                    delete();
                } else if (dice < 930) {
                    pin();
                } else if (dice < 960) {
                    checkOnePinned();
                } else if (dice < 980) {
                    open.addLast(new Open(table.seal(), contents()));
                    assertThat(table.changedSinceSeal()).isFalse();
                } else if (dice < 985) {
                    compact();
                } else if (dice < 998) {
                    install();
                } else if (dice == 998) {
                    table.truncate();
                    model.clear();
                } else {
                    restart();
                }
                assertThat(table.liveRows()).isEqualTo(model.size());
            }
            finish();
        }

        private void insertOrUpdate() {
            int id = random.nextInt(keyRange);
            List<@Nullable Object> row = row(id);
            if (model.containsKey(id)) {
                table.update(random.nextBoolean() ? null : old(id), tuple(row, id));
            } else {
                table.insert(Encoder.tuple(schema, row));
            }
            model.put(id, row);
        }

        /// An update that may move the row to a free key.
        private void change() {
            int from = random.nextInt(keyRange);
            int to = random.nextInt(keyRange);
            if (model.containsKey(from) && !model.containsKey(to)) {
                List<@Nullable Object> row = row(to);
                table.update(old(from), tuple(row, from));
                model.remove(from);
                model.put(to, row);
            }
        }

        private void delete() {
            int id = random.nextInt(keyRange);
            if (model.containsKey(id)) {
                table.delete(old(id));
                model.remove(id);
            }
        }

        /// The new row's tuple, sometimes without the text, which then stays the old row's.
        private Tuple tuple(List<@Nullable Object> row, int oldId) {
            List<@Nullable Object> sent = new ArrayList<>(row);
            if (random.nextInt(3) == 0) {
                row.set(0, Objects.requireNonNull(model.get(oldId)).get(0));
                sent.set(0, Encoder.UNCHANGED);
            }
            return Encoder.tuple(schema, sent);
        }

        /// The old row as the log has it: all of it or its key.
        private Tuple old(int id) {
            List<@Nullable Object> row = new ArrayList<>();
            row.addAll(Objects.requireNonNull(model.get(id)));
            if (random.nextBoolean()) {
                for (int i = 0; i < row.size(); i++) {
                    if (!schema.key().contains(i)) {
                        row.set(i, null);
                    }
                }
            }
            return Encoder.tuple(schema, row);
        }

        private List<@Nullable Object> row(int id) {
            List<@Nullable Object> row = new ArrayList<>();
            row.add(random.nextInt(5) == 0 ? null : "v".repeat(random.nextInt(40)) + random.nextInt());
            for (int position : schema.key()) {
                row.add(keyValue(schema.column(position).type(), id, position));
            }
            row.add(random.nextInt(5) == 0 ? null : BigDecimal.valueOf(random.nextInt(1_000_000), 2));
            row.add(random.nextInt(5) == 0 ? null : random.nextBoolean());
            return row;
        }

        private static Object keyValue(ColumnType type, int id, int position) {
            return switch (type) {
                case Bpchar _ -> String.format("%-20s", "k" + id);
                case Numeric _ -> BigDecimal.valueOf(id - 20L, 3);
                case Scalar scalar ->
                    switch (scalar) {
                        case INT8 -> (long) id - 20;
                        case TEXT -> "key ".repeat(id % 7) + id;
                        case UUID -> new UUID(id, -id);
                        case INT4 -> position == 1 ? id / 7 : id;
                        case FLOAT8 -> id % 7 * 0.5;
                        case INT2 -> (short) id;
                        default -> throw new IllegalStateException();
                    };
                default -> throw new IllegalStateException();
            };
        }

        private Set<List<@Nullable Object>> contents() {
            return contents(model.values());
        }

        private static Set<List<@Nullable Object>> contents(Collection<List<@Nullable Object>> rows) {
            Set<List<@Nullable Object>> set = new HashSet<>();
            rows.forEach(row -> assertThat(set.add(new ArrayList<>(row))).isTrue());
            return set;
        }

        private void pin() {
            Pinned pin = new Pinned(table.view(), contents());
            assertThat(pin.view.liveRows()).isEqualTo(model.size());
            pinned.add(pin);
            if (pinned.size() > 6) {
                check(pinned.remove(random.nextInt(pinned.size())));
            }
        }

        private void checkOnePinned() {
            if (!pinned.isEmpty()) {
                check(pinned.remove(random.nextInt(pinned.size())));
            }
        }

        private void check(Pinned pin) {
            assertThat(contents(files.liveRows(pin.view))).isEqualTo(pin.expected);
            pin.view.holdings().release();
            removeUnneeded();
        }

        private void removeUnneeded() {
            assertThat(unneeded).noneMatch(lake::contains);
            unneeded.forEach(files::remove);
            unneeded.clear();
        }

        /// The lake writes and commits the oldest seal; what it then has must be the table at that seal.
        private void install() {
            Open oldest = open.pollFirst();
            if (oldest == null) {
                return;
            }
            Seal seal = oldest.seal;
            DataFile written = files.write(seal);
            assertThat(seal.dropped()).allMatch(file -> lake.contains(file) || merged.contains(file));
            seal.dropped().forEach(lake::remove);
            seal.files().forEach(file -> lake.add(file.file()));
            Set<DataFile> known = new HashSet<>();
            List<List<@Nullable Object>> committed = new ArrayList<>();
            for (FileView file : seal.files()) {
                known.add(file.file());
                committed.addAll(files.liveRows(file));
            }
            assertThat(known).isEqualTo(lake);
            if (written != null) {
                lake.add(written);
                committed.addAll(files.rows(written));
            }
            assertThat(contents(committed)).isEqualTo(oldest.expected);
            table.install(seal, written);
            removeUnneeded();
        }

        /// Closes the table after a last commit, as its process ends with all views, and loads the lake's files into a
        /// new one.
        private void restart() {
            open.addLast(new Open(table.seal(), contents()));
            while (open.size() > 1) {
                install();
            }
            Seal last = Objects.requireNonNull(open.peekFirst()).seal;
            List<FileView> known = last.files();
            Set<DataFile> before = new HashSet<>(lake);
            install();
            if (compaction != null) {
                table.abandonCompaction(compaction);
                compaction = null;
            }
            table.close();
            pinned.forEach(this::check);
            pinned.clear();
            table = newTable();
            for (FileView file : known) {
                table.loadFile(file.file(), file.deletes(), files);
                before.remove(file.file());
            }
            for (DataFile file : lake) {
                if (known.stream().noneMatch(view -> view.file().equals(file))) {
                    table.loadFile(file, Deletes.NONE, files);
                }
            }
            before.removeIf(file -> last.dropped().contains(file));
            assertThat(before).isEmpty();
        }

        private void finish() {
            if (compaction != null) {
                compact();
            }
            while (!open.isEmpty()) {
                install();
            }
            pin();
            pinned.forEach(this::check);
            table.close();
            assertThat(budget.used()).isZero();
        }
    }

    /// Enough rows for several batches, in one file, with deletes before and after the seal.
    @ParameterizedTest
    @MethodSource("keys")
    void manyBatches(List<ColumnType> key) {
        long seed = System.nanoTime();
        Run run = new Run(seed, key);
        Random random = new Random(seed);
        for (int id = 0; id < 30_000; id++) {
            List<@Nullable Object> row = run.row(id);
            run.table.insert(Encoder.tuple(run.schema, row));
            run.model.put(id, row);
        }
        deleteSome(run, random);
        run.open.addLast(new Open(run.table.seal(), run.contents()));
        deleteSome(run, random);
        run.install();
        deleteSome(run, random);
        run.pin();
        run.finish();
        assertThat(run.model.size()).isLessThan(27_000);
    }

    private static void deleteSome(Run run, Random random) {
        for (int i = 0; i < 3_000; i++) {
            int id = random.nextInt(30_000);
            if (run.model.containsKey(id)) {
                run.table.delete(run.old(id));
                run.model.remove(id);
            }
        }
    }
}
