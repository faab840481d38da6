package mooncake.server;

import mooncake.lake.LakeTable;
import mooncake.mirror.MirrorTable;
import mooncake.mirror.filter.RowFilter;
import mooncake.model.Change;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.TableSchema;
import mooncake.model.Tuple;
import org.jspecify.annotations.Nullable;

/// Applies what the log says of a source to its mirror's table, by the definition that holds at
/// that point of the log.
///
/// One thread at a time: first the copier that fills the table, then the applier.
final class MirrorWriter implements AutoCloseable {
    private final MirrorTable table;
    private final Definition.Types types;
    private final LakeTable lakeTable;
    private final MirrorTables tables;
    private Registration registration;
    private Change.@Nullable Relation relation;
    private @Nullable RowMapping mapping;

    /// Set along with the mapping, for a mirror that has one.
    private @Nullable RowFilter filter;

    MirrorWriter(
            Registration registration,
            MirrorTable table,
            LakeTable lakeTable,
            Definition.Types types,
            MirrorTables tables) {
        this.registration = registration;
        this.table = table;
        this.lakeTable = lakeTable;
        this.types = types;
        this.tables = tables;
    }

    MirrorTable table() {
        return table;
    }

    /// The mirror as the rows applied so far know it.
    Registration registration() {
        return registration;
    }

    /// How the rows that follow are made up. Whether that fits the definition is asked when one
    /// comes: the definition may change in between.
    void relation(Change.Relation described) {
        relation = described;
        mapping = null;
    }

    /// The definition changed, in a way that needs no new copy; everything applied before keeps its
    /// meaning. False when it is known already.
    boolean evolve(int generation, String definition) {
        if (generation <= registration.generation()) {
            return false;
        }
        Definition next = DefinitionJson.read(definition).keepingTextOf(registration.definition());
        TableSchema schema = next.schema(registration.qualifiedName(), types);
        if (!schema.equals(registration.schema())) {
            if (!lakeTable.canFollow(schema)) {
                throw new MooncakeException(
                        ErrorCode.NOT_IN_PLACE,
                        "mirror " + registration.qualifiedName()
                                + " has to be copied anew for its source's new columns");
            }
            table.evolve(schema, tables.rows(schema), tables.keys(schema));
        }
        registration = registration.with(next, schema, generation);
        mapping = null;
        return true;
    }

    /// A row of the copy, in the mirror's order.
    void copied(Tuple row) {
        table.appendCopied(row);
    }

    void apply(Change change) {
        switch (change) {
            case Change.Insert insert -> insert(insert);
            case Change.Update update -> update(update);
            case Change.Delete delete -> {
                Tuple old = mapping().old(delete.old());
                if (filter == null) {
                    table.delete(old);
                } else {
                    table.applyFiltered(new Change.Delete(delete.relation(), old), false);
                }
            }
            case Change.Truncate _ -> table.truncate();
            case Change.Begin _, Change.Commit _, Change.Relation _, Change.Message _, Change.Progress _ ->
                throw new IllegalArgumentException("no row change: " + change);
        }
    }

    private void insert(Change.Insert insert) {
        Tuple row = mapping().row(insert.row());
        RowFilter rowFilter = filter;
        if (rowFilter == null || rowFilter.passes(insert.row(), null)) {
            table.insert(row);
        }
    }

    private void update(Change.Update update) {
        Tuple before = update.old();
        Tuple old = before == null ? null : mapping().old(before);
        Tuple row = mapping().row(update.row());
        RowFilter rowFilter = filter;
        if (rowFilter == null) {
            table.update(old, row);
        } else {
            boolean passes = rowFilter.passes(update.row(), before);
            table.applyFiltered(new Change.Update(update.relation(), old, row), passes);
        }
    }

    private RowMapping mapping() {
        RowMapping known = mapping;
        if (known == null) {
            Change.Relation described = relation;
            if (described == null) {
                throw new MooncakeException(
                        ErrorCode.BROKEN_INVARIANT,
                        "a row of " + registration.qualifiedSource() + " came before its description");
            }
            known = RowMapping.of(registration, described);
            mapping = known;
            String condition = registration.definition().filter();
            filter = condition == null ? null : RowFilter.parse(condition, described.columns());
        }
        return known;
    }

    @Override
    public void close() {
        table.close();
    }
}
