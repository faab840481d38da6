package mooncake.source.admin;

import java.util.List;

/// A relation of the source.
///
/// @param kind `pg_class.relkind`: `r` table, `p` partitioned table, `v` view, `f` foreign table, ...
/// @param persistence `p` permanent, `u` unlogged, `t` temporary
/// @param replicaIdentity `d` default, `i` index, `f` full, `n` nothing
/// @param hasChildren whether it has partitions or inheritance children now
/// @param rowSecurity whether policies may hide rows
/// @param columns live columns in order of their numbers
/// @param keys usable keys, the primary key first, then by name
public record SourceTable(
        int oid,
        String schema,
        String name,
        char kind,
        char persistence,
        char replicaIdentity,
        boolean hasChildren,
        boolean rowSecurity,
        List<SourceColumn> columns,
        List<SourceKey> keys) {
    public SourceTable {
        columns = List.copyOf(columns);
        keys = List.copyOf(keys);
    }
}
