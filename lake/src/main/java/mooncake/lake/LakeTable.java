package mooncake.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import mooncake.duckdb.DuckDb;
import mooncake.model.Check;
import mooncake.model.Column;
import mooncake.model.DataFile;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView.BatchView;
import mooncake.model.ReadView.FileView;
import mooncake.model.TableSchema;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One mirror's Iceberg table. [#load] and [#commit] belong to the mirror's writer; all else may be
/// called from any thread.
///
/// [#commit] is declarative: it makes the table equal to a set of files with their deleted rows,
/// whatever it was before. So a repeated commit is harmless, and when someone else has changed the
/// table the mirror's state wins.
public final class LakeTable {
    /// The LSN of a commit: in the summary of its snapshot and, for when that has expired, among the
    /// table's properties.
    public static final String LSN = "mooncake.lsn";

    /// Times that a commit is computed anew because somebody else moved the table meanwhile.
    private static final int COMMIT_ATTEMPTS_MAX = 5;

    /// Files whose footers are read to find whether a column that became NOT NULL has nulls; with more
    /// it is not asked.
    private static final int FOOTERS_MAX = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(LakeTable.class);

    private final BaseTable table;
    private final MirrorOperations operations;
    private final String name;
    private final String location;
    private final MetricsConfig metrics;
    private final ParquetWriter writer;
    private final Upkeep upkeep;
    private final Map<String, String> properties;
    private final Path dataFolder;
    private final FileRetention retention;

    /// What Iceberg is told about files that are written but not committed, by path.
    private final Map<String, ParquetFooter> written = new HashMap<>();

    private volatile TableSchema schema;
    private CommittedState committed = CommittedState.EMPTY;
    private volatile Lsn committedLsn;
    private int commitsSinceExpiry;

    LakeTable(String name, TableOperations catalog, DuckDb duckDb, Upkeep upkeep) {
        this.operations = new MirrorOperations(catalog);
        this.table = new BaseTable(operations, name, report -> {});
        this.name = name;
        this.location = table.location();
        this.metrics = MetricsConfig.forTable(table);
        this.writer = new ParquetWriter(duckDb);
        this.upkeep = upkeep;
        this.properties = Map.copyOf(table.properties());
        this.schema = TableShape.tableSchema(table.schema(), properties);
        this.dataFolder = LocalFileIO.toPath(location).resolve("data");
        this.retention = new FileRetention(this::delete);
        this.committedLsn = findLsn();
        LocalFileIO.createDirectories(dataFolder);
    }

    /// The table's folder, an absolute path; its metadata is below.
    public String location() {
        return location;
    }

    /// The mirror's columns and key as of the last commit.
    public TableSchema schema() {
        return schema;
    }

    /// The table's properties as of opening, with those it was created with.
    public Map<String, String> properties() {
        return properties;
    }

    /// The LSN of the last commit, [Lsn#NONE] before the first.
    public Lsn committedLsn() {
        return committedLsn;
    }

    /// The files and deleted rows of the last commit, in the order they were committed in. Called once,
    /// after opening.
    public List<FileView> load() {
        try {
            Snapshot own = lastOwnSnapshot();
            Snapshot from = own == null ? table.currentSnapshot() : own;
            if (from == null) {
                return List.of();
            }
            boolean known = Objects.equals(committed.snapshotId(), from.snapshotId());
            CommittedState state = known ? committed : CommittedState.read(table, from.snapshotId());
            if (!state.foreign().isEmpty()) {
                throw new MooncakeException(
                        ErrorCode.STORAGE_FAILED,
                        "Iceberg table " + name + " holds deletes of another writer and no snapshot of ours",
                        "Drop the mirror and create it again.",
                        null);
            }
            List<FileView> views = new ArrayList<>();
            for (CommittedState.Entry entry : state.files().values()) {
                Path path = LocalFileIO.toPath(entry.file().location());
                if (!Files.exists(path)) {
                    throw new MooncakeException(ErrorCode.DATA_LOST, "data file is missing: " + path);
                }
                retention.needed(path.toString());
                views.add(new FileView(
                        new DataFile(
                                path.toString(),
                                entry.file().recordCount(),
                                entry.file().fileSizeInBytes()),
                        entry.deletes()));
            }
            return views;
        } catch (IOException | RuntimeException e) {
            throw StorageErrors.of("loading Iceberg table " + name, e);
        }
    }

    /// Writes the live rows of the batches, in order, to one new data file; empty when no row is live.
    /// The file belongs to no snapshot until a commit names it, and is deleted when it turns out
    /// [#unneeded] before.
    public Optional<DataFile> write(TableSchema columns, List<BatchView> batches) {
        return write(path -> {
            long rows = writer.write(columns, batches, path);
            return new Written(rows, rows == 0 ? Map.of() : NanCounts.of(columns, batches));
        });
    }

    /// Writes the live rows of files, in the order of the files and then of their positions, to one new
    /// data file with these columns; empty when no row is live. The files may be older than some of the
    /// columns, and must be held by the caller. The new file is as one of [#write].
    public Optional<DataFile> rewrite(TableSchema columns, List<FileView> files) {
        return write(path -> {
            long rows = writer.rewrite(columns, files, path);
            return new Written(rows, rows == 0 ? Map.of() : writer.nanCounts(columns, path));
        });
    }

    private record Written(long rows, Map<Integer, Long> nanCounts) {}

    @FunctionalInterface
    private interface Writing {
        Written to(Path path) throws IOException;
    }

    private Optional<DataFile> write(Writing writing) {
        Path path = dataFolder.resolve(
                String.format(Locale.ROOT, "%013d-%s.parquet", System.currentTimeMillis(), FileNames.unique()));
        try {
            Written done = writing.to(path);
            long rows = done.rows();
            if (rows == 0) {
                return Optional.empty();
            }
            ParquetFooter footer = ParquetFooter.read(metrics, path, done.nanCounts());
            Check.that(
                    footer.file().recordCount() == rows,
                    "%s holds %d rows",
                    path,
                    footer.file().recordCount());
            synchronized (written) {
                written.put(path.toString(), footer);
            }
            retention.needed(path.toString());
            return Optional.of(new DataFile(path.toString(), rows, footer.file().fileSizeInBytes()));
        } catch (IOException | RuntimeException e) {
            delete(path.toString());
            throw StorageErrors.of("writing " + path, e);
        }
    }

    /// Says that neither the mirror nor any view needs a file of [#write] or [#load] any more. It is
    /// deleted as soon as no snapshot reaches it either.
    public void unneeded(DataFile file) {
        synchronized (written) {
            written.remove(file.path());
        }
        retention.unneeded(file.path());
    }

    /// Makes the table equal to `state` at `lsn` by one commit, durably, and its columns those of
    /// `columns`. Without any change of data this still makes a snapshot, so that the LSN is in its
    /// summary.
    ///
    /// Files may be of any shape that the table had before; a column keeps its type or gets a wider one
    /// of [#canFollow] unless no file of before is in `state`.
    public void commit(Lsn lsn, TableSchema columns, List<FileView> state) {
        commit(lsn, columns, Map.of(), state);
    }

    /// The same, with properties that the table gets in the same commit.
    public void commit(Lsn lsn, TableSchema columns, Map<String, String> newProperties, List<FileView> state) {
        try {
            int attempt = 1;
            while (!tryCommit(lsn, columns, newProperties, state, attempt == COMMIT_ATTEMPTS_MAX)) {
                attempt++;
                LOG.warn("table was changed by others, computing the commit anew table={} lsn={}", name, lsn);
            }
        } catch (IOException | RuntimeException e) {
            throw StorageErrors.of("committing " + lsn + " to Iceberg table " + name, e);
        }
        committedLsn = lsn;
        schema = columns;
        synchronized (written) {
            state.forEach(view -> written.remove(view.file().path()));
        }
        if (++commitsSinceExpiry >= upkeep.commitsBetween()) {
            commitsSinceExpiry = 0;
            expire();
        }
    }

    /// Whether a table with today's columns can get these while its files stay. When not, the mirror
    /// has to be copied anew: another type without a promotion in Iceberg, or an initial value that its
    /// metadata cannot say.
    public boolean canFollow(TableSchema columns) {
        return ShapeChange.canFollow(schema, columns);
    }

    private boolean tryCommit(
            Lsn lsn, TableSchema columns, Map<String, String> newProperties, List<FileView> state, boolean last)
            throws IOException {
        table.refresh();
        Snapshot current = table.currentSnapshot();
        Long snapshotId = current == null ? null : current.snapshotId();
        if (!Objects.equals(snapshotId, committed.snapshotId())) {
            committed = snapshotId == null ? CommittedState.EMPTY : CommittedState.read(table, snapshotId);
        }
        Publication publication =
                new Publication(committed, state, file -> footer(file).file());
        ShapeChange shape = new ShapeChange(columns, nullable(columns, state), publication.isFresh(), newProperties);
        if (current != null && publication.changesNothing() && isDone(current, lsn, shape)) {
            retention.current(committed.paths(), current.sequenceNumber());
            return true;
        }
        try {
            committed = publication.commit(table, operations, lsn, shape);
        } catch (ValidationException | CommitFailedException e) {
            if (last) {
                throw e;
            }
            return false;
        }
        retention.current(
                committed.paths(), table.snapshot(operations.committed()).sequenceNumber());
        return true;
    }

    /// Whether a commit whose outcome nobody told stands after all.
    @SuppressWarnings("ReferenceEquality") // The very same metadata is what says that nothing changes.
    private boolean isDone(Snapshot current, Lsn lsn, ShapeChange shape) {
        TableMetadata metadata = operations.current();
        return lsn.toString().equals(current.summary().get(LSN)) && shape.apply(metadata) == metadata;
    }

    /// What Iceberg is told about a file. One that was committed before and that somebody else has
    /// removed from the table is looked at again.
    private ParquetFooter footer(DataFile file) {
        ParquetFooter footer;
        synchronized (written) {
            footer = written.get(file.path());
        }
        try {
            if (footer == null) {
                footer = ParquetFooter.read(metrics, Path.of(file.path()), Map.of());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long rows = footer.file().recordCount();
        Check.that(rows == file.rows(), "%s holds %d rows", file.path(), rows);
        return footer;
    }

    /// Field ids of NOT NULL columns that Iceberg cannot require, because a file has a null there or
    /// lacks the column. The log does not say when a source column loses its NOT NULL; its first null
    /// does.
    private Set<Integer> nullable(TableSchema columns, List<FileView> state) {
        Set<Integer> nullable = new HashSet<>();
        Map<Integer, Column> before = new HashMap<>();
        schema.columns().forEach(column -> before.put(column.fieldId(), column));
        for (Column column : columns.columns()) {
            Types.NestedField field = table.schema().findField(column.fieldId());
            Column declared = before.get(column.fieldId());
            if (!column.notNull()) {
                continue;
            }
            boolean relaxed = field != null && field.isOptional() && declared != null && declared.notNull();
            boolean newlyDeclared = field != null && field.isOptional() && !relaxed;
            if (relaxed
                    || (newlyDeclared && state.size() > FOOTERS_MAX)
                    || state.stream().anyMatch(view -> mayLack(column, field, newlyDeclared, view.file()))) {
                nullable.add(column.fieldId());
            }
        }
        return nullable;
    }

    /// @param field the column as the table has it, null for a new one
    /// @param anew whether files that are in the table already have to be looked at
    private boolean mayLack(Column column, Types.@Nullable NestedField field, boolean anew, DataFile file) {
        boolean known = committed.files().containsKey(file.path());
        if (known && field != null && !anew) {
            return false;
        }
        Boolean nulls = (known && field == null) ? null : footer(file).nulls().get(column.fieldId());
        return nulls == null ? column.initial() == null : nulls;
    }

    /// A file that cannot be deleted now is a leftover for the next opening; its last reader is not to
    /// fail for it.
    private void delete(String path) {
        try {
            operations.io().deleteFile(path);
        } catch (RuntimeException e) {
            LOG.warn("data file could not be deleted table={} file={}", name, path, e);
        }
    }

    /// The commit before stands whatever becomes of this; the next expiry tries again.
    private void expire() {
        try {
            upkeep.expire(table, retention);
        } catch (RuntimeException e) {
            LOG.warn("snapshots could not be expired table={}", name, e);
        }
    }

    /// For the table's one writer, before it writes.
    void takeStock() {
        Snapshot current = table.currentSnapshot();
        try {
            Set<String> paths = Set.of();
            if (current != null) {
                committed = CommittedState.read(table, current.snapshotId());
                paths = committed.paths();
                retention.current(paths, current.sequenceNumber());
            }
            Upkeep.takeStock(table, dataFolder, paths, retention);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Others' snapshots, such as those of maintenance jobs, carry no LSN.
    private @Nullable Snapshot lastOwnSnapshot() {
        Snapshot snapshot = table.currentSnapshot();
        while (snapshot != null && !snapshot.summary().containsKey(LSN)) {
            Long parent = snapshot.parentId();
            snapshot = parent == null ? null : table.snapshot(parent);
        }
        return snapshot;
    }

    private Lsn findLsn() {
        Snapshot own = lastOwnSnapshot();
        String text = own == null ? properties.get(LSN) : own.summary().get(LSN);
        return text == null ? Lsn.NONE : Lsn.parse(text);
    }

    /// Manifests are merged early because a commit that replaces a deletion vector opens every manifest
    /// of deletes.
    static Map<String, String> initialProperties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("format-version", "3");
        properties.put("write.format.default", "parquet");
        properties.put("write.delete.mode", "merge-on-read");
        properties.put("commit.manifest-merge.enabled", "true");
        properties.put("commit.manifest.min-count-to-merge", "10");
        properties.put("write.metadata.delete-after-commit.enabled", "true");
        properties.put("write.metadata.previous-versions-max", "20");
        properties.put("commit.retry.min-wait-ms", "10");
        return properties;
    }
}
