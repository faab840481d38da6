package mooncake.lake;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.types.Types;

/// Field ids with gaps in a new table. Iceberg numbers the columns of one itself, from 1 on: where an id is missing a
/// column stands in for it, which the commit that creates the table drops again.
///
/// @param filled the columns with those that stand in
/// @param standIns names of those
record FieldGaps(Schema filled, List<String> standIns) {
    private static final String NAME = "gap_";

    static FieldGaps of(Schema schema) {
        List<Types.NestedField> fields = new ArrayList<>();
        List<String> standIns = new ArrayList<>();
        for (Types.NestedField field : schema.columns()) {
            for (int id = fields.size() + 1; id < field.fieldId(); id++) {
                String name = unused(schema, NAME + id);
                standIns.add(name);
                fields.add(Types.NestedField.optional(id, name, Types.IntegerType.get()));
            }
            fields.add(field);
        }
        return new FieldGaps(new Schema(fields), standIns);
    }

    private static String unused(Schema schema, String name) {
        String free = name;
        while (schema.findField(free) != null) {
            free += "_";
        }
        return free;
    }

    void create(Catalog.TableBuilder builder) {
        Transaction creation = builder.createTransaction();
        if (!standIns.isEmpty()) {
            UpdateSchema update = creation.updateSchema();
            standIns.forEach(update::deleteColumn);
            update.commit();
        }
        creation.commitTransaction();
    }
}
