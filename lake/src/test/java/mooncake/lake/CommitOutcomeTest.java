package mooncake.lake;

import static mooncake.lake.TestLake.PAIRS;
import static mooncake.lake.TestLake.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import mooncake.model.DataFile;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView.FileView;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commits whose outcome the catalog does not report truly, as when a connection breaks in the middle.
class CommitOutcomeTest {
    @TempDir
    Path directory;

    TestLake fixture;
    JdbcCatalog catalog;
    private Unreliable operations;
    LakeTable table;
    DataFile file;

    @BeforeEach
    void open() {
        fixture = new TestLake(directory);
        fixture.open().create("public", "pairs", PAIRS, Map.of());
        catalog = new JdbcCatalog(configuration -> new LocalFileIO(), null, false);
        catalog.initialize(
                Lake.CATALOG,
                Map.of(
                        "uri",
                        fixture.url,
                        "jdbc.user",
                        PostgresCluster.USER,
                        "warehouse",
                        fixture.warehouse.toString()));
        operations = new Unreliable(((org.apache.iceberg.HasTableOperations)
                        catalog.loadTable(org.apache.iceberg.catalog.TableIdentifier.of("public", "pairs")))
                .operations());
        table = new LakeTable("public.pairs", operations, fixture.duckDb, Upkeep.STANDARD);
        file = table.write(PAIRS, List.of(TestBatch.of(PAIRS, TestLake.pairRows(0, 10))))
                .orElseThrow();
        table.commit(new Lsn(100), table.schema(), List.of(view(file, 0)));
    }

    @AfterEach
    void close() throws Exception {
        catalog.close();
        fixture.close();
    }

    @Test
    void aCommitThatStandsIsASuccessWhateverTheCatalogSays() throws IOException {
        operations.afterwards = () -> new UncheckedSQLException(new SQLException("broken", "08006"), "broken");
        table.commit(new Lsn(200), table.schema(), List.of(view(file, 0, 1)));
        assertThat(fixture.pairs("public", "pairs")).hasSize(8);

        operations.afterwards = () -> new CommitFailedException("lost the answer, then found the pointer moved");
        table.commit(new Lsn(300), table.schema(), List.of(view(file, 0, 1, 2)));
        assertThat(fixture.pairs("public", "pairs")).hasSize(7);

        table.commit(new Lsn(400), table.schema(), List.of(view(file, 0, 1, 2, 3)));
        assertThat(fixture.pairs("public", "pairs")).hasSize(6);
        assertThat(table.committedLsn()).isEqualTo(new Lsn(400));
    }

    @Test
    void aCommitOfUnknownOutcomeIsAnErrorAndTheNextOneIsRight() throws IOException {
        operations.afterwards = () -> new UncheckedSQLException(new SQLException("broken", "08006"), "broken");
        operations.refreshFails = true;
        assertThatThrownBy(() -> table.commit(new Lsn(200), table.schema(), List.of(view(file, 0, 1))))
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CATALOG_FAILED));
        operations.refreshFails = false;
        assertThat(fixture.pairs("public", "pairs")).hasSize(8);
        assertThat(table.committedLsn()).isEqualTo(new Lsn(100));

        table.commit(new Lsn(300), table.schema(), List.of(view(file, 0, 1, 2)));
        assertThat(fixture.pairs("public", "pairs")).hasSize(7);
    }

    @Test
    void aCommitInDoubtThatStandsIsNotMadeAgain() throws IOException {
        List<FileView> state = List.of(view(file, 0, 1));
        operations.afterwards = () -> new UncheckedSQLException(new SQLException("broken", "08006"), "broken");
        operations.refreshFails = true;
        assertThatThrownBy(() -> table.commit(new Lsn(200), table.schema(), state))
                .isInstanceOf(MooncakeException.class);
        operations.refreshFails = false;
        long stands = fixture.foreign("public", "pairs").currentSnapshot().snapshotId();

        table.commit(new Lsn(200), table.schema(), state);
        assertThat(table.committedLsn()).isEqualTo(new Lsn(200));
        assertThat(fixture.foreign("public", "pairs").currentSnapshot().snapshotId())
                .isEqualTo(stands);
        table.commit(new Lsn(300), table.schema(), state);
        assertThat(fixture.pairs("public", "pairs")).hasSize(8);
    }

    @Test
    void filesOfACommitInDoubtGoWhenALaterOneStandsWithoutIt() throws IOException {
        operations.before = () -> new UncheckedSQLException(new SQLException("broken", "08006"), "broken");
        operations.refreshFails = true;
        assertThatThrownBy(() -> table.commit(new Lsn(200), table.schema(), List.of(view(file, 0, 1))))
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CATALOG_FAILED));
        operations.refreshFails = false;
        assertThat(TestLake.dataFiles(table)).as("kept while in doubt").hasSize(3);

        table.commit(new Lsn(300), table.schema(), List.of(view(file, 0, 1, 2)));
        assertThat(TestLake.dataFiles(table)).hasSize(3);
        assertThat(fixture.pairs("public", "pairs")).hasSize(7);
    }

    @Test
    void aCommitThatFailedLeavesTheTableAndNoFile() throws IOException {
        operations.before = () -> new UncheckedSQLException(new SQLException("refused", "08001"), "broken");
        assertThatThrownBy(() -> table.commit(new Lsn(200), table.schema(), List.of(view(file, 0, 1))))
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CATALOG_FAILED))
                .hasMessageContaining("refused");
        assertThat(fixture.pairs("public", "pairs")).hasSize(9);

        table.commit(new Lsn(200), table.schema(), List.of(view(file, 0, 1)));
        assertThat(fixture.pairs("public", "pairs")).hasSize(8);
    }

    @Test
    void aCommitThatSomebodyOvertookIsComputedAnew() throws IOException {
        operations.before = () -> {
            fixture.foreign("public", "pairs").newAppend().commit();
            return null;
        };
        table.commit(new Lsn(200), table.schema(), List.of(view(file, 0, 1)));

        assertThat(fixture.pairs("public", "pairs")).hasSize(8);
        // The data file and the vectors of both commits: that of the overtaken attempt is gone.
        assertThat(TestLake.dataFiles(table)).hasSize(3);
    }

    /// A catalog that fails once before or after it has committed.
    private static final class Unreliable implements TableOperations {
        private final TableOperations inner;
        private @Nullable Supplier<@Nullable RuntimeException> before;
        private @Nullable Supplier<RuntimeException> afterwards;
        private boolean refreshFails;
        private boolean refreshRefused;

        private Unreliable(TableOperations inner) {
            this.inner = inner;
        }

        @Override
        public void commit(@Nullable TableMetadata base, TableMetadata metadata) {
            refreshRefused = refreshFails;
            fail(before);
            before = null;
            inner.commit(base, metadata);
            Supplier<RuntimeException> failure = afterwards;
            afterwards = null;
            fail(failure);
        }

        private void fail(@Nullable Supplier<? extends @Nullable RuntimeException> failure) {
            RuntimeException thrown = failure == null ? null : failure.get();
            if (thrown != null) {
                before = null;
                throw thrown;
            }
        }

        @Override
        public TableMetadata current() {
            return inner.current();
        }

        @Override
        public TableMetadata refresh() {
            if (refreshRefused) {
                refreshRefused = false;
                throw new UncheckedSQLException(new SQLException("refused", "08001"), "refused");
            }
            return inner.refresh();
        }

        @Override
        public FileIO io() {
            return inner.io();
        }

        @Override
        public String metadataFileLocation(String fileName) {
            return inner.metadataFileLocation(fileName);
        }

        @Override
        public LocationProvider locationProvider() {
            return inner.locationProvider();
        }
    }
}
