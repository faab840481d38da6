package mooncake.server;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The mirrors that were dropped or copied anew and still have jobs or files: what becomes of these
/// once the transaction that says so has ended and no job works on the mirror any more. Each is
/// dealt with once. Under the session's lock.
final class Departures {
    private final Session session;
    private final MirrorSet mirrors;
    private final MirrorJobs jobs;
    private final LeavingNames names = new LeavingNames();

    /// Those whose transaction has ended and whose jobs have not.
    private final Set<MirrorPipeline> leaving = new HashSet<>();

    /// What takes the place of a mirror that is copied anew, until that one has left.
    private final Map<MirrorPipeline, MirrorPipeline> successors = new HashMap<>();

    Departures(Session session, MirrorSet mirrors, MirrorJobs jobs) {
        this.session = session;
        this.mirrors = mirrors;
        this.jobs = jobs;
    }

    /// Whether files of a dropped mirror of this name are still to be removed.
    boolean occupies(String name) {
        return names.contains(name);
    }

    /// From here on the mirror is another one, to be copied anew; its rows go on to be shown as old
    /// ones. What is to be done at the transaction's end.
    ///
    /// @param source which may have another OID now
    Runnable replace(MirrorPipeline old, int source, int resync) {
        MirrorPipeline next = session.newPipeline(old.mirror(), source, resync);
        Registration known = old.registration();
        if (known != null) {
            next.identify(known);
        }
        old.drop();
        mirrors.replace(old, next);
        next.showOld(true);
        successors.put(old, next);
        return () -> begin(old);
    }

    /// The transaction that dropped the mirror or had it copied anew has ended. Once for each.
    void begin(MirrorPipeline pipeline) {
        leaving.add(pipeline);
        if (!successors.containsKey(pipeline)) {
            names.add(pipeline, pipeline.registration());
        }
        proceed(pipeline);
    }

    /// Lets go of a leaving mirror once no background job works on it: hands on to its successor
    /// what that takes over, or removes its files when no reader holds them.
    void proceed(MirrorPipeline pipeline) {
        if (!leaving.contains(pipeline) || successors.containsValue(pipeline) || jobs.endFor(pipeline)) {
            return;
        }
        leaving.remove(pipeline);
        Inheritance left = pipeline.bequeath();
        MirrorPipeline next = successors.remove(pipeline);
        if (next == null) {
            remove(pipeline, left);
            return;
        }
        next.inherit(left);
        if (next.state() instanceof MirrorState.Dropped) {
            proceed(next);
        } else {
            jobs.startCopy(next);
        }
    }

    /// Removes files when no reader holds them; the name is not used again before.
    private void remove(MirrorPipeline pipeline, @Nullable Inheritance left) {
        if (left == null) {
            gone(pipeline);
            return;
        }
        left.leave(() -> session.resources().work().execute(() -> {
            session.tables().drop(left.shape());
            session.lock().lock();
            try {
                gone(pipeline);
            } finally {
                session.lock().unlock();
            }
        }));
    }

    private void gone(MirrorPipeline pipeline) {
        names.remove(pipeline);
        jobs.signal();
    }
}
