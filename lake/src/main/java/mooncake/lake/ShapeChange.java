package mooncake.lake;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import mooncake.model.Column;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.TableSchema;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/// The columns that a table has after a commit, put into its metadata beside the commit's snapshot.
/// Field ids are the mirror's own: with holes where columns came and went between two commits, which
/// Iceberg's way to change a schema does not allow.
///
/// @param nullable field ids that are optional in Iceberg however the source declares them
/// @param properties further properties to set
/// @param fresh whether no file of before stays, so that nothing depends on the columns of before
record ShapeChange(TableSchema wanted, Set<Integer> nullable, boolean fresh, Map<String, String> properties) {
    ShapeChange {
        properties = Map.copyOf(properties);
        nullable = Set.copyOf(nullable);
    }

    /// The metadata with the wanted columns; the very same when it has them already.
    TableMetadata apply(TableMetadata base) {
        for (Column column : wanted.columns()) {
            require(base.schema().findField(column.fieldId()), column);
        }
        Schema next =
                TableShape.icebergSchema(wanted, column -> column.notNull() && !nullable.contains(column.fieldId()));
        boolean same = next.sameSchema(base.schema());
        Map<String, String> set = new HashMap<>();
        TableShape.putProperties(wanted, set);
        set.putAll(properties);
        Set<String> removed = new HashSet<>();
        for (String property : base.properties().keySet()) {
            if (TableShape.isOurs(property) && !set.containsKey(property)) {
                removed.add(property);
            }
        }
        set.entrySet().removeAll(base.properties().entrySet());
        if (same && set.isEmpty() && removed.isEmpty()) {
            return base;
        }
        TableMetadata.Builder builder = TableMetadata.buildFrom(base);
        if (!same) {
            builder.setCurrentSchema(next, Math.max(base.lastColumnId(), next.highestFieldId()));
        }
        return builder.setProperties(set).removeProperties(removed).build();
    }

    /// Whether files of a table with the columns `from` can be read with the columns `to`, by anyone.
    static boolean canFollow(TableSchema from, TableSchema to) {
        Schema before = TableShape.icebergSchema(from);
        for (Column column : to.columns()) {
            if (!canBecome(before.findField(column.fieldId()), column)) {
                return false;
            }
        }
        return true;
    }

    private void require(@Nullable NestedField field, Column column) {
        if (!fresh && !canBecome(field, column)) {
            throw new MooncakeException(
                    ErrorCode.BROKEN_INVARIANT,
                    "column " + column.name() + " cannot become "
                            + column.type().displayName() + " in Iceberg while files of before stay");
        }
    }

    private static boolean canBecome(@Nullable NestedField field, Column column) {
        return field == null
                ? InitialDefault.canSay(column, TableShape.icebergType(column.type()))
                : isPromotion(field, column);
    }

    private static boolean isPromotion(NestedField field, Column column) {
        Type type = TableShape.icebergType(column.type());
        if (!TypeUtil.isPromotionAllowed(field.type(), type.asPrimitiveType())) {
            return false;
        }
        Object before = field.initialDefaultLiteral() == null
                ? null
                : field.initialDefaultLiteral().to(type);
        Object after = InitialDefault.of(column, type).orElse(null);
        return before == null
                ? after == null
                : after != null && before.toString().contentEquals(after.toString());
    }
}
