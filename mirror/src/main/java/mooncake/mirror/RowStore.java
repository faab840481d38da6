package mooncake.mirror;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import mooncake.mirror.Seal.SealedBatch;
import mooncake.model.Check;
import mooncake.model.ColumnBatch;
import mooncake.model.DataFile;
import mooncake.model.Deletes;
import mooncake.model.Holdings;
import mooncake.model.Limits;
import mooncake.model.MemoryBudget;
import mooncake.model.ReadView;
import mooncake.model.ReadView.FileView;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;

/// Where the table's rows lie: files, batches being written by the lake, batches that still grow. A
/// location is a container's number (from 1) and a row in it; containers keep their numbers when their
/// batch becomes part of a file.
final class RowStore {
    /// Bytes of the fixed-width part of one batch, so that wide tables get shorter batches.
    private static final long BATCH_BYTES_MAX = 64L << 20;

    /// How much larger each next batch is.
    private static final int BATCH_GROWTH = 4;

    private final int mirrorOid;
    private final MemoryBudget budget;
    private final Consumer<DataFile> unneeded;
    private final List<MirrorFile> files = new ArrayList<>();
    private final Deque<Seal> seals = new ArrayDeque<>();
    private final List<Integer> growing = new ArrayList<>();
    private final List<MirrorFile> dropped = new ArrayList<>();
    private TableSchema schema;
    private int batchRowsMax;
    private @Nullable Compaction compaction;
    private @Nullable Container[] containers = new Container[16];
    private int containerCount = 1;
    private int nextCapacity = Limits.BATCH_ROWS_MIN;
    private @Nullable MemoryBatch tail;
    private int tailNumber;
    private @Nullable Holdings holdings;
    private @Nullable List<FileView> fileViews;

    RowStore(int mirrorOid, TableSchema schema, MemoryBudget budget, Consumer<DataFile> unneeded) {
        this.mirrorOid = mirrorOid;
        this.schema = schema;
        this.budget = budget;
        this.unneeded = unneeded;
        batchRowsMax = batchRowsMax(schema);
    }

    private static int batchRowsMax(TableSchema schema) {
        long rowBytes = schema.columns().stream()
                .mapToLong(column -> column.type().storage().width())
                .sum();
        long rows = Math.min(Limits.BATCH_ROWS_MAX, BATCH_BYTES_MAX / Math.max(1, rowBytes));
        return (int) Math.max(Limits.VECTOR_ROWS, rows / Limits.VECTOR_ROWS * Limits.VECTOR_ROWS);
    }

    /// The batch to append to, with room for one row.
    MemoryBatch tail() {
        MemoryBatch batch = tail;
        if (batch == null || batch.isFull()) {
            batch = new MemoryBatch(schema, Math.min(nextCapacity, batchRowsMax), budget);
            tailNumber = addContainer(batch);
            growing.add(tailNumber);
            tail = batch;
            nextCapacity = Math.min(batchRowsMax, nextCapacity * BATCH_GROWTH);
            forgetHoldings();
        }
        return batch;
    }

    /// The location of the row behind the last one of [#tail].
    long nextLocation() {
        return (long) tailNumber << 32 | tail().rows();
    }

    Container container(long location) {
        Container container = containers[(int) (location >>> 32)];
        Check.that(container != null, "the key index points into a container that is gone");
        return java.util.Objects.requireNonNull(container);
    }

    static int row(long location) {
        return (int) location;
    }

    void delete(long location) {
        Container container = container(location);
        Check.that(container.delete(row(location)), "a row in the key index was deleted before");
        if (container instanceof FileSlice) {
            fileViews = null;
        }
    }

    /// Takes a file of the table at a restart; its rows have the locations `(number << 32) + position`.
    int addFile(DataFile file, Deletes deletes) {
        Check.that(file.rows() <= Integer.MAX_VALUE, "the file %s has %d rows", file.path(), file.rows());
        MirrorFile held = new MirrorFile(file, deletes, unneeded);
        files.add(held);
        forgetHoldings();
        return addContainer(new FileSlice(held, 0, (int) file.rows(), Deletes.NONE));
    }

    /// Lets go of all rows. Call with an empty index.
    void truncate() {
        compaction = null;
        for (int number : growing) {
            memory(number).batch().release();
        }
        for (Seal seal : seals) {
            if (!seal.isTruncated()) {
                releaseSealed(seal);
                seal.truncate();
            }
        }
        dropped.addAll(files);
        files.clear();
        growing.clear();
        tail = null;
        nextCapacity = Limits.BATCH_ROWS_MIN;
        containers = new Container[16];
        containerCount = 1;
        forgetHoldings();
    }

    ReadView view() {
        List<FileView> fileList = fileViews();
        List<ReadView.BatchView> batchList = new ArrayList<>();
        forEachBatch(batch -> {
            if (batch.rows() > 0) {
                batchList.add(batch.view());
            }
        });
        Holdings held = holdings;
        if (held == null) {
            List<ColumnBatch> batches = new ArrayList<>();
            forEachBatch(batch -> batches.add(batch.batch()));
            held = new Holdings(batches, files);
            holdings = held;
        }
        held.retain();
        return new ReadView(mirrorOid, schema, fileList, batchList, held);
    }

    Seal seal() {
        List<SealedBatch> batches = new ArrayList<>();
        for (int number : growing) {
            MemoryBatch batch = memory(number);
            if (batch.liveRows() > 0) {
                batches.add(new SealedBatch(number, batch, batch.view()));
            } else {
                containers[number] = null;
                batch.batch().release();
                forgetHoldings();
            }
        }
        growing.clear();
        tail = null;
        nextCapacity = Limits.BATCH_ROWS_MIN;
        dropDeadFiles();
        Seal seal = new Seal(schema, batches, fileViews(), dropped, earlier());
        dropped.clear();
        seals.addLast(seal);
        return seal;
    }

    void install(Seal seal, @Nullable DataFile written) {
        Check.that(seal == seals.peekFirst(), "seals are installed in order");
        Check.that((written == null) == seal.toWrite().isEmpty(), "a file is written if and only if rows were sealed");
        if (written != null) {
            Check.that(
                    written.rows() == seal.rowsToWrite(),
                    "%s holds %d rows instead of %d",
                    written.path(),
                    written.rows(),
                    seal.rowsToWrite());
        }
        seals.removeFirst();
        MirrorFile file = written == null ? null : new MirrorFile(written, Deletes.NONE, unneeded);
        Seal.Outcome outcome = seal.become(file);
        if (file != null && !seal.isTruncated()) {
            for (int i = 0; i < seal.batches().size(); i++) {
                move(seal.batches().get(i), outcome.slices().get(i));
            }
            files.add(file);
            releaseSealed(seal);
            forgetHoldings();
        } else if (file != null && !seal.isReported()) {
            dropped.add(file);
        }
        seal.finish();
    }

    /// Carries over the deletes that came after the seal.
    private void move(SealedBatch sealed, FileSlice slice) {
        Deletes atSeal = sealed.view().deletes();
        sealed.batch().deletes().forEach(row -> {
            if (!atSeal.isDeleted(row)) {
                slice.delete((int) row);
            }
        });
        containers[sealed.number()] = slice;
    }

    /// Rows in memory, deleted ones included; with `sealed` also those that the lake is writing.
    long memoryRows(boolean sealed) {
        long[] rows = new long[1];
        forEachBatch(sealed, batch -> rows[0] += batch.rows());
        return rows[0];
    }

    long memoryBytes(boolean sealed) {
        long[] bytes = new long[1];
        forEachBatch(sealed, batch -> bytes[0] += batch.batch().bytes());
        return bytes[0];
    }

    /// Sees all rows in the next shape. Batches no longer grow; when it throws, nothing has changed.
    void evolve(Reshape reshape) {
        List<MemoryBatch> batches = new ArrayList<>();
        forEachBatch(batches::add);
        List<ColumnBatch> reshaped = new ArrayList<>();
        try {
            for (MemoryBatch batch : batches) {
                reshaped.add(reshape.apply(batch.batch(), Math.max(1, batch.rows()), budget));
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            reshaped.forEach(ColumnBatch::release);
            throw e;
        }
        schema = reshape.to();
        for (int i = 0; i < batches.size(); i++) {
            batches.get(i).reshape(schema, reshaped.get(i));
        }
        batchRowsMax = batchRowsMax(schema);
        tail = null;
        forgetHoldings();
    }

    /// Calls `each` for all rows in memory that are not deleted.
    void forEachRow(MemoryRow each) {
        for (Seal seal : seals) {
            if (!seal.isTruncated()) {
                seal.batches().forEach(frozen -> forEachRow(frozen.number(), frozen.batch(), each));
            }
        }
        for (int number : growing) {
            forEachRow(number, memory(number), each);
        }
    }

    private static void forEachRow(int number, MemoryBatch batch, MemoryRow each) {
        Deletes deletes = batch.deletes();
        for (int row = 0; row < batch.rows(); row++) {
            if (!deletes.isDeleted(row)) {
                each.accept(batch, row, (long) number << 32 | row);
            }
        }
    }

    /// Takes a row in memory and its location.
    interface MemoryRow {
        void accept(MemoryBatch batch, int row, long location);
    }

    /// Gives the rows of all files other locations, those of [#addFile], and hands over each file with
    /// its number. Call with an index that knows no row of a file.
    void relocate(RelocatedFile each) {
        for (int i = 0; i < containerCount; i++) {
            if (containers[i] instanceof FileSlice) {
                containers[i] = null;
            }
        }
        for (MirrorFile file : files) {
            int number = addContainer(new FileSlice(file, 0, (int) file.file().rows(), Deletes.NONE));
            each.accept(file.view(), number);
        }
    }

    /// Takes a file whose rows have the locations `(number << 32) + position`.
    interface RelocatedFile {
        void accept(FileView file, int number);
    }

    /// Rows that are neither deleted nor truncated.
    long liveRows() {
        long[] live = new long[1];
        forEachBatch(batch -> live[0] += batch.liveRows());
        files.forEach(file -> live[0] += file.liveRows());
        return live[0];
    }

    @Nullable
    Compaction beginCompaction(long maxRows, int minFiles) {
        Check.that(compaction == null, "a table is compacted once at a time");
        List<MirrorFile> chosen = CompactionChoice.choose(files, maxRows, minFiles);
        if (!chosen.isEmpty()) {
            compaction = new Compaction(schema, chosen);
        }
        return compaction;
    }

    /// Puts the compaction's file in the place of those it was made of. False when they are gone: the
    /// file is of no use then.
    boolean installCompaction(Compaction done, DataFile written) {
        if (compaction != done) {
            done.release();
            return false;
        }
        Check.that(
                written.rows() == done.rows(),
                "%s holds %d rows instead of %d",
                written.path(),
                written.rows(),
                done.rows());
        MirrorFile merged = new MirrorFile(written, Deletes.NONE, unneeded);
        for (Compaction.Source source : done.sources()) {
            FileSlice moved = source.movedTo(merged);
            for (int i = 0; i < containerCount; i++) {
                if (containers[i] instanceof FileSlice slice && slice.file() == source.file()) {
                    containers[i] = slice.movedTo(moved, source.view().deletes());
                }
            }
            source.deleteLater(moved);
            if (files.remove(source.file())) {
                dropped.add(source.file());
            }
        }
        files.add(merged);
        compaction = null;
        done.release();
        forgetHoldings();
        return true;
    }

    void abandon(Compaction given) {
        if (compaction == given) {
            compaction = null;
        }
        given.release();
    }

    void close() {
        compaction = null;
        forgetHoldings();
        forEachBatch(batch -> batch.batch().release());
        seals.forEach(Seal::abandon);
        files.forEach(MirrorFile::release);
        dropped.forEach(MirrorFile::release);
        seals.clear();
        files.clear();
        dropped.clear();
        growing.clear();
        tail = null;
        containers = new Container[0];
    }

    private List<FileView> fileViews() {
        List<FileView> views = fileViews;
        if (views == null) {
            views = files.stream().map(MirrorFile::view).toList();
            fileViews = views;
        }
        return views;
    }

    /// A file without live rows is of no more use to anyone but the views that hold it.
    private void dropDeadFiles() {
        List<MirrorFile> dead =
                files.stream().filter(file -> file.liveRows() == 0).toList();
        if (dead.isEmpty()) {
            return;
        }
        files.removeAll(dead);
        dropped.addAll(dead);
        for (int i = 0; i < containerCount; i++) {
            if (containers[i] instanceof FileSlice slice && dead.contains(slice.file())) {
                containers[i] = null;
            }
        }
        forgetHoldings();
    }

    private List<Seal.Earlier> earlier() {
        List<Seal.Earlier> earlier = new ArrayList<>();
        for (Seal seal : seals) {
            if (!seal.isTruncated()) {
                List<Deletes> deletes = seal.batches().stream()
                        .map(frozen -> frozen.batch().deletes())
                        .toList();
                earlier.add(new Seal.Earlier(seal, deletes, false));
            } else if (!seal.isReported()) {
                seal.report();
                earlier.add(new Seal.Earlier(seal, List.of(), true));
            }
        }
        return earlier;
    }

    private void releaseSealed(Seal seal) {
        seal.batches().forEach(frozen -> frozen.batch().batch().release());
    }

    private void forEachBatch(Consumer<MemoryBatch> each) {
        forEachBatch(true, each);
    }

    private void forEachBatch(boolean sealed, Consumer<MemoryBatch> each) {
        if (sealed) {
            for (Seal seal : seals) {
                if (!seal.isTruncated()) {
                    seal.batches().forEach(batch -> each.accept(batch.batch()));
                }
            }
        }
        for (int number : growing) {
            each.accept(memory(number));
        }
    }

    private MemoryBatch memory(int number) {
        if (containers[number] instanceof MemoryBatch batch) {
            return batch;
        }
        throw new IllegalStateException("container " + number + " is not in memory");
    }

    private int addContainer(Container container) {
        if (containerCount == containers.length) {
            containers = Arrays.copyOf(containers, containerCount * 2);
        }
        containers[containerCount] = container;
        return containerCount++;
    }

    /// The set of batches and files is another one: the next view gets holdings of its own.
    private void forgetHoldings() {
        fileViews = null;
        Holdings held = holdings;
        if (held != null) {
            holdings = null;
            held.release();
        }
    }
}
