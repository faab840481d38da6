package mooncake.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import mooncake.model.MooncakeException;
import mooncake.source.replication.SlotState;
import mooncake.source.replication.Slots;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches how much log a session's slot makes the server keep, and acts by policy when that is too
/// much. Called by the session's tick; looks at the slot on a worker.
final class WalGuard {
    private static final Logger log = LoggerFactory.getLogger(WalGuard.class);
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int LOG_EVERY = 12;

    private final Session session;
    private final Followed followed;
    private final EngineSettings settings;
    private long next = System.nanoTime() + PERIOD_NANOS;
    private volatile boolean looking;
    private int warnings;
    private volatile @Nullable String warning;

    WalGuard(Session session, Followed followed, EngineSettings settings) {
        this.session = session;
        this.followed = followed;
        this.settings = settings;
    }

    /// Any thread: what is to be seen in the stream's status, or null.
    @Nullable
    String warning() {
        return warning;
    }

    void tick() {
        if (settings.maxRetainedWalBytes() == 0 || looking || System.nanoTime() - next < 0) {
            return;
        }
        looking = true;
        next = System.nanoTime() + PERIOD_NANOS;
        session.resources().work().execute(this::look);
    }

    private void look() {
        try (Connection connection = session.connectSource()) {
            Optional<SlotState> state = Slots.read(connection, followed.slot());
            if (state.isPresent()) {
                judge(state.get().retainedBytes());
            }
        } catch (SQLException | MooncakeException e) {
            log.debug("slot={} cannot be looked at: {}", followed.slot(), e.getMessage());
        } finally {
            looking = false;
        }
    }

    private void judge(long retained) {
        if (retained <= settings.maxRetainedWalBytes()) {
            warning = null;
            warnings = 0;
            return;
        }
        String text = "slot " + followed.slot() + " makes the server keep " + (retained >> 20)
                + " MB of WAL, more than pg_mooncake.max_retained_wal";
        warning = text;
        switch (settings.retainedWalPolicy()) {
            case WARN -> {
                if (warnings++ % LOG_EVERY == 0) {
                    log.warn("event=retained_wal database={} {}", followed.displayName(), text);
                }
            }
            case RESYNC -> {
                log.warn("event=retained_wal_resync database={} {}", followed.displayName(), text);
                session.abandonSlot(text);
            }
        }
    }
}
