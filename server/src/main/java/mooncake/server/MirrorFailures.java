package mooncake.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mooncake.model.MooncakeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stops single mirrors and writes down why; the others go on. Called under the session's lock.
final class MirrorFailures {
    private static final Logger log = LoggerFactory.getLogger(MirrorFailures.class);
    private static final long RETRY_MILLIS = 1_000;

    private final Session session;

    MirrorFailures(Session session) {
        this.session = session;
    }

    void failed(MirrorPipeline pipeline, MooncakeException cause) {
        pipeline.fail(cause);
        session.jobs().releaseFailed(pipeline);
        session.resources().work().execute(() -> record(pipeline, cause));
    }

    /// The registry says so: nothing is left to be recorded.
    void failedInRegistry(MirrorPipeline pipeline, MooncakeException cause) {
        pipeline.fail(cause);
        pipeline.failureRecorded();
        session.jobs().releaseFailed(pipeline);
    }

    /// Marks the failure in the registry, so that no later engine takes the mirror's files for complete; until that is
    /// durable the mirror holds the slot back.
    private void record(MirrorPipeline pipeline, MooncakeException cause) {
        try (Connection connection = session.connectHome()) {
            RegistryReader.recordFailure(connection, pipeline.mirror(), cause);
            pipeline.failureRecorded();
        } catch (SQLException | RuntimeException e) {
            log.warn("mirror={} failure not recorded yet: {}", pipeline.displayName(), e.getMessage());
            CompletableFuture.delayedExecutor(
                            RETRY_MILLIS,
                            TimeUnit.MILLISECONDS,
                            session.resources().work())
                    .execute(() -> {
                        if (!session.isClosed()) {
                            record(pipeline, cause);
                        }
                    });
        }
    }
}
