package mooncake.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.ErrorCode;
import mooncake.model.Identity;
import mooncake.model.MooncakeException;
import mooncake.model.TableSchema;
import mooncake.model.TextForm;
import mooncake.query.frame.Shipment;
import mooncake.query.translate.MirrorTypes;
import org.jspecify.annotations.Nullable;

/// How the columns of shipments are kept: as a mirror of the same table keeps them.
final class ShippedTypes {
    private ShippedTypes() {}

    /// The layouts of shipments; `session` knows the database's own types.
    static List<TableSchema> schemas(List<Shipment> shipments, @Nullable Session session) {
        List<TableSchema> schemas = new ArrayList<>();
        for (Shipment shipment : shipments) {
            List<Column> columns = new ArrayList<>();
            for (Shipment.Column column : shipment.columns()) {
                ColumnType type = ColumnType.of(column.type(), column.typmod()).orElseGet(() -> own(column, session));
                columns.add(new Column(column.attribute(), "column " + column.attribute(), type, false));
            }
            schemas.add(schema(columns));
        }
        return schemas;
    }

    private static ColumnType own(Shipment.Column column, @Nullable Session session) {
        if (session == null) {
            throw new MooncakeException(
                    ErrorCode.NOT_PUSHED,
                    "A table has a column of type " + Integer.toUnsignedString(column.type())
                            + ", which is not known before the database's log is followed.");
        }
        ColumnType type = session.types().resolve(column.type(), column.typmod());
        // A row type may be altered at any time, also by the transaction that ships: its values are only carried.
        return type instanceof ColumnType.Textual textual && hasRows(textual.form())
                ? new ColumnType.Opaque(textual.oid(), textual.typmod(), textual.name())
                : type;
    }

    private static boolean hasRows(TextForm form) {
        return switch (form) {
            case TextForm.Composite _ -> true;
            case TextForm.Array(TextForm element, char _) -> hasRows(element);
            case TextForm.Range(TextForm bound) -> hasRows(bound);
            case TextForm.Multirange(TextForm bound) -> hasRows(bound);
            case TextForm.Simple _ -> false;
        };
    }

    static TableSchema schema(List<Column> columns) {
        return new TableSchema(
                columns.stream()
                        .sorted(Comparator.comparingInt(Column::fieldId))
                        .toList(),
                List.of(),
                Identity.APPEND_ONLY);
    }

    /// For the translator.
    static MirrorTypes types(List<TableSchema> schemas) {
        return (shipment, attribute) -> schemas.get(shipment).columns().stream()
                .filter(column -> column.fieldId() == attribute)
                .map(Column::type)
                .findFirst();
    }

    /// The text of a column of a type that is text elsewhere, as Postgres prints it.
    static String text(String column, ColumnType type) {
        return switch (type) {
            // DuckDB writes no digit before the point of a decimal that can have none.
            case ColumnType.Numeric(int precision, int scale) ->
                precision > scale
                        ? "CAST(" + column + " AS VARCHAR)"
                        : "mc_num_shown(CAST(" + column + " AS VARCHAR), " + scale + ")";
            case ColumnType.Moment _,
                    ColumnType.Scalar _,
                    ColumnType.Unsigned _,
                    ColumnType.Varchar _,
                    ColumnType.Bpchar _,
                    ColumnType.Textual _,
                    ColumnType.Opaque _,
                    ColumnType.Domain _ ->
                throw new MooncakeException(
                        ErrorCode.NOT_PUSHED,
                        "A shipped table has a " + type.displayName() + " beyond what DuckDB can hold.");
        };
    }
}
