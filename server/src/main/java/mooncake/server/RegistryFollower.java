package mooncake.server;

import java.util.ArrayList;
import java.util.List;
import mooncake.model.Change;
import mooncake.model.MooncakeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows `mooncake.tables` in the log: mirrors appear, change and go at the row that says so, in
/// order with the changes of their sources. Called by the applier under the session's lock.
///
/// Rows of remote sources say nothing at this point of our log: whoever follows those reads the
/// registry when told.
final class RegistryFollower {
    private static final Logger log = LoggerFactory.getLogger(RegistryFollower.class);

    static final String MESSAGE_PREFIX = "mooncake";
    static final String EXTENSION_DROPPED = "drop extension";

    private final Session session;
    private final MirrorSet mirrors;
    private final List<Runnable> atEnd = new ArrayList<>();
    private boolean remoteChanged;
    private boolean extensionDropped;

    RegistryFollower(Session session, MirrorSet mirrors) {
        this.session = session;
        this.mirrors = mirrors;
    }

    void change(Change change) {
        switch (change) {
            case Change.Insert insert -> registered(RegistryRow.of(insert.row()));
            case Change.Delete delete -> unregistered(RegistryRow.mirror(delete.old()));
            case Change.Update update -> updated(RegistryRow.of(update.row()));
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

    private void registered(RegistryRow row) {
        if (row.remote()) {
            remoteChanged = true;
        } else if (mirrors.find(row.mirror()) == null) {
            MirrorPipeline pipeline = session.newPipeline(row.mirror(), row.source(), row.resync());
            mirrors.add(pipeline);
            atEnd.add(() -> session.jobs().startCopy(pipeline));
        }
    }

    private void unregistered(int mirror) {
        MirrorPipeline pipeline = mirrors.find(mirror);
        if (pipeline != null) {
            pipeline.drop();
            mirrors.remove(pipeline);
            atEnd.add(() -> session.jobs().departures().begin(pipeline));
        } else {
            remoteChanged = true;
        }
    }

    private void updated(RegistryRow row) {
        if (row.remote()) {
            remoteChanged = true;
            return;
        }
        MirrorPipeline pipeline = mirrors.find(row.mirror());
        if (pipeline == null || row.resync() < pipeline.resync()) {
            return;
        }
        if (row.detached()) {
            pipeline.detach();
        }
        String error = row.error();
        String definition = row.definition();
        if (row.resync() > pipeline.resync()) {
            session.types().forget();
            atEnd.add(session.jobs().departures().replace(pipeline, pipeline.source(), row.resync()));
        } else if (error != null) {
            if (!(pipeline.state() instanceof MirrorState.Failed)) {
                session.failures().failedInRegistry(pipeline, RegistryReader.failure(error));
            }
        } else if (definition != null) {
            session.types().forget();
            evolve(pipeline, row.generation(), definition);
        }
    }

    private void evolve(MirrorPipeline pipeline, int generation, String definition) {
        try {
            pipeline.evolve(generation, definition);
        } catch (MooncakeException e) {
            session.failures().failed(pipeline, e);
        }
    }

    /// Starts and ends what the finished transaction asked for.
    void transactionEnded() {
        if (!atEnd.isEmpty()) {
            List<Runnable> due = List.copyOf(atEnd);
            atEnd.clear();
            due.forEach(Runnable::run);
        }
        if (remoteChanged) {
            remoteChanged = false;
            session.remoteMirrorsChanged();
        }
        if (extensionDropped) {
            session.extensionDropped();
        }
    }
}
