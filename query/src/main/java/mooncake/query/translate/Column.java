package mooncake.query.translate;

import java.util.List;

/// A column that a sub-SELECT delivers under the name `c` and its number; where a numeric's display scale differs from
/// row to row, `c` number `s` holds it.
///
/// @param collation the column's collation, 0 for none
/// @param origins columns of mirrors whose rows outside of a range of values matter to no row within it of this column
record Column(int number, Form form, int collation, List<Scope.MirrorColumn> origins) {
    Column {
        origins = List.copyOf(origins);
    }

    Column(int number, Form form, int collation) {
        this(number, form, collation, List.of());
    }

    Scalar in(String alias) {
        String name = alias + ".c" + number;
        Form seen = form instanceof Form.Decimal(int precision, int scale, String shown) && shown != null
                ? new Form.Decimal(precision, scale, name + "s")
                : form;
        return Scalar.of(name, seen, false);
    }
}
