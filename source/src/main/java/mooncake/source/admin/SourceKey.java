package mooncake.source.admin;

import java.util.List;

/// A unique index that rows can be found by: valid, immediate, without predicate and expressions, all columns NOT NULL.
///
/// @param columns attribute numbers in index order
/// @param replicaIdentity whether the table names it as its replica identity
public record SourceKey(
        int indexOid, String indexName, boolean primary, boolean replicaIdentity, List<Integer> columns) {
    public SourceKey {
        columns = List.copyOf(columns);
    }
}
