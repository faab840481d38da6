package mooncake.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import mooncake.lake.LakeTable;
import mooncake.mirror.Seal;
import mooncake.model.DataFile;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the full batches of a copy in the background; at most one file is being written while the
/// next one's rows arrive. One thread.
final class CopiedFiles {
    private static final Logger log = LoggerFactory.getLogger(CopiedFiles.class);
    private static final long PROGRESS_ROWS = 1_000_000;

    private final MirrorWriter writer;
    private final LakeTable lakeTable;
    private final SessionResources resources;
    private final Deque<Writing> writing = new ArrayDeque<>();
    private long copied;

    private record Writing(Seal seal, Future<@Nullable DataFile> file) {}

    CopiedFiles(MirrorWriter writer, LakeTable lakeTable, SessionResources resources) {
        this.writer = writer;
        this.lakeTable = lakeTable;
        this.resources = resources;
    }

    /// Rows copied so far.
    long copied() {
        return copied;
    }

    void count(String mirror) {
        copied++;
        if (copied % PROGRESS_ROWS == 0) {
            log.info("mirror={} rows={} copied so far", mirror, copied);
        }
    }

    void writeIfFull(EngineSettings settings) {
        if (writer.table().unsealedRows() < settings.flushRows()
                && writer.table().unsealedBytes() < settings.flushBytes()
                && !(resources.rowMemory().isTight() && writer.table().unsealedRows() > 0)) {
            return;
        }
        if (!writing.isEmpty()) {
            installFirst();
        }
        Seal seal = writer.table().seal();
        TableSchema schema = writer.registration().schema();
        writing.add(new Writing(
                seal,
                resources
                        .work()
                        .submit(() -> lakeTable.write(schema, seal.toWrite()).orElse(null))));
    }

    /// Waits for the last file.
    void finish() {
        while (!writing.isEmpty()) {
            installFirst();
        }
    }

    private void installFirst() {
        Writing first = writing.remove();
        try {
            writer.table().install(first.seal(), first.file().get());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof MooncakeException known
                    ? known
                    : new MooncakeException(ErrorCode.STORAGE_FAILED, "writing a copied file failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MooncakeException(ErrorCode.ENGINE_STOPPING, "the engine is stopping", e);
        }
    }

    /// Closes the table and deletes what was written: the copy is not to be used.
    void abandon() {
        for (Writing each : writing) {
            try {
                DataFile file = each.file().get();
                if (file != null) {
                    lakeTable.unneeded(file);
                }
            } catch (ExecutionException | InterruptedException e) {
                log.debug("abandoned file: {}", e.getMessage());
            }
        }
        writing.clear();
        ReadView view = writer.table().view();
        List<DataFile> files =
                view.files().stream().map(ReadView.FileView::file).distinct().toList();
        view.holdings().release();
        writer.close();
        files.forEach(lakeTable::unneeded);
    }
}
