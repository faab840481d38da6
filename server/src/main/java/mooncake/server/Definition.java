package mooncake.server;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mooncake.mirror.SentValue;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.ErrorCode;
import mooncake.model.Identity;
import mooncake.model.MooncakeException;
import mooncake.model.StoredValue;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;

/// What a mirror is made of at one point of the log, as the registry's column `definition` says it.
///
/// @param key field numbers of the key's columns, in key order
/// @param filter the condition that mirrored rows meet, in SQL over the source's columns, or null
record Definition(
        List<DefinedColumn> columns,
        List<Integer> key,
        Identity identity,
        DdlPolicy onDdl,
        @Nullable String filter) {
    Definition {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /// A column of the mirror and where its values come from.
    ///
    /// @param field its attribute number in the mirror, which is its Iceberg field id
    /// @param source its attribute number in the source, 0 when the source has lost it
    /// @param initial hex of the value of rows from before the column, in the type's binary send
    ///     format, or null
    /// @param text whether it is kept as text because a value came that its own form cannot hold
    record DefinedColumn(
            int field,
            int source,
            String sourceName,
            String name,
            int type,
            int typmod,
            boolean notNull,
            @Nullable String initial,
            boolean text) {
        DefinedColumn asText() {
            return new DefinedColumn(field, source, sourceName, name, type, typmod, notNull, initial, true);
        }
    }

    /// The column of this name in the mirror, or null.
    @Nullable
    DefinedColumn named(String name) {
        for (DefinedColumn column : columns) {
            if (column.name().equals(name)) {
                return column;
            }
        }
        return null;
    }

    /// The same with one column kept as text.
    Definition withText(int field) {
        return withText(Set.of(field));
    }

    /// What the extension writes does not know of columns that the engine had to keep as text; they
    /// stay so.
    Definition keepingTextOf(Definition before) {
        Set<Integer> fields = new HashSet<>();
        for (DefinedColumn old : before.columns()) {
            if (old.text()) {
                fields.add(old.field());
            }
        }
        return fields.isEmpty() ? this : withText(fields);
    }

    private Definition withText(Set<Integer> fields) {
        List<DefinedColumn> next = new ArrayList<>();
        for (DefinedColumn column : columns) {
            next.add(fields.contains(column.field()) ? column.asText() : column);
        }
        return new Definition(next, key, identity, onDdl, filter);
    }

    /// Finds the type of a column.
    interface Types {
        ColumnType resolve(int oid, int typmod);
    }

    /// The engine's form of it; `mirror` is the mirror's name for messages.
    TableSchema schema(String mirror, Types types) {
        List<Column> resolved = new ArrayList<>();
        for (DefinedColumn column : columns) {
            resolved.add(column(mirror, column, types));
        }
        List<Integer> positions = new ArrayList<>();
        for (int field : key) {
            positions.add(position(mirror, field));
        }
        return switch (identity) {
            case KEY, APPEND_ONLY -> new TableSchema(resolved, positions, identity);
            case FULL_ROW -> TableSchema.fullRow(resolved);
        };
    }

    private int position(String mirror, int field) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).field() == field) {
                return i;
            }
        }
        throw new MooncakeException(
                ErrorCode.BROKEN_INVARIANT, "mirror " + mirror + " has no column " + field + " for its key");
    }

    private static Column column(String mirror, DefinedColumn column, Types types) {
        ColumnType type = types.resolve(column.type(), column.typmod());
        if (column.text()) {
            type = type.asText().orElse(type);
        }
        Column plain = new Column(column.field(), column.name(), type, column.notNull());
        String initial = column.initial();
        if (initial == null) {
            return plain;
        }
        StoredValue value =
                SentValue.stored(mirror, plain, java.util.HexFormat.of().parseHex(initial));
        return new Column(column.field(), column.name(), type, column.notNull(), value);
    }
}
