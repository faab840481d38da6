package mooncake.server;

import java.util.List;
import mooncake.model.Change;
import mooncake.model.ColumnType;
import mooncake.model.ErrorCode;
import mooncake.model.Identity;
import mooncake.model.MooncakeException;
import mooncake.model.TableSchema;
import mooncake.model.Tuple;
import mooncake.server.Definition.DefinedColumn;
import org.jspecify.annotations.Nullable;

/// Brings rows of a source, whose columns are as the log describes them, into the order of their
/// mirror's columns.
///
/// Columns are found by name; those that the source has lost are NULL. When both sides have the
/// same columns in the same order nothing is done. A mapped tuple is valid until the next but one:
/// an update has two.
final class RowMapping {
    private static final int ABSENT = TupleMapper.ABSENT;
    private static final char WITHOUT_OLD_ROWS = 'n';
    private static final char WHOLE_OLD_ROWS = 'f';

    private final boolean identity;
    private final TupleMapper row;
    private final TupleMapper old;

    private RowMapping(int[] positions, boolean identity) {
        this.identity = identity;
        this.row = new TupleMapper(positions);
        this.old = new TupleMapper(positions);
    }

    /// [ErrorCode#SOURCE_SCHEMA_CHANGED] when such rows are not what the mirror was made for.
    static RowMapping of(Registration mirror, Change.Relation relation) {
        String difference = difference(mirror.definition(), mirror.schema(), relation);
        if (difference != null) {
            throw new MooncakeException(
                    ErrorCode.SOURCE_SCHEMA_CHANGED,
                    "table " + mirror.qualifiedSource() + " is not as its mirror " + mirror.qualifiedName()
                            + " knows it: " + difference);
        }
        int width = mirror.definition().columns().size();
        int[] positions = new int[width];
        boolean identity = relation.columns().size() == width;
        for (int i = 0; i < width; i++) {
            positions[i] = position(mirror.definition().columns().get(i), relation);
            identity &= positions[i] == i;
        }
        return new RowMapping(positions, identity);
    }

    /// A row in the mirror's order.
    Tuple row(Tuple tuple) {
        return identity ? tuple : row.map(tuple);
    }

    /// The old version of the row that the last call of [#row] gave or the next one will give.
    Tuple old(Tuple tuple) {
        return identity ? tuple : old.map(tuple);
    }

    private static int position(DefinedColumn column, Change.Relation relation) {
        if (column.source() != 0) {
            List<Change.RelationColumn> columns = relation.columns();
            for (int i = 0; i < columns.size(); i++) {
                if (columns.get(i).name().equals(column.sourceName())) {
                    return i;
                }
            }
        }
        return ABSENT;
    }

    /// A sentence naming the first difference, or null when there is none.
    static @Nullable String difference(Definition definition, TableSchema schema, Change.Relation relation) {
        for (int i = 0; i < definition.columns().size(); i++) {
            DefinedColumn column = definition.columns().get(i);
            if (column.source() == 0) {
                continue;
            }
            int position = position(column, relation);
            if (position == ABSENT) {
                return "it has no column \"" + column.sourceName() + "\"";
            }
            Change.RelationColumn now = relation.columns().get(position);
            if (now.typeOid() != column.type()
                    || modifierMatters(schema.column(i).type(), column, now)) {
                return "the type of column \"" + now.name() + "\" is no longer "
                        + schema.column(i).type().displayName();
            }
        }
        return missingKey(definition, schema, relation);
    }

    /// Old rows come with the columns of the replica identity only; without one they do not come at
    /// all.
    private static @Nullable String missingKey(Definition definition, TableSchema schema, Change.Relation relation) {
        if (relation.replicaIdentity() == WITHOUT_OLD_ROWS || schema.identity() == Identity.APPEND_ONLY) {
            return null;
        }
        if (schema.identity() == Identity.FULL_ROW) {
            return relation.replicaIdentity() == WHOLE_OLD_ROWS ? null : "its replica identity is no longer FULL";
        }
        for (int key : schema.key()) {
            int position = position(definition.columns().get(key), relation);
            if (position == ABSENT || !relation.columns().get(position).key()) {
                return "its replica identity no longer holds key column \""
                        + schema.column(key).name() + "\"";
            }
        }
        return null;
    }

    /// Only with a decimal of fixed scale does the modifier say how the value is kept.
    private static boolean modifierMatters(ColumnType type, DefinedColumn column, Change.RelationColumn now) {
        return type instanceof ColumnType.Numeric && column.typmod() != now.typmod();
    }
}
