package mooncake.server;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The copies of one session: some run, the others wait for their turn. Called under the session's
/// lock.
final class CopyJobs {
    /// Copies that run at the same time; each has a thread and a connection, and holds a snapshot
    /// of the source.
    static final int RUNNING_MAX = 4;

    private static final long RETRY_FIRST_MILLIS = 1_000;
    private static final long RETRY_LAST_MILLIS = 15_000;

    private final Session session;
    private final Map<MirrorPipeline, MirrorCopier> running = new HashMap<>();
    private final Set<MirrorPipeline> waiting = new LinkedHashSet<>();

    /// How often in a row the copies of those failed that are to be tried again.
    private final Map<MirrorPipeline, Integer> failed = new HashMap<>();

    CopyJobs(Session session) {
        this.session = session;
    }

    /// Fine for one that waits already.
    void start(MirrorPipeline pipeline) {
        waiting.add(pipeline);
        startWaiting();
    }

    /// Starts it again after a pause that grows with each failure.
    void retry(MirrorPipeline pipeline) {
        int failures = failed.merge(pipeline, 1, Integer::sum);
        long pause = Math.min(RETRY_FIRST_MILLIS << Math.min(failures, Integer.SIZE), RETRY_LAST_MILLIS);
        CompletableFuture.delayedExecutor(
                        pause, TimeUnit.MILLISECONDS, session.resources().work())
                .execute(() -> {
                    session.lock().lock();
                    try {
                        start(pipeline);
                    } finally {
                        session.lock().unlock();
                    }
                });
    }

    private void startWaiting() {
        for (MirrorPipeline next = takeWaiting(); next != null; next = takeWaiting()) {
            if (next.state() instanceof MirrorState.Copying) {
                MirrorCopier copier =
                        new MirrorCopier(session, next, session.resources().settings());
                running.put(next, copier);
                Thread.ofPlatform()
                        .name("copy-" + Integer.toUnsignedString(next.mirror()))
                        .start(copier);
            }
        }
    }

    /// The next whose turn it is; a mirror is never copied by two at a time.
    private @Nullable MirrorPipeline takeWaiting() {
        if (running.size() >= RUNNING_MAX || session.isClosed()) {
            return null;
        }
        for (MirrorPipeline pipeline : waiting) {
            if (!running.containsKey(pipeline)) {
                waiting.remove(pipeline);
                return pipeline;
            }
        }
        return null;
    }

    void ended(MirrorPipeline pipeline) {
        running.remove(pipeline);
        if (!(pipeline.state() instanceof MirrorState.Copying)) {
            failed.remove(pipeline);
        }
        startWaiting();
    }

    boolean isRunning(MirrorPipeline pipeline) {
        return running.containsKey(pipeline);
    }

    boolean anyRunning() {
        return !running.isEmpty();
    }

    /// Ends a mirror's copy; whether one runs that will say when it has ended.
    boolean cancel(MirrorPipeline pipeline) {
        waiting.remove(pipeline);
        failed.remove(pipeline);
        MirrorCopier copier = running.get(pipeline);
        if (copier != null) {
            copier.cancel();
        }
        return copier != null;
    }

    void cancelAll() {
        waiting.clear();
        running.values().forEach(MirrorCopier::cancel);
    }
}
