package mooncake.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import mooncake.model.Column;
import mooncake.model.ColumnType.Scalar;
import mooncake.model.DataFile;
import mooncake.model.MemoryBudget;
import mooncake.model.ReadView;
import mooncake.model.TableSchema;
import mooncake.model.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Claim: a published view never changes under its reader. Each transaction moves an amount between two accounts, so a
/// view that mixes two moments shows another number of accounts or another sum.
class ConcurrentReadersTest {
    private static final TableSchema SCHEMA = new TableSchema(
            List.of(
                    new Column(1, "account", Scalar.INT4, true),
                    new Column(2, "balance", Scalar.INT8, true),
                    new Column(3, "note", Scalar.TEXT, false)),
            List.of(0));
    private static final int ACCOUNTS = 500;
    private static final int TRANSFERS = 60_000;

    @TempDir
    Path directory;

    private final FakeFiles files = new FakeFiles(SCHEMA);
    private final MemoryBudget budget = FakeFiles.budget();

    @Test
    void everyViewIsOneMoment() throws InterruptedException, ExecutionException {
        long seed = System.nanoTime();
        AtomicReference<ReadView> published = new AtomicReference<>();
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        try (ExecutorService readers = Executors.newFixedThreadPool(2);
                MirrorTable table = new MirrorTable(1, "t", SCHEMA, budget, directory, files, _ -> {})) {
            for (int account = 0; account < ACCOUNTS; account++) {
                table.insert(tuple(account, 1_000L, "a".repeat(account % 30)));
            }
            publish(published, table.view());
            Future<Long> one = readers.submit(() -> read(published, done, started, seed));
            Future<Long> two = readers.submit(() -> read(published, done, started, seed));
            started.await();
            try {
                write(table, published, new Random(seed));
            } finally {
                done.set(true);
            }
            assertThat(one.get()).isPositive();
            assertThat(two.get()).isPositive();
            published.get().holdings().release();
        }
        assertThat(budget.used()).isZero();
    }

    private void write(MirrorTable table, AtomicReference<ReadView> published, Random random) {
        long[] balances = new long[ACCOUNTS];
        Arrays.fill(balances, 1_000);
        Seal open = null;
        for (int i = 0; i < TRANSFERS; i++) {
            int from = random.nextInt(ACCOUNTS);
            int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
            long amount = random.nextInt(100);
            balances[from] -= amount;
            balances[to] += amount;
            table.update(null, tuple(from, balances[from], "from " + to + " at " + i));
            if (random.nextBoolean()) {
                table.delete(tuple(to, null, null));
                table.insert(tuple(to, balances[to], "to " + i));
            } else {
                table.update(null, tuple(to, balances[to], null));
            }
            publish(published, table.view());
            if (i % 1_500 == 0) {
                open = table.seal();
            } else if (i % 1_500 == 400 && open != null) {
                DataFile written = files.write(open);
                table.install(open, written);
                publish(published, table.view());
            }
        }
    }

    private static void publish(AtomicReference<ReadView> published, ReadView view) {
        ReadView before = published.getAndSet(view);
        if (before != null) {
            before.holdings().release();
        }
    }

    private long read(AtomicReference<ReadView> published, AtomicBoolean done, CountDownLatch started, long seed) {
        long views = 0;
        boolean last = false;
        while (!last) {
            last = done.get();
            ReadView view = published.get();
            if (!view.holdings().tryRetain()) {
                continue;
            }
            List<List<@Nullable Object>> rows = files.liveRows(view);
            long sum = 0;
            boolean[] seen = new boolean[ACCOUNTS];
            for (List<@Nullable Object> row : rows) {
                if (row.get(0) instanceof Integer account && row.get(1) instanceof Long balance) {
                    assertThat(seen[account])
                            .as("account %d twice, seed %d", account, seed)
                            .isFalse();
                    seen[account] = true;
                    sum += balance;
                }
            }
            assertThat(rows).as("seed %d", seed).hasSize(ACCOUNTS);
            assertThat(sum).as("seed %d", seed).isEqualTo(ACCOUNTS * 1_000L);
            view.holdings().release();
            views++;
            started.countDown();
        }
        return views;
    }

    private static Tuple tuple(@Nullable Object... values) {
        return Encoder.tuple(SCHEMA, Arrays.asList(values));
    }
}
