package mooncake.query.translate;

import java.util.List;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// Rows of expressions where they are compared or tested.
final class RowSql {
    private final ExprSql expressions;

    RowSql(ExprSql expressions) {
        this.expressions = expressions;
    }

    /// A row is null when all of its fields are, and not null when none is.
    Scalar nullTest(Expr.Row row, boolean isNull) {
        if (row.fields().isEmpty()) {
            return Scalar.bool("TRUE", false);
        }
        List<Scalar> fields = row.fields().stream().map(expressions::translate).toList();
        String test = isNull ? " IS NULL" : " IS NOT NULL";
        List<String> tests = fields.stream().map(field -> field.sql() + test).toList();
        return Scalar.bool("(" + String.join(" AND ", tests) + ")", ExprSql.anyFails(fields));
    }

    /// The first fields that differ decide; a null among the fields before makes the answer null.
    Scalar compare(Expr.RowCompare compare) {
        String strict = switch (compare.order()) {
            case LESS, LESS_OR_EQUAL -> " < ";
            case GREATER, GREATER_OR_EQUAL -> " > ";
        };
        String last = switch (compare.order()) {
            case LESS -> " < ";
            case LESS_OR_EQUAL -> " <= ";
            case GREATER_OR_EQUAL -> " >= ";
            case GREATER -> " > ";
        };
        String sql = "";
        boolean fails = false;
        for (int i = compare.left().size() - 1; i >= 0; i--) {
            Scalar left = expressions.translate(compare.left().get(i));
            Scalar right = expressions.translate(compare.right().get(i));
            fails |= left.fails() || right.fails();
            int collation = compare.inputCollations().get(i);
            String a = key(left, right, collation);
            String b = key(right, left, collation);
            sql = sql.isEmpty()
                    ? "(" + a + last + b + ")"
                    : "(CASE WHEN " + a + " <> " + b + " THEN " + a + strict + b + " WHEN " + a + " = " + b + " THEN "
                            + sql + " END)";
        }
        return Scalar.bool(sql, fails);
    }

    private String key(Scalar value, Scalar other, int collation) {
        Form form = value.form();
        Form with = other.form();
        boolean free = Forms.isNumeric(form)
                && Forms.isNumeric(with)
                && (form instanceof Form.Free || with instanceof Form.Free);
        if (free) {
            return "mc_num_key(" + Forms.free(value) + ")";
        }
        boolean numbers = isNumber(form) && isNumber(with);
        boolean alike = form.getClass() == with.getClass() && (!(form instanceof Form.Plain) || form.equals(with));
        if (!numbers && !alike) {
            throw Refusal.because("Fields of rows have types that are not brought together.");
        }
        return numbers
                ? IntegerSql.kept(value)
                : Forms.orderKey(value, collation, expressions.context().collations());
    }

    private static boolean isNumber(Form form) {
        return form instanceof Form.Plain(int type) && (type == Oids.INT2 || type == Oids.INT4 || type == Oids.INT8);
    }
}
