package mooncake.query.translate;

import java.util.List;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;
import org.jspecify.annotations.Nullable;

/// Arithmetic of numeric. Where the result's display scale follows from the arguments' it stays a DuckDB decimal, which
/// computes exactly and fails when it would not; where it depends on the values it is text from `mooncake.query.exact`.
final class NumericRules {
    private static final int DOUBLE_DIGITS = 15;
    private static final int TYPMOD_HEADER = 4;

    private NumericRules() {}

    static Scalar apply(FunctionTable.Function function, List<Scalar> args, boolean fails) {
        Scalar first = args.getFirst();
        return switch (function.rule()) {
            case "numeric_add" -> addOrSubtract(first, " + ", "mc_num_add", args.get(1), fails);
            case "numeric_subtract" -> addOrSubtract(first, " - ", "mc_num_sub", args.get(1), fails);
            case "numeric_multiply" -> multiply(first, args.get(1), fails);
            case "numeric_divide" -> free("mc_num_div", args, fails);
            case "numeric_modulo" -> free("mc_num_mod", args, fails);
            case "numeric_negate" -> unary(first, "(-", ")", "mc_num_neg", fails);
            case "numeric_absolute" -> unary(first, "abs(", ")", "mc_num_abs", fails);
            case "numeric_same" -> first;
            case "numeric_round" -> round(args, fails);
            case "numeric_trunc" -> rounded("mc_num_trunc", args, fails);
            case "numeric_ceil" -> whole("mc_num_ceil", first, fails);
            case "numeric_floor" -> whole("mc_num_floor", first, fails);
            case "numeric_typmod" -> typmod(first, args.get(1), fails);
            case "integer_to_numeric" -> ofInteger(first);
            case "float_to_numeric" ->
                Scalar.of((isFloat4(first) ? "mc_f4_num(" : "mc_f8_num(") + first.sql() + ")", new Form.Free(), fails);
            case "numeric_to_integer" -> toInteger(function, first, fails);
            case "numeric_to_float" -> toFloat(function, first, fails);
            default -> throw Refusal.because("Function %s is not translated.", function.signature());
        };
    }

    static CallSql.Comparison compare(Scalar left, String operator, Scalar right) {
        boolean free = isFree(left) || isFree(right);
        CallSql.Comparison bounded = isFree(right) && !isFree(left)
                ? bounded(left, operator, right)
                : isFree(left) && !isFree(right) ? bounded(right, CallSql.mirrored(operator), left) : null;
        if (bounded != null) {
            return bounded;
        }
        return free
                ? new CallSql.Comparison(
                        "mc_num_key(" + Forms.free(left) + ")", operator, "mc_num_key(" + Forms.free(right) + ")")
                : new CallSql.Comparison(left.sql(), operator, right.sql());
    }

    /// A decimal against text: for an order, the text becomes the nearest decimal of the same scale on the side that
    /// does not change the answer, so that the decimal's column is compared as it is.
    private static CallSql.@Nullable Comparison bounded(Scalar decimal, String operator, Scalar free) {
        if (!(decimal.form() instanceof Form.Decimal(int _, int scale, String _))) {
            return null;
        }
        String rounding = switch (operator) {
            case ">", "<=" -> "mc_num_floor";
            case "<", ">=" -> "mc_num_ceil";
            default -> null;
        };
        if (rounding == null) {
            return null;
        }
        String shifted = scale == 0 ? free.sql() : "mc_num_mul(" + free.sql() + ", '1" + "0".repeat(scale) + "')";
        String whole = "CAST(" + rounding + "(" + shifted + ") AS DECIMAL(38,0))";
        String unit = "CAST('0." + "0".repeat(Math.max(0, scale - 1)) + "1' AS DECIMAL(" + scale + "," + scale + "))";
        return new CallSql.Comparison(decimal.sql(), operator, scale == 0 ? whole : "(" + whole + " * " + unit + ")");
    }

    static Scalar ofInteger(Scalar value) {
        if (!(value.form() instanceof Form.Plain(int type))) {
            throw Refusal.because("A value is not an integer.");
        }
        int digits = switch (type) {
            case Oids.INT2 -> 5;
            case Oids.INT4 -> 10;
            case Oids.INT8 -> 19;
            default -> throw Refusal.because("A value of type %d is not an integer.", type);
        };
        Form.Decimal form = Form.Decimal.of(digits, 0);
        return Scalar.of("CAST(" + value.sql() + " AS " + form.duckType() + ")", form, value.fails());
    }

    /// A decimal's form; a NULL constant has the narrowest.
    static Form.Decimal decimal(Scalar value) {
        return switch (value.form()) {
            case Form.Decimal decimal -> decimal;
            case Form.NullNumeric _ -> Form.Decimal.of(1, 0);
            case Form.Free _, Form.Plain _, Form.Padded _, Form.Document _, Form.Kept _ ->
                throw Refusal.because("A value is not a decimal.");
        };
    }

    static boolean isFree(Scalar value) {
        return value.form() instanceof Form.Free;
    }

    private static Scalar addOrSubtract(Scalar left, String operator, String function, Scalar right, boolean fails) {
        if (isFree(left) || isFree(right)) {
            return free(function, List.of(left, right), fails);
        }
        Form.Decimal a = decimal(left);
        Form.Decimal b = decimal(right);
        int scale = Math.max(a.scale(), b.scale());
        int precision = Math.max(a.wholeDigits(), b.wholeDigits()) + scale + 1;
        String shown = a.shown() == null && b.shown() == null
                ? null
                : "greatest(" + a.shownScale() + ", " + b.shownScale() + ")";
        return Scalar.of(
                "(" + left.sql() + operator + right.sql() + ")",
                new Form.Decimal(Math.min(precision, Form.Decimal.MAX_PRECISION), scale, shown),
                fails);
    }

    private static Scalar multiply(Scalar left, Scalar right, boolean fails) {
        if (isFree(left) || isFree(right)) {
            return free("mc_num_mul", List.of(left, right), fails);
        }
        Form.Decimal a = decimal(left);
        Form.Decimal b = decimal(right);
        int scale = a.scale() + b.scale();
        if (scale > Form.Decimal.MAX_PRECISION) {
            return free("mc_num_mul", List.of(left, right), fails);
        }
        String shown =
                a.shown() == null && b.shown() == null ? null : "(" + a.shownScale() + " + " + b.shownScale() + ")";
        int precision = Math.min(a.precision() + b.precision(), Form.Decimal.MAX_PRECISION);
        return Scalar.of(
                "(" + left.sql() + " * " + right.sql() + ")", new Form.Decimal(precision, scale, shown), fails);
    }

    static Scalar square(Scalar value) {
        return multiply(value, value, value.fails());
    }

    static Scalar free(String function, List<Scalar> args, boolean fails) {
        return Scalar.of(
                function + "("
                        + String.join(", ", args.stream().map(Forms::free).toList()) + ")",
                new Form.Free(),
                fails);
    }

    private static Scalar unary(Scalar value, String before, String after, String function, boolean fails) {
        return isFree(value)
                ? free(function, List.of(value), fails)
                : Scalar.of(before + value.sql() + after, decimal(value), fails);
    }

    private static Scalar round(List<Scalar> args, boolean fails) {
        Scalar value = args.getFirst();
        if (isComputed(args)) {
            return computed("mc_num_round", args, fails);
        }
        int digits = args.size() == 1 ? 0 : constant(args.get(1));
        if (isFree(value) || digits < 0 || digits > Form.Decimal.MAX_PRECISION) {
            return Scalar.of("mc_num_round(" + Forms.free(value) + ", " + digits + ")", new Form.Free(), fails);
        }
        Form.Decimal from = decimal(value);
        Form.Decimal to = Form.Decimal.of(from.wholeDigits() + 1 + digits, digits);
        return Scalar.of("CAST(" + value.sql() + " AS " + to.duckType() + ")", to, fails);
    }

    /// Whether the number of digits is no constant.
    private static boolean isComputed(List<Scalar> args) {
        return args.size() > 1 && args.get(1).literalText() == null;
    }

    private static Scalar computed(String function, List<Scalar> args, boolean fails) {
        String sql =
                function + "(" + Forms.free(args.get(0)) + ", " + args.get(1).sql() + ")";
        return Scalar.of(sql, new Form.Free(), fails);
    }

    private static Scalar rounded(String function, List<Scalar> args, boolean fails) {
        Scalar value = args.getFirst();
        if (isComputed(args)) {
            return computed(function, args, fails);
        }
        int digits = args.size() == 1 ? 0 : constant(args.get(1));
        String sql = function + "(" + Forms.free(value) + ", " + digits + ")";
        if (isFree(value) || digits < 0 || digits > Form.Decimal.MAX_PRECISION) {
            return Scalar.of(sql, new Form.Free(), fails);
        }
        Form.Decimal to = Form.Decimal.of(decimal(value).wholeDigits() + digits + 1, digits);
        return Scalar.of("CAST(" + sql + " AS " + to.duckType() + ")", to, fails);
    }

    private static Scalar whole(String function, Scalar value, boolean fails) {
        String sql = function + "(" + Forms.free(value) + ")";
        if (isFree(value)) {
            return Scalar.of(sql, new Form.Free(), fails);
        }
        Form.Decimal to = Form.Decimal.of(decimal(value).wholeDigits() + 1, 0);
        return Scalar.of("CAST(" + sql + " AS " + to.duckType() + ")", to, fails);
    }

    /// The cast to `numeric(p,s)`.
    private static Scalar typmod(Scalar value, Scalar modifier, boolean fails) {
        int typmod = constant(modifier);
        if (typmod < TYPMOD_HEADER) {
            return value;
        }
        int precision = ((typmod - TYPMOD_HEADER) >> 16) & 0xffff;
        int scale = (((typmod - TYPMOD_HEADER) & 0x7ff) ^ 1024) - 1024;
        boolean decimal = precision <= Form.Decimal.MAX_PRECISION && scale >= 0 && scale <= precision;
        if (isFree(value) || !decimal) {
            return Scalar.of("mc_num_typmod(" + Forms.free(value) + ", " + typmod + ")", new Form.Free(), fails);
        }
        Form.Decimal to = Form.Decimal.of(precision, scale);
        return Scalar.of("CAST(" + value.sql() + " AS " + to.duckType() + ")", to, fails);
    }

    private static Scalar toInteger(FunctionTable.Function function, Scalar value, boolean fails) {
        String name = function.signature();
        String duckType = name.startsWith("int2") ? "SMALLINT" : name.startsWith("int4") ? "INTEGER" : "BIGINT";
        int type = name.startsWith("int2") ? Oids.INT2 : name.startsWith("int4") ? Oids.INT4 : Oids.INT8;
        String whole = isFree(value) ? "mc_num_int8(" + value.sql() + ")" : "CAST(" + value.sql() + " AS HUGEINT)";
        return Scalar.of("CAST(" + whole + " AS " + duckType + ")", new Form.Plain(type), fails);
    }

    private static Scalar toFloat(FunctionTable.Function function, Scalar value, boolean fails) {
        boolean single = function.signature().startsWith("float4");
        Form form = new Form.Plain(single ? Oids.FLOAT4 : Oids.FLOAT8);
        boolean direct =
                !single && value.form() instanceof Form.Decimal decimal && decimal.precision() <= DOUBLE_DIGITS;
        String sql = direct
                ? "CAST(" + value.sql() + " AS DOUBLE)"
                : (single ? "mc_num_f4(" : "mc_num_f8(") + Forms.free(value) + ")";
        return Scalar.of(sql, form, fails);
    }

    private static boolean isFloat4(Scalar value) {
        return value.form() instanceof Form.Plain(int type) && type == Oids.FLOAT4;
    }

    static int constant(Scalar value) {
        String text = value.literalText();
        if (text == null) {
            throw Refusal.because("A cast to numeric has a type modifier that is not constant.");
        }
        return Integer.parseInt(text);
    }
}
