package mooncake.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The mirrors of one database, by their own OID and by their source's. Changed under the session's lock; [#find] and
/// [#all] may be read by any thread.
final class MirrorSet {
    private final Map<Integer, MirrorPipeline> byMirror = new ConcurrentHashMap<>();
    private final Map<Integer, List<MirrorPipeline>> bySource = new HashMap<>();
    private final Set<Integer> removed = new HashSet<>();

    void add(MirrorPipeline pipeline) {
        byMirror.put(pipeline.mirror(), pipeline);
        bySource.computeIfAbsent(pipeline.source(), _ -> new ArrayList<>()).add(pipeline);
    }

    void remove(MirrorPipeline pipeline) {
        byMirror.remove(pipeline.mirror());
        removed.add(pipeline.mirror());
        List<MirrorPipeline> siblings = bySource.get(pipeline.source());
        if (siblings != null) {
            siblings.remove(pipeline);
        }
    }

    /// The mirrors removed since the last call: what readers must stop to see.
    Set<Integer> takeRemoved() {
        Set<Integer> taken = Set.copyOf(removed);
        removed.clear();
        return taken;
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
