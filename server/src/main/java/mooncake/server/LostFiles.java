package mooncake.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView;
import org.jspecify.annotations.Nullable;

/// Tells a query that failed because a mirror's file is gone from one that failed by itself, and
/// has that mirror copied anew. Any thread.
final class LostFiles {
    private LostFiles() {}

    /// The error to report in the place of `failure`.
    static MooncakeException explain(
            MooncakeException failure,
            SnapshotBoard.Snapshot snapshot,
            List<Integer> mirrors,
            @Nullable Session session) {
        if (failure.code().kind() == ErrorCode.Kind.USER) {
            return failure;
        }
        for (int mirror : mirrors) {
            ReadView view = snapshot.views().view(mirror);
            String lost = view == null ? null : lost(view);
            if (lost != null) {
                MooncakeException cause = new MooncakeException(
                        ErrorCode.DATA_LOST,
                        "data file is missing: " + lost,
                        "Its mirror is copied anew by itself. Run the statement again.",
                        failure);
                if (session != null) {
                    report(session, mirror, lost, cause);
                }
                return cause;
            }
        }
        return failure;
    }

    private static @Nullable String lost(ReadView view) {
        for (ReadView.FileView file : view.files()) {
            String path = file.file().path();
            if (!Files.exists(Path.of(path))) {
                return path;
            }
        }
        return null;
    }

    /// A file that only older views have is none that the mirror needs.
    private static void report(Session session, int mirror, String path, MooncakeException cause) {
        session.lock().lock();
        try {
            MirrorPipeline pipeline = session.mirrors().find(mirror);
            if (pipeline != null && pipeline.isFollowing() && pipeline.hasFile(path)) {
                session.failures().failed(pipeline, cause);
            }
        } finally {
            session.lock().unlock();
        }
    }
}
