package mooncake.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mooncake.model.ErrorCode;
import mooncake.model.Identity;
import mooncake.model.MooncakeException;
import mooncake.server.Definition.DefinedColumn;
import org.jspecify.annotations.Nullable;

/// What becomes of a mirror's definition when its remote source is described anew.
final class RemoteChange {
    private RemoteChange() {}

    /// The mirror's next definition, empty when nothing changes for it; columns with field 0 are new.
    /// [ErrorCode#MIRROR_FAILED] when its policy or its key forbids the change.
    static Optional<Definition> next(Definition now, Definition described) {
        Definition next = switch (now.onDdl()) {
            case EVOLVE, ERROR -> evolved(now, described);
            case IGNORE -> kept(now, described);
        };
        if (same(now, next)) {
            return Optional.empty();
        }
        if (now.onDdl() == DdlPolicy.ERROR) {
            throw new MooncakeException(
                    ErrorCode.MIRROR_FAILED, "the remote source has other columns, and on_ddl is \"error\"");
        }
        return Optional.of(next);
    }

    private static boolean same(Definition now, Definition next) {
        return now.columns().equals(next.columns())
                && now.identity() == next.identity()
                && (now.identity() != Identity.KEY || now.key().equals(next.key()));
    }

    private static Definition evolved(Definition now, Definition described) {
        List<DefinedColumn> columns = new ArrayList<>();
        for (DefinedColumn column : described.columns()) {
            DefinedColumn before = bySource(now, column.source());
            columns.add(
                    before == null
                            ? withField(column, 0, column.name(), false)
                            : withField(
                                    column,
                                    before.field(),
                                    before.sourceName().equals(column.sourceName()) ? before.name() : column.name(),
                                    before.text()
                                            && before.type() == column.type()
                                            && before.typmod() == column.typmod()));
        }
        return new Definition(columns, key(now, described), described.identity(), now.onDdl(), now.filter());
    }

    /// Only the columns that the mirror has, those that the source has lost included.
    private static Definition kept(Definition now, Definition described) {
        List<DefinedColumn> columns = new ArrayList<>();
        for (DefinedColumn column : now.columns()) {
            DefinedColumn there = column.source() == 0 ? null : bySource(described, column.source());
            columns.add(
                    there == null
                            ? new DefinedColumn(
                                    column.field(),
                                    0,
                                    column.sourceName(),
                                    column.name(),
                                    column.type(),
                                    column.typmod(),
                                    false,
                                    column.initial(),
                                    column.text())
                            : withField(there, column.field(), column.name(), column.text()));
        }
        return new Definition(columns, key(now, described), described.identity(), now.onDdl(), now.filter());
    }

    private static List<Integer> key(Definition now, Definition described) {
        if (described.identity() != Identity.KEY) {
            return described.identity() == Identity.FULL_ROW ? now.key() : List.of();
        }
        List<Integer> key = new ArrayList<>();
        for (int field : described.key()) {
            DefinedColumn column = described.columns().stream()
                    .filter(each -> each.field() == field)
                    .findFirst()
                    .orElseThrow();
            DefinedColumn own = bySource(now, column.source());
            if (own == null) {
                throw new MooncakeException(
                        ErrorCode.MIRROR_FAILED,
                        "the key of the remote source has a new column, \"" + column.name() + "\"",
                        "Drop the mirror and create it again.",
                        null);
            }
            key.add(own.field());
        }
        return key;
    }

    private static @Nullable DefinedColumn bySource(Definition definition, int source) {
        for (DefinedColumn column : definition.columns()) {
            if (column.source() == source) {
                return column;
            }
        }
        return null;
    }

    private static DefinedColumn withField(DefinedColumn column, int field, String name, boolean text) {
        return new DefinedColumn(
                field,
                column.source(),
                column.sourceName(),
                name,
                column.type(),
                column.typmod(),
                column.notNull(),
                null,
                text);
    }
}
