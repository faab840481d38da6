package mooncake.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The mirrors of one source database, by their own OID and by their source's, and which of them
/// need a look: so that a thousand idle ones cost nothing. Changed under the session's lock;
/// [#find] and [#all] may be read by any thread.
final class MirrorSet {
    private final Map<Integer, MirrorPipeline> byMirror = new ConcurrentHashMap<>();
    private final Map<Integer, List<MirrorPipeline>> bySource = new HashMap<>();
    private final Set<Integer> removed = new HashSet<>();
    private Set<MirrorPipeline> unpublished = new LinkedHashSet<>();
    private Set<MirrorPipeline> unconsidered = new LinkedHashSet<>();
    private final Set<MirrorPipeline> active = new LinkedHashSet<>();
    private final Set<MirrorPipeline> catchingUp = new LinkedHashSet<>();

    void add(MirrorPipeline pipeline) {
        byMirror.put(pipeline.mirror(), pipeline);
        bySource.computeIfAbsent(pipeline.source(), _ -> new ArrayList<>()).add(pipeline);
        pipeline.watch(this::touched);
        touched(pipeline);
    }

    private void touched(MirrorPipeline pipeline) {
        unpublished.add(pipeline);
        unconsidered.add(pipeline);
        active.add(pipeline);
        if (pipeline.state() instanceof MirrorState.CatchingUp) {
            catchingUp.add(pipeline);
        }
    }

    void remove(MirrorPipeline pipeline) {
        byMirror.remove(pipeline.mirror());
        removed.add(pipeline.mirror());
        forget(pipeline);
    }

    /// `next` takes the place of `old`; readers go on to see what `old` showed.
    void replace(MirrorPipeline old, MirrorPipeline next) {
        forget(old);
        add(next);
    }

    private void forget(MirrorPipeline pipeline) {
        List<MirrorPipeline> siblings = bySource.get(pipeline.source());
        if (siblings != null) {
            siblings.remove(pipeline);
            if (siblings.isEmpty()) {
                bySource.remove(pipeline.source());
            }
        }
        pipeline.watch(_ -> {});
        unpublished.remove(pipeline);
        unconsidered.remove(pipeline);
        active.remove(pipeline);
        catchingUp.remove(pipeline);
    }

    /// The mirrors removed since the last call: what readers must stop to see.
    Set<Integer> takeRemoved() {
        if (removed.isEmpty()) {
            return Set.of();
        }
        Set<Integer> taken = Set.copyOf(removed);
        removed.clear();
        return taken;
    }

    /// The mirrors that [#takeUnpublished] would hand out now.
    List<MirrorPipeline> unpublished() {
        return List.copyOf(unpublished);
    }

    /// The mirrors of which readers may see something else since the last call.
    Collection<MirrorPipeline> takeUnpublished() {
        if (unpublished.isEmpty()) {
            return List.of();
        }
        Set<MirrorPipeline> taken = unpublished;
        unpublished = new LinkedHashSet<>();
        taken.forEach(MirrorPipeline::published);
        return taken;
    }

    /// The mirrors that changed since the last call.
    Collection<MirrorPipeline> takeUnconsidered() {
        if (unconsidered.isEmpty()) {
            return List.of();
        }
        Set<MirrorPipeline> taken = unconsidered;
        unconsidered = new LinkedHashSet<>();
        taken.forEach(MirrorPipeline::considered);
        return taken;
    }

    /// The mirrors that have something to flush or hold the slot back; the caller takes idle ones
    /// out.
    Set<MirrorPipeline> active() {
        return active;
    }

    /// The mirrors whose copy is in and that the log has yet to reach; the caller takes the others
    /// out.
    Set<MirrorPipeline> catchingUp() {
        return catchingUp;
    }

    @Nullable
    MirrorPipeline find(int mirror) {
        return byMirror.get(mirror);
    }

    List<MirrorPipeline> of(int source) {
        return bySource.getOrDefault(source, List.of());
    }

    Collection<MirrorPipeline> all() {
        return byMirror.values();
    }
}
