package mooncake.query.translate;

import java.util.Set;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// Casts that are not functions.
final class Casts {
    private static final Set<Integer> TEXTS = Set.of(Oids.TEXT, Oids.VARCHAR);
    private static final Set<Integer> READ_AS_JSON = Set.of(Oids.TEXT, Oids.JSON, Oids.JSONB);
    private static final int CIDR = 650;
    private static final int INET = 869;
    private static final int BIT = 1560;
    private static final int VARBIT = 1562;

    private Casts() {}

    /// The same bytes under another type.
    static Scalar relabel(Scalar value, Expr.Relabel relabel) {
        int from = relabel.arg().type();
        int to = relabel.type();
        if (from == to || (TEXTS.contains(from) && TEXTS.contains(to))) {
            return value;
        }
        if (from >= Oids.CATALOGUED && isOf(value.form(), to)) {
            return value;
        }
        if (value.form() instanceof Form.Document(int _, String code)) {
            if (from == CIDR && to == INET) {
                return Scalar.of("mc_cidr_inet(" + value.sql() + ")", new Form.Document(to, code), value.fails());
            }
            if (from == BIT && to == VARBIT) {
                return Scalar.of(value.sql(), new Form.Document(to, code), value.fails());
            }
        }
        if (Oids.isReference(from) && Oids.isReference(to)) {
            Form form = to == Oids.OID ? new Form.Plain(to) : new Form.Kept(to, "BIGINT");
            return Scalar.of(value.sql(), form, value.fails());
        }
        if (from == Oids.INT4 && to == Oids.OID) {
            return unsigned(value);
        }
        if (from == Oids.OID && to == Oids.INT4) {
            String number = value.sql();
            String sql = "CAST(CASE WHEN " + number + " > " + Integer.MAX_VALUE + " THEN " + number
                    + " - 4294967296 ELSE " + number + " END AS INTEGER)";
            return Scalar.of(sql, new Form.Plain(to), value.fails());
        }
        if (TEXTS.contains(from) && to == Oids.BPCHAR) {
            return new Scalar(value.sql(), new Form.Padded(-1), value.literal(), value.fails());
        }
        if (from == Oids.BPCHAR && TEXTS.contains(to)) {
            throw Refusal.because("A char value seen as text with its padding is not translated.");
        }
        throw Refusal.because("Seeing type %d as type %d is not translated.", from, to);
    }

    /// An integer whose bits are seen as a number without sign.
    static Scalar unsigned(Scalar integer) {
        String sql = "(CAST(" + integer.sql() + " AS BIGINT) & " + Literals.UNSIGNED + ")";
        return Scalar.of(sql, new Form.Plain(Oids.OID), integer.fails());
    }

    /// Whether the form is that of a type; a value of a domain has the form of the type below it.
    private static boolean isOf(Form form, int type) {
        return switch (form) {
            case Form.Plain(int seen) -> seen == type || (TEXTS.contains(seen) && TEXTS.contains(type));
            case Form.Padded _ -> type == Oids.BPCHAR;
            case Form.Decimal _, Form.Free _, Form.NullNumeric _ -> type == Oids.NUMERIC;
            case Form.Document(int seen, String _) -> seen == type;
            case Form.Kept(int seen, String _) -> seen == type;
        };
    }

    static Scalar viaText(Scalar value, Expr.ViaText cast, Context context) {
        boolean toJson = cast.type() == Oids.JSON || cast.type() == Oids.JSONB;
        if (toJson && value.form() instanceof Form.Plain(int from) && READ_AS_JSON.contains(from)) {
            String read = cast.type() == Oids.JSON ? "mc_json_in(" : "mc_jsonb_in(";
            return Scalar.of(read + value.sql() + ")", new Form.Plain(cast.type()), true);
        }
        if (!TEXTS.contains(cast.type())) {
            return TextCasts.read(value, cast.type(), context);
        }
        return Scalar.of(Printed.text(value, context), new Form.Plain(Oids.TEXT), value.fails());
    }
}
