package mooncake.server;

import java.util.List;
import mooncake.model.Change;
import mooncake.model.Column;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.Storage;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;

/// Compares what the log says of a source's columns with what its mirror was made for.
final class SchemaComparison {
    private static final char WITHOUT_OLD_ROWS = 'n';

    private SchemaComparison() {}

    /// A sentence naming the first difference, or null when there is none.
    static @Nullable String difference(TableSchema expected, Change.Relation relation) {
        String columns = difference(expected, relation.columns());
        return columns == null ? missingKey(expected, relation) : columns;
    }

    /// The error that such a difference fails its mirror with.
    static @Nullable MooncakeException failure(Registration mirror, @Nullable String difference) {
        return difference == null
                ? null
                : new MooncakeException(
                        ErrorCode.SOURCE_SCHEMA_CHANGED,
                        "table " + mirror.qualifiedSource() + " was altered: " + difference,
                        "Drop the mirror and create it again.",
                        null);
    }

    static @Nullable String difference(TableSchema expected, List<Change.RelationColumn> columns) {
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

    /// Old rows come with the columns of the replica identity only; without one they do not come at all.
    private static @Nullable String missingKey(TableSchema expected, Change.Relation relation) {
        if (relation.replicaIdentity() == WITHOUT_OLD_ROWS) {
            return null;
        }
        for (int position : expected.key()) {
            if (!relation.columns().get(position).key()) {
                return "its replica identity no longer holds key column \""
                        + expected.column(position).name() + "\"";
            }
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
