package mooncake.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mooncake.model.Change;
import mooncake.model.Check;
import mooncake.model.Tuple;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows `mooncake.tables` in the log: mirrors appear and go at the commit that registered or dropped them, in order
/// with the changes of their sources. Called by the applier under the session's lock.
final class RegistryFollower {
    private static final Logger log = LoggerFactory.getLogger(RegistryFollower.class);
    private static final int OID_BYTES = 4;

    /// Where `mooncake.tables` has its column `error`.
    private static final int ERROR_COLUMN = 7;

    static final String MESSAGE_PREFIX = "mooncake";
    static final String EXTENSION_DROPPED = "drop extension";

    private final Session session;
    private final MirrorSet mirrors;
    private final StreamPosition position;
    private final List<MirrorPipeline> added = new ArrayList<>();
    private final List<MirrorPipeline> dropped = new ArrayList<>();
    private boolean extensionDropped;

    RegistryFollower(Session session, MirrorSet mirrors, StreamPosition position) {
        this.session = session;
        this.mirrors = mirrors;
        this.position = position;
    }

    void change(Change change) {
        switch (change) {
            case Change.Insert insert -> register(oid(insert.row(), 0), oid(insert.row(), 1));
            case Change.Delete delete -> unregister(oid(delete.old(), 0));
            case Change.Update update -> updated(update.row());
            case Change.Truncate _ -> log.debug("registry changed: {}", change);
            case Change.Begin _, Change.Commit _, Change.Relation _, Change.Message _, Change.Progress _ ->
                throw new IllegalArgumentException("no row change: " + change);
        }
    }

    void message(Change.Message message) {
        if (message.prefix().equals(MESSAGE_PREFIX) && message.content().equals(EXTENSION_DROPPED)) {
            extensionDropped = true;
        }
    }

    private void register(int mirror, int source) {
        if (mirrors.find(mirror) != null) {
            return;
        }
        MirrorPipeline pipeline = new MirrorPipeline(
                mirror, source, position, new MirrorState.Copying(session.jobs().newChangeQueue()));
        mirrors.add(pipeline);
        added.add(pipeline);
    }

    private void unregister(int mirror) {
        MirrorPipeline pipeline = mirrors.find(mirror);
        if (pipeline != null) {
            pipeline.drop();
            mirrors.remove(pipeline);
            added.remove(pipeline);
            dropped.add(pipeline);
        }
    }

    /// A failure was recorded: by this engine, which knows it, or by a statement that no mirror can follow.
    private void updated(Tuple row) {
        MirrorPipeline pipeline = mirrors.find(oid(row, 0));
        if (pipeline == null || pipeline.state() instanceof MirrorState.Failed || row.length(ERROR_COLUMN) < 0) {
            return;
        }
        String error =
                new String(row.bytes(), row.offset(ERROR_COLUMN), row.length(ERROR_COLUMN), StandardCharsets.UTF_8);
        session.failures().failedInRegistry(pipeline, RegistryReader.failure(error));
    }

    /// Starts and ends what the finished transaction asked for.
    void transactionEnded() {
        added.forEach(session.jobs()::startCopy);
        added.clear();
        dropped.forEach(session.jobs()::discard);
        dropped.clear();
        if (extensionDropped) {
            session.extensionDropped();
        }
    }

    private static int oid(Tuple row, int column) {
        Check.that(row.length(column) == OID_BYTES, "registry column %d is no OID", column);
        return java.nio.ByteBuffer.wrap(row.bytes()).getInt(row.offset(column));
    }
}
