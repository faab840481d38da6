package mooncake.server;

import java.util.HashMap;
import java.util.Map;

/// The names of dropped mirrors whose files are not removed yet: a new mirror of such a name has to wait, for its files
/// would go with the old one's. Under the session's lock.
final class LeavingNames {
    private final Map<MirrorPipeline, String> names = new HashMap<>();

    /// A mirror that was never identified has no files and no name to keep.
    void add(MirrorPipeline pipeline) {
        Registration registration = pipeline.registration();
        if (registration != null) {
            names.putIfAbsent(pipeline, registration.qualifiedName());
        }
    }

    void remove(MirrorPipeline pipeline) {
        names.remove(pipeline);
    }

    boolean contains(String name) {
        return names.containsValue(name);
    }
}
