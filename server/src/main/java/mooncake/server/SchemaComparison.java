package mooncake.server;

import java.util.List;
import mooncake.model.Change;
import mooncake.model.Column;
import mooncake.model.Storage;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;

/// Compares what the log says of a source's columns with what its mirror was made for.
final class SchemaComparison {
    private SchemaComparison() {}

    /// A sentence naming the first difference, or null when there is none.
    static @Nullable String difference(TableSchema expected, Change.Relation relation) {
        List<Change.RelationColumn> columns = relation.columns();
        for (int i = 0; i < Math.min(columns.size(), expected.width()); i++) {
            Change.RelationColumn now = columns.get(i);
            Column then = expected.column(i);
            if (!now.name().equals(then.name())) {
                return "column \"" + then.name() + "\" is now \"" + now.name() + "\"";
            }
            if (now.typeOid() != then.type().oid() || modifierMatters(then, now)) {
                return "the type of column \"" + now.name() + "\" is no longer "
                        + then.type().displayName();
            }
        }
        if (columns.size() > expected.width()) {
            return "column \"" + columns.get(expected.width()).name() + "\" was added";
        }
        if (columns.size() < expected.width()) {
            return "column \"" + expected.column(columns.size()).name() + "\" is gone";
        }
        return null;
    }

    private static boolean modifierMatters(Column then, Change.RelationColumn now) {
        if (then.type().typmod() >= 0) {
            return then.type().typmod() != now.typmod();
        }
        return now.typmod() >= 0 && then.type().storage() != Storage.STRING;
    }
}
