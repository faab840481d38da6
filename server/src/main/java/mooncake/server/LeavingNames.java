package mooncake.server;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The names of Iceberg tables whose files are still to be removed: a new table of such a name has
/// to wait, for its files would go with the old one's. Under the session's lock.
final class LeavingNames {
    private final Map<Object, String> names = new HashMap<>();

    /// What was never identified has no files and no name to keep.
    void add(Object leaver, @Nullable Registration registration) {
        if (registration != null) {
            names.putIfAbsent(leaver, registration.qualifiedName());
        }
    }

    void remove(Object leaver) {
        names.remove(leaver);
    }

    boolean contains(String name) {
        return names.containsValue(name);
    }
}
