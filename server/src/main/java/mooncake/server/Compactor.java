package mooncake.server;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import mooncake.lake.LakeTable;
import mooncake.mirror.Compaction;
import mooncake.mirror.MirrorTable;
import mooncake.model.DataFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Merges a mirror's small files, and those with many dead rows, in the background: one mirror at a
/// time, beside its changes and its queries. Called under the session's lock unless it says
/// otherwise.
final class Compactor {
    private static final Logger log = LoggerFactory.getLogger(Compactor.class);

    /// Rows of a merged file.
    private static final long ROWS_MAX = 4_000_000;

    /// Small files that are worth merging.
    private static final int FILES_MIN = 8;

    /// Mirrors whose files are being merged at the same time.
    private static final int RUNNING_MAX = 1;

    private static final long RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Session session;
    private final StreamPosition position;
    private final Set<MirrorPipeline> running = new HashSet<>();
    private long notBefore = System.nanoTime();

    Compactor(Session session, StreamPosition position) {
        this.session = session;
        this.position = position;
    }

    boolean isRunning(MirrorPipeline pipeline) {
        return running.contains(pipeline);
    }

    boolean anyRunning() {
        return !running.isEmpty();
    }

    /// Begins to merge files of a mirror that was just committed, when that is worth it.
    void consider(MirrorPipeline pipeline) {
        if (running.size() >= RUNNING_MAX
                || !session.resources().settings().mergeFiles()
                || session.isClosed()
                || !pipeline.isLive()
                || System.nanoTime() - notBefore < 0) {
            return;
        }
        MirrorTable table = pipeline.table();
        Optional<Compaction> begun = table.beginCompaction(ROWS_MAX, FILES_MIN);
        if (begun.isPresent()) {
            running.add(pipeline);
            LakeTable lakeTable = pipeline.lakeTable();
            session.resources().work().execute(() -> run(pipeline, table, lakeTable, begun.get()));
        }
    }

    /// On a worker.
    private void run(MirrorPipeline pipeline, MirrorTable table, LakeTable lakeTable, Compaction compaction) {
        DataFile written = null;
        Throwable failure = null;
        try {
            written = lakeTable.rewrite(compaction.schema(), compaction.files()).orElse(null);
        } catch (Throwable e) {
            failure = e;
        }
        session.lock().lock();
        try {
            end(pipeline, table, lakeTable, compaction, written);
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            if (failure != null) {
                log.warn("mirror={} files not merged: {}", pipeline.displayName(), failure.getMessage(), failure);
                notBefore = System.nanoTime() + RETRY_NANOS;
            }
            running.remove(pipeline);
            session.jobs().backgroundEnded(pipeline);
            session.lock().unlock();
        }
    }

    private void end(
            MirrorPipeline pipeline,
            MirrorTable table,
            LakeTable lakeTable,
            Compaction compaction,
            @Nullable DataFile written) {
        if (written == null || !pipeline.isLive()) {
            table.abandonCompaction(compaction);
            if (written != null) {
                lakeTable.unneeded(written);
            }
            return;
        }
        boolean completed = false;
        try {
            // What changed rows still lack comes from the source, which may be away: then nothing is merged.
            table.complete();
            completed = true;
        } finally {
            if (!completed) {
                table.abandonCompaction(compaction);
                lakeTable.unneeded(written);
            }
        }
        if (table.installCompaction(compaction, written)) {
            log.info(
                    "mirror={} files={} rows={} merged",
                    pipeline.displayName(),
                    compaction.files().size(),
                    written.rows());
            pipeline.markChanged();
            if (!position.inTransaction()) {
                session.publisher().publish();
            }
        }
    }
}
