package mooncake.query.translate;

import java.util.List;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;

/// Rules for functions that return rows.
final class SetRules {
    private SetRules() {}

    /// The rows of a call, by the rule that the allow-list names for it.
    static RowList apply(FunctionTable.Function function, Expr.Call call, List<Scalar> args, Context context) {
        return switch (function.rule()) {
            case "series_integer" -> integers(call.type(), args);
            case "series_numeric" -> numerics(args);
            case "series_timestamp" -> moments(call.type(), args, context);
            default -> DocumentRows.apply(function, args, context);
        };
    }

    private static RowList integers(int type, List<Scalar> args) {
        Form form = new Form.Plain(type);
        String duckType = Literals.duckType(form);
        String step =
                args.size() < 3 ? "" : ", mc_series_step(CAST(" + args.get(2).sql() + " AS BIGINT))";
        String sql = "generate_series(CAST(" + args.get(0).sql() + " AS BIGINT), CAST("
                + args.get(1).sql() + " AS BIGINT)" + step + ")";
        return RowList.of(
                type == Oids.INT8 ? sql : "CAST(" + sql + " AS " + duckType + "[])",
                form,
                args.size() > 2 || ExprSql.anyFails(args));
    }

    /// As in Postgres the first number shows the scale of the start, the others the larger one of start and step.
    private static RowList numerics(List<Scalar> args) {
        String start = Forms.free(args.get(0));
        String stop = Forms.free(args.get(1));
        String step = args.size() < 3 ? "'1'" : Forms.free(args.get(2));
        String count = "mc_num_series(" + start + ", " + stop + ", " + step + ")";
        String sql = "list_transform(range(" + count + "), lambda i : CASE WHEN i = 0 THEN " + start
                + " ELSE mc_num_add(" + start + ", mc_num_mul(CAST(i AS VARCHAR), " + step + ")) END)";
        return RowList.of(sql, new Form.Free(), true);
    }

    private static RowList moments(int type, List<Scalar> args, Context context) {
        boolean zoned = type == Oids.TIMESTAMPTZ;
        String start = args.get(0).sql();
        String stop = args.get(1).sql();
        String step = args.get(2).sql();
        String all = start + ", " + stop + ", " + step;
        String zone = args.size() > 3 ? args.get(3).sql() : zoned ? context.zoneLiteral() : "";
        String sql = zoned
                ? "list_transform(CAST(string_split(nullif(mc_series_timestamptz(" + all + ", " + zone
                        + "), ''), ',') AS BIGINT[]), lambda i : make_timestamptz(i))"
                : "generate_series(" + start + ", " + stop + ", mc_series_timestamp(" + all + "))";
        return RowList.of(sql, new Form.Plain(type), true);
    }
}
