package mooncake.query.translate;

import java.util.List;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// How values of different forms meet, and what they are compared by.
final class Forms {
    private Forms() {}

    /// The form that holds the values of all of these, which have one Postgres type.
    static Form common(List<Scalar> values) {
        Form common = values.getFirst().form();
        for (Scalar value : values.subList(1, values.size())) {
            common = common(common, value.form());
        }
        return common;
    }

    static Form common(Form a, Form b) {
        if (a.equals(b) || b instanceof Form.NullNumeric) {
            return a;
        }
        if (a instanceof Form.NullNumeric) {
            return b;
        }
        if (a instanceof Form.Decimal left && b instanceof Form.Decimal right) {
            return common(left, right);
        }
        if (isNumeric(a) && isNumeric(b)) {
            return new Form.Free();
        }
        if (a instanceof Form.Padded && b instanceof Form.Padded) {
            return new Form.Padded(-1);
        }
        throw Refusal.because("Values of different types meet.");
    }

    private static Form common(Form.Decimal left, Form.Decimal right) {
        int scale = Math.max(left.scale(), right.scale());
        int precision = Math.max(left.wholeDigits(), right.wholeDigits()) + scale;
        if (precision > Form.Decimal.MAX_PRECISION) {
            return new Form.Free();
        }
        boolean exact = left.shown() == null && right.shown() == null && left.scale() == right.scale();
        return new Form.Decimal(precision, scale, exact ? null : Integer.toString(scale));
    }

    static boolean isNumeric(Form form) {
        return switch (form) {
            case Form.Decimal _, Form.Free _, Form.NullNumeric _ -> true;
            case Form.Plain _, Form.Padded _, Form.Document _, Form.Kept _ -> false;
        };
    }

    /// The same value in another form of its type.
    static Scalar convert(Scalar value, Form form) {
        if (value.form().equals(form)) {
            return value;
        }
        return switch (form) {
            case Form.Free _ -> new Scalar(free(value), form, value.literal(), value.fails());
            case Form.Decimal(int precision, int scale, String shown) -> {
                String sql = "CAST(" + value.sql() + " AS " + new Form.Decimal(precision, scale, null).duckType() + ")";
                Form seen = form;
                if (value.form() instanceof Form.Decimal from && shown != null) {
                    seen = new Form.Decimal(precision, scale, from.shownScale());
                }
                yield new Scalar(sql, seen, value.literal(), value.fails());
            }
            case Form.Padded _
            when value.form() instanceof Form.Padded -> new Scalar(value.sql(), form, value.literal(), value.fails());
            case Form.Padded _, Form.Plain _, Form.NullNumeric _, Form.Document _, Form.Kept _ ->
                throw Refusal.because("A value does not have the type that is due.");
        };
    }

    /// A numeric as the text Postgres prints for it.
    static String free(Scalar value) {
        return switch (value.form()) {
            case Form.Free _ -> value.sql();
            case Form.NullNumeric _ -> "CAST(NULL AS VARCHAR)";
            case Form.Decimal decimal ->
                decimal.shown() == null
                        ? decimalText(value.sql(), decimal)
                        : "mc_num_shown(" + decimalText(value.sql(), decimal) + ", CAST(" + decimal.shown()
                                + " AS INTEGER))";
            case Form.Plain _, Form.Padded _, Form.Document _, Form.Kept _ ->
                throw Refusal.because("A value is not numeric.");
        };
    }

    /// DuckDB writes no digit before the point of a decimal that can have none.
    private static String decimalText(String sql, Form.Decimal decimal) {
        if (decimal.wholeDigits() > 0) {
            return "CAST(" + sql + " AS VARCHAR)";
        }
        return decimal.precision() < Form.Decimal.MAX_PRECISION
                ? "CAST(CAST(" + sql + " AS DECIMAL(" + (decimal.precision() + 1) + "," + decimal.scale()
                        + ")) AS VARCHAR)"
                : "mc_num_shown(CAST(" + sql + " AS VARCHAR), " + decimal.scale() + ")";
    }

    /// SQL by which equal values are equal and only those, for grouping; such a group is shown as any of its values.
    static String groupKey(Scalar value) {
        return switch (value.form()) {
            case Form.Plain(int type) -> {
                if (type == Oids.JSON) {
                    throw Refusal.because("Values of type %d are not grouped by their bytes.", type);
                }
                if (type == Oids.JSONB) {
                    yield documentKey(value.sql(), "jsonb");
                }
                yield type == Oids.INTERVAL ? "mc_interval_key(" + value.sql() + ")" : value.sql();
            }
            case Form.Decimal _ -> value.sql();
            case Form.Padded(int length) -> length < 0 ? "rtrim(" + value.sql() + ", ' ')" : value.sql();
            case Form.Free _ -> "mc_num_key(" + value.sql() + ")";
            case Form.Document(int _, String code) ->
                Types.isIdentical(code) ? value.sql() : documentKey(value.sql(), code);
            case Form.Kept(int type, String _) ->
                throw Refusal.because("Values of type %d are not grouped by their bytes.", type);
            case Form.NullNumeric _ -> value.sql();
        };
    }

    /// Whether equal values of a form may be different ones, so that they are only grouped by [#groupKey].
    static boolean isKeyed(Form form) {
        return switch (form) {
            case Form.Plain(int type) -> type == Oids.INTERVAL || type == Oids.JSONB;
            case Form.Document(int _, String code) -> !Types.isIdentical(code);
            case Form.Decimal decimal -> decimal.shown() != null;
            case Form.Padded(int length) -> length < 0;
            case Form.Free _ -> true;
            case Form.NullNumeric _, Form.Kept _ -> false;
        };
    }

    /// The same SQL taken for a value of another form.
    static Scalar seenAs(Scalar value, Form form) {
        return new Scalar(value.sql(), form, value.literal(), value.fails());
    }

    /// An aggregate that gives one of a group's values.
    static Scalar anyOf(Scalar value) {
        return anyOf(value, "");
    }

    /// @param suffix what follows the aggregate's call
    static Scalar anyOf(Scalar value, String suffix) {
        return each(value, "any_value(", ")" + suffix);
    }

    /// The value where a condition holds, else NULL.
    static Scalar when(String condition, Scalar value) {
        return each(value, "CASE WHEN " + condition + " THEN ", " END");
    }

    private static Scalar each(Scalar value, String before, String after) {
        Form form = value.form();
        if (form instanceof Form.Decimal(int precision, int scale, String shown) && shown != null) {
            form = new Form.Decimal(precision, scale, before + shown + after);
        }
        return Scalar.of(before + value.sql() + after, form, value.fails());
    }

    /// SQL whose order in DuckDB is the order of the values in Postgres.
    static String orderKey(Scalar value, int collation, Collations collations) {
        return switch (value.form()) {
            case Form.Plain(int type) -> {
                if (type == Oids.TEXT || type == Oids.NAME) {
                    yield collations.orderKey(value.sql(), collation);
                } else if (type == Oids.JSON) {
                    throw Refusal.because("Values of type %d are not ordered.", type);
                } else if (type == Oids.JSONB) {
                    collations.requireOrder(Collations.DEFAULT);
                    yield documentKey(value.sql(), "jsonb");
                }
                yield type == Oids.INTERVAL ? "mc_interval_key(" + value.sql() + ")" : value.sql();
            }
            case Form.Padded _ -> {
                yield collations.orderKey("rtrim(" + value.sql() + ", ' ')", collation);
            }
            case Form.Decimal _, Form.NullNumeric _ -> value.sql();
            case Form.Free _ -> "mc_num_key(" + value.sql() + ")";
            case Form.Document(int _, String code) -> {
                if (code.contains("text")) {
                    collations.requireOrder(collation);
                }
                yield documentKey(value.sql(), code);
            }
            case Form.Kept(int type, String _) -> throw Refusal.because("Values of type %d are not ordered.", type);
        };
    }

    /// Whether DuckDB orders values of the form as they are, texts under a collation of bytes.
    static boolean isBareOrder(Form form) {
        return switch (form) {
            case Form.Plain(int type) -> type != Oids.INTERVAL && type != Oids.JSON && type != Oids.JSONB;
            case Form.Decimal(int _, int _, String shown) -> shown == null;
            case Form.NullNumeric _ -> true;
            case Form.Padded _, Form.Free _, Form.Document _, Form.Kept _ -> false;
        };
    }

    /// Bytes whose order is that of values held as text.
    static String documentKey(String sql, String code) {
        if (code.contains("none")) {
            throw Refusal.because("Values of type %d are not compared.", Oids.JSON);
        }
        return "mc_key(" + sql + ", " + Literals.text(code) + ")";
    }

    /// Adds `sql AS cN`, and the shown scale as `cNs` where there is one.
    static void addTarget(List<String> targets, Scalar value, int number) {
        targets.add(value.sql() + " AS c" + number);
        if (value.form() instanceof Form.Decimal(int _, int _, String shown) && shown != null) {
            targets.add("CAST(" + shown + " AS INTEGER) AS c" + number + "s");
        }
    }
}
