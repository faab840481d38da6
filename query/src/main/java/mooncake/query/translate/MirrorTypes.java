package mooncake.query.translate;

import java.util.Optional;
import mooncake.model.ColumnType;

/// How mirrors keep their columns.
public interface MirrorTypes {
    /// Nothing is known: columns of built-in types are kept as these usually are.
    MirrorTypes UNKNOWN = (_, _) -> Optional.empty();

    /// The type of a column, by the mirror's OID and the attribute's number; empty when the mirror is not known.
    Optional<ColumnType> find(int mirror, int attribute);
}
