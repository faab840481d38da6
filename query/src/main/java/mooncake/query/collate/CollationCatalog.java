package mooncake.query.collate;

import java.util.Optional;

/// The collations of one database by OID; 100 is the database's own.
public interface CollationCatalog {
    int DEFAULT = 100;

    /// Only the ones that are the same everywhere.
    CollationCatalog UNKNOWN = _ -> Optional.empty();

    /// Empty when there is none or the catalog cannot be read.
    Optional<CollationDefinition> find(int oid);
}
