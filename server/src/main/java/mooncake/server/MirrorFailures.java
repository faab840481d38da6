package mooncake.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stops single mirrors and decides what becomes of them; the others go on. Called under the
/// session's lock.
///
/// What a new copy can cure is copied anew by itself: with growing pauses, and given up after
/// [#ATTEMPTS_MAX] times in a row. All else waits for `mooncake.resync`. Either is written to the
/// registry first: until that is durable the mirror holds the slot back, so that no later engine
/// takes its files for complete.
final class MirrorFailures {
    private static final Logger log = LoggerFactory.getLogger(MirrorFailures.class);
    private static final long RECORD_RETRY_MILLIS = 1_000;
    private static final long BUSY_PAUSE_MILLIS = 2_000;
    private static final int LOCK_TIMEOUT_MILLIS = 1_000;
    private static final int ATTEMPTS_MAX = 5;
    private static final long PAUSE_FIRST_MILLIS = 1_000;

    /// A mirror that lived this long is thought to be well again.
    private static final long WELL_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final Session session;
    private final Map<Integer, Attempts> attempts = new HashMap<>();

    private record Attempts(int count, long lastNanos) {}

    /// What is written to the registry.
    private interface Entry {
        void write(Connection connection) throws SQLException;
    }

    MirrorFailures(Session session) {
        this.session = session;
    }

    void failed(MirrorPipeline pipeline, MooncakeException cause) {
        if (!(pipeline.isFollowing() || pipeline.state() instanceof MirrorState.Copying)) {
            return;
        }
        Definition asText = asText(pipeline, cause);
        if (asText != null) {
            Registration registration = pipeline.registered();
            log.warn("mirror={} event=kept_as_text: {}", pipeline.displayName(), cause.text());
            copyAnew(pipeline, cause, 0, connection -> RegistryReader.redefine(connection, registration, asText));
        } else if (isCuredByACopy(cause.code()) && !pipeline.isDetached()) {
            int count = countAttempt(pipeline.mirror());
            if (count <= ATTEMPTS_MAX) {
                log.warn("mirror={} event=resync attempt={}: {}", pipeline.displayName(), count, cause.text(), cause);
                long pause = count == 1 ? 0 : PAUSE_FIRST_MILLIS << count;
                copyAnew(
                        pipeline,
                        cause,
                        pause,
                        connection -> RegistryReader.requestResync(connection, pipeline.mirror(), pipeline.resync()));
            } else {
                fail(pipeline, cause);
            }
        } else {
            fail(pipeline, cause);
        }
    }

    /// The registry says so: nothing is left to be recorded. A mirror whose columns could not be
    /// altered because it was read is asked again until it is not.
    void failedInRegistry(MirrorPipeline pipeline, MooncakeException cause) {
        pipeline.stop(new MirrorState.Failed(cause), cause);
        pipeline.durability().recordFailure();
        session.jobs().releaseStopped(pipeline);
        if (cause.code() == ErrorCode.MIRROR_BUSY) {
            later(
                    BUSY_PAUSE_MILLIS,
                    pipeline,
                    connection -> RegistryReader.realign(connection, pipeline.mirror(), pipeline.resync()));
        }
    }

    private void fail(MirrorPipeline pipeline, MooncakeException cause) {
        log.error(
                "mirror={} code={} failed: {}",
                pipeline.displayName(),
                cause.code().label(),
                cause.text(),
                cause);
        pipeline.stop(new MirrorState.Failed(cause), cause);
        session.jobs().releaseStopped(pipeline);
        later(
                0,
                pipeline,
                connection -> RegistryReader.recordFailure(connection, pipeline.mirror(), pipeline.resync(), cause));
    }

    private void copyAnew(MirrorPipeline pipeline, MooncakeException cause, long pauseMillis, Entry request) {
        pipeline.stop(new MirrorState.Broken(cause), cause);
        session.jobs().releaseStopped(pipeline);
        later(pauseMillis, pipeline, request);
    }

    private int countAttempt(int mirror) {
        long now = System.nanoTime();
        Attempts before = attempts.get(mirror);
        int count = before == null || now - before.lastNanos() > WELL_NANOS ? 1 : before.count() + 1;
        attempts.put(mirror, new Attempts(count, now));
        return count;
    }

    private static boolean isCuredByACopy(ErrorCode code) {
        return code == ErrorCode.SOURCE_SCHEMA_CHANGED || code.kind() == ErrorCode.Kind.EXTERNAL;
    }

    /// The mirror with the column kept as text whose own form could not hold a value, or null.
    private static @Nullable Definition asText(MirrorPipeline pipeline, MooncakeException cause) {
        Registration registration = pipeline.registration();
        String name = cause.column();
        if (cause.code() != ErrorCode.UNREPRESENTABLE_VALUE || registration == null || name == null) {
            return null;
        }
        Definition.DefinedColumn column = registration.definition().named(name);
        if (column == null || column.text()) {
            return null;
        }
        boolean possible = registration.schema().columns().stream()
                .anyMatch(each ->
                        each.fieldId() == column.field() && each.type().asText().isPresent());
        return possible ? registration.definition().withText(column.field()) : null;
    }

    /// Writes to the registry in the background until it is done.
    private void later(long pauseMillis, MirrorPipeline pipeline, Entry write) {
        CompletableFuture.delayedExecutor(
                        pauseMillis, TimeUnit.MILLISECONDS, session.resources().work())
                .execute(() -> {
                    if (!session.isClosed()) {
                        write(pipeline, write);
                    }
                });
    }

    private void write(MirrorPipeline pipeline, Entry write) {
        try (Connection connection = session.connectHome()) {
            // Whoever has altered a source holds its row, and may wait for what this thread is to do next.
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET lock_timeout = " + LOCK_TIMEOUT_MILLIS);
            }
            write.write(connection);
            pipeline.durability().recordFailure();
        } catch (SQLException | RuntimeException e) {
            log.warn("mirror={} failure not recorded yet: {}", pipeline.displayName(), e.getMessage());
            later(RECORD_RETRY_MILLIS, pipeline, write);
        }
    }
}
