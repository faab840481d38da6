package mooncake.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import mooncake.model.Change;
import mooncake.model.ColumnType;
import mooncake.model.ColumnType.Numeric;
import mooncake.model.ColumnType.Scalar;
import mooncake.model.ColumnType.Varchar;
import mooncake.model.DataFile;
import mooncake.model.Deletes;
import mooncake.model.Identity;
import mooncake.model.MemoryBudget;
import mooncake.model.ReadView;
import mooncake.model.ReadView.FileView;
import mooncake.model.TableSchema;
import mooncake.model.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Random changes, schema changes, seals, merges of files and restarts against a list of rows: tables with keys of all
/// kinds, and without any, where equal rows are many.
class MirrorEvolutionTest {
    private static final List<ColumnType> REST =
            List.of(Scalar.TEXT, Scalar.INT2, new Numeric(4, 1), Scalar.FLOAT4, new Varchar(54));

    @TempDir
    Path directory;

    static Stream<Arguments> keys() {
        List<List<ColumnType>> keys = List.of(
                List.of(Scalar.INT2),
                List.of(Scalar.INT4, new Numeric(4, 1)),
                List.of(Scalar.INT2, Scalar.FLOAT4, Scalar.INT2, Scalar.BOOL),
                List.of(new Varchar(54), Scalar.INT2),
                List.of());
        return keys.stream().flatMap(key -> Stream.of(Arguments.of(key, true), Arguments.of(key, false)));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void equalsAListOfRows(List<ColumnType> key, boolean filtered) {
        long seed = System.nanoTime();
        try {
            new Run(seed, key, filtered).play(4_000);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + " for " + key + (filtered ? " filtered" : ""), e);
        }
    }

    private record Pinned(ReadView view, Map<List<@Nullable Object>, Integer> expected) {}

    private record Open(Seal seal, Map<List<@Nullable Object>, Integer> expected) {}

    private final class Run {
        private final Random random;
        private final RandomShapes shapes;
        private final boolean filtered;
        private final MemoryBudget budget = FakeFiles.budget();
        private final List<List<@Nullable Object>> model = new ArrayList<>();
        private final List<Pinned> pinned = new ArrayList<>();
        private final Deque<Open> open = new ArrayDeque<>();
        private final FakeFiles files;
        private TableSchema schema;
        private MirrorTable table;
        private @Nullable Compaction compaction;
        private int nextId;

        Run(long seed, List<ColumnType> key, boolean filtered) {
            this.filtered = filtered;
            random = new Random(seed);
            shapes = new RandomShapes(random);
            List<ColumnType> types = new ArrayList<>(key);
            types.addAll(REST);
            schema = RandomShapes.schema(types, key.size());
            files = new FakeFiles(schema);
            table = newTable();
        }

        private MirrorTable newTable() {
            return new MirrorTable(1, "t", schema, budget, directory, files, files::remove);
        }

        private boolean hasKey() {
            return schema.identity() == Identity.KEY;
        }

        void play(int steps) {
            for (int step = 0; step < steps; step++) {
                int dice = random.nextInt(1_000);
                if (dice < 400 || model.isEmpty()) {
                    insert();
                } else if (dice < 600) {
                    update();
                } else if (dice < 800) {
                    delete();
                } else if (dice < 850) {
                    evolve();
                } else if (dice < 890) {
                    pin();
                } else if (dice < 930) {
                    open.addLast(new Open(table.seal(), contents(model)));
                } else if (dice < 975) {
                    install();
                } else if (dice < 995) {
                    compact();
                } else if (dice < 998) {
                    restart();
                } else {
                    table.truncate();
                    model.clear();
                }
                assertThat(table.liveRows()).isEqualTo(model.size());
            }
            restart();
            table.close();
            assertThat(budget.used()).isZero();
        }

        private void insert() {
            List<@Nullable Object> row = row(null);
            if (filtered) {
                boolean passes = random.nextBoolean();
                table.applyFiltered(new Change.Insert(1, Encoder.tuple(schema, row)), passes);
                if (passes) {
                    model.add(row);
                }
            } else {
                table.insert(Encoder.tuple(schema, row));
                model.add(row);
            }
        }

        /// A row, or the next version of one, sometimes under a new key.
        private List<@Nullable Object> row(@Nullable List<@Nullable Object> before) {
            int id = nextId++;
            boolean sameKey = before != null && random.nextInt(3) > 0;
            List<@Nullable Object> row = new ArrayList<>();
            for (int i = 0; i < schema.width(); i++) {
                boolean inKey = hasKey() && schema.key().contains(i);
                boolean same = inKey ? sameKey : random.nextInt(3) == 0;
                if (before != null && same) {
                    row.add(before.get(i));
                } else {
                    ColumnType type = schema.column(i).type();
                    row.add(inKey ? RandomShapes.value(type, id) : shapes.value(type));
                }
            }
            return row;
        }

        private void update() {
            int at = random.nextInt(model.size());
            List<@Nullable Object> before = model.get(at);
            List<@Nullable Object> row = row(before);
            List<@Nullable Object> sent = new ArrayList<>();
            boolean sameKey = true;
            for (int i = 0; i < row.size(); i++) {
                boolean inKey = hasKey() && schema.key().contains(i);
                sameKey &= !inKey || java.util.Objects.equals(row.get(i), before.get(i));
                boolean unchanged = !inKey && row.get(i) != null && row.get(i).equals(before.get(i));
                sent.add(unchanged && random.nextBoolean() ? Encoder.UNCHANGED : row.get(i));
            }
            Tuple old = hasKey() && sameKey && random.nextBoolean() ? null : old(before);
            model.remove(at);
            if (filtered) {
                boolean passes = random.nextInt(3) > 0;
                boolean unknown = random.nextInt(5) == 0;
                if (unknown) {
                    removeOrAddStranger(row(null), before);
                    return;
                }
                table.applyFiltered(new Change.Update(1, old, Encoder.tuple(schema, sent)), passes);
                if (passes) {
                    model.add(row);
                }
            } else {
                table.update(old, Encoder.tuple(schema, sent));
                model.add(row);
            }
        }

        /// Keeps the row, and changes one that the mirror does not have.
        private void removeOrAddStranger(List<@Nullable Object> stranger, List<@Nullable Object> before) {
            model.add(before);
            if (!hasKey() && contents(model).containsKey(stranger)) {
                return;
            }
            Tuple old = Encoder.tuple(schema, stranger);
            if (random.nextBoolean()) {
                table.applyFiltered(new Change.Delete(1, old), false);
            } else if (random.nextBoolean()) {
                table.applyFiltered(new Change.Update(1, old, Encoder.tuple(schema, stranger)), false);
            } else {
                List<@Nullable Object> next = row(null);
                table.applyFiltered(new Change.Update(1, old, Encoder.tuple(schema, next)), true);
                model.add(next);
            }
        }

        private void delete() {
            List<@Nullable Object> row = model.remove(random.nextInt(model.size()));
            if (filtered) {
                table.applyFiltered(new Change.Delete(1, old(row)), false);
            } else {
                table.delete(old(row));
            }
        }

        private Tuple old(List<@Nullable Object> row) {
            List<@Nullable Object> sent = new ArrayList<>();
            boolean whole = !hasKey() || random.nextBoolean();
            for (int i = 0; i < row.size(); i++) {
                sent.add(whole || schema.key().contains(i) ? row.get(i) : null);
            }
            return Encoder.tuple(schema, sent);
        }

        private void evolve() {
            TableSchema next = switch (random.nextInt(4)) {
                case 0 -> shapes.dropped(schema);
                case 1 -> schema.width() < 10 ? shapes.added(schema) : shapes.dropped(schema);
                default -> shapes.altered(schema);
            };
            for (int i = 0; i < model.size(); i++) {
                model.set(i, Shapes.reshaped(model.get(i), schema, next));
            }
            schema = next;
            table.complete(); // by a reader of the former shape, which these files then no longer have
            files.schema = next;
            table.evolve(next, files, files);
            assertThat(table.schema()).isEqualTo(next);
        }

        private void pin() {
            Pinned pin = new Pinned(table.view(), contents(model));
            assertThat(pin.view.liveRows()).isEqualTo(model.size());
            assertThat(pin.view.schema()).isEqualTo(schema);
            pinned.add(pin);
            if (pinned.size() > 5) {
                check(pinned.remove(random.nextInt(pinned.size())));
            }
        }

        private void check(Pinned pin) {
            assertThat(contents(files.liveRows(pin.view))).isEqualTo(pin.expected);
            pin.view.holdings().release();
        }

        private void install() {
            Open oldest = open.pollFirst();
            if (oldest != null) {
                Seal seal = oldest.seal;
                DataFile written = files.write(seal);
                List<List<@Nullable Object>> committed = new ArrayList<>();
                for (FileView file : seal.files()) {
                    committed.addAll(files.liveRows(file, seal.schema()));
                }
                if (written != null) {
                    committed.addAll(files.rows(written, seal.schema()));
                }
                assertThat(contents(committed)).isEqualTo(oldest.expected);
                table.install(seal, written);
            }
        }

        private void compact() {
            Compaction begun = compaction;
            if (begun == null) {
                compaction = table.beginCompaction(1_000_000, 2).orElse(null);
            } else {
                compaction = null;
                if (random.nextInt(5) == 0) {
                    table.abandonCompaction(begun);
                } else {
                    table.installCompaction(begun, files.write(begun));
                }
            }
        }

        /// A last commit, a new process.
        private void restart() {
            if (compaction != null) {
                table.abandonCompaction(compaction);
                compaction = null;
            }
            open.addLast(new Open(table.seal(), contents(model)));
            while (open.size() > 1) {
                install();
            }
            Seal last = open.getFirst().seal;
            List<FileView> known = new ArrayList<>(last.files());
            DataFile written = files.write(last);
            open.clear();
            table.install(last, written);
            if (written != null) {
                known.add(new FileView(written, Deletes.NONE));
            }
            pin();
            pinned.forEach(this::check);
            pinned.clear();
            table.close();
            table = newTable();
            table.expectRows(model.size());
            known.forEach(file -> table.loadFile(file.file(), file.deletes(), files));
            pin();
        }
    }

    private static Map<List<@Nullable Object>, Integer> contents(Collection<List<@Nullable Object>> rows) {
        Map<List<@Nullable Object>, Integer> counts = new HashMap<>();
        for (List<@Nullable Object> row : rows) {
            List<@Nullable Object> copy = new ArrayList<>();
            copy.addAll(row);
            counts.merge(copy, 1, Integer::sum);
        }
        return counts;
    }
}
