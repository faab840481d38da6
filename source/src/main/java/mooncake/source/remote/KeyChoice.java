package mooncake.source.remote;

import java.util.List;
import java.util.Optional;
import mooncake.source.admin.SourceKey;
import mooncake.source.admin.SourceTable;
import org.jspecify.annotations.Nullable;

/// How a remote table's rows are found, and the replica identity that makes the log tell enough for it.
///
/// @param key null when only the whole row tells
/// @param identity `pg_class.relreplident` to have
record KeyChoice(@Nullable SourceKey key, char identity) {
    /// An index that the owner made the replica identity is the key, whatever the primary key is; FULL serves any key.
    ///
    /// @param before the replica identity that the table has or had without us
    static KeyChoice of(SourceTable table, char before) {
        Optional<SourceKey> named = table.keys().stream()
                .filter(key -> key.replicaIdentity() && before == 'i')
                .findFirst();
        if (named.isPresent()) {
            return new KeyChoice(named.get(), 'i');
        }
        List<SourceKey> keys = table.keys();
        SourceKey first = keys.isEmpty() ? null : keys.getFirst();
        if (first != null && first.primary()) {
            return new KeyChoice(first, before == 'f' ? 'f' : 'd');
        }
        // Each partition would need an index of its own as its identity.
        if (first == null || table.kind() == 'p') {
            return new KeyChoice(null, 'f');
        }
        return new KeyChoice(first, before == 'f' ? 'f' : 'i');
    }
}
