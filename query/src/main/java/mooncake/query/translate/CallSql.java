package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;
import org.jspecify.annotations.Nullable;

/// Calls of functions and operators, by the allow-list.
final class CallSql {
    private static final Pattern TEMPLATE_COMPARISON = Pattern.compile("\\(\\$1 (=|<>|<|<=|>|>=) \\$2\\)");
    private static final Pattern COMPARISON_NAME = Pattern.compile("(eq|ne|lt|le|gt|ge)(?:_\\w+)?\\(");
    private static final Pattern COMPARISON_SUFFIX = Pattern.compile("(eq|ne|lt|le|gt|ge)\\(");
    private static final Pattern DIVISION = Pattern.compile("div\\(|mod\\(");
    private static final Pattern NONZERO = Pattern.compile("-?[0-9.]*[1-9][0-9.]*");
    private static final Pattern ORDINAL = Pattern.compile("th", Pattern.CASE_INSENSITIVE);
    private static final Pattern ARGUMENT = Pattern.compile("\\$(\\d|zone|major|locale|characters)");
    private static final Pattern TRANSLATED = Pattern.compile("TM|tm");
    private static final Pattern LOCAL_SIGNS = Pattern.compile("[DGLSdgls]");

    /// The cast that is also the one of smallint to oid.
    private static final int SMALLINT_AS_INTEGER = 313;

    private final ExprSql expressions;

    CallSql(ExprSql expressions) {
        this.expressions = expressions;
    }

    /// A comparison whose sides DuckDB compares by its own operator.
    record Comparison(String left, String operator, String right) {}

    Scalar translate(Expr.Call call) {
        if (call.rows()) {
            throw Refusal.because("Function %d returns rows where one value is due.", call.function());
        }
        if (call.variadic()) {
            throw Refusal.because("Function %d with VARIADIC is not translated.", call.function());
        }
        List<Scalar> args = call.args().stream().map(expressions::translate).toList();
        return call(call.function(), call.type(), call.inputCollation(), args);
    }

    Scalar call(int oid, int type, int inputCollation, List<Scalar> args) {
        FunctionTable.Function function = FunctionTable.scalar(oid);
        if (function.arguments() >= 0 && args.size() > function.arguments()) {
            throw Refusal.because("Function %s has more arguments on this server.", function.signature());
        }
        checkCollation(function, inputCollation);
        if (function.needs().contains("quotes")) {
            expressions.context().session().require("quote_all_identifiers");
        }
        if (function.needs().contains("money")) {
            expressions.context().session().requireC("lc_monetary");
        }
        boolean fails = (function.fails() && !dividesByConstant(function, args))
                || expressions.context().allNumericsFree()
                || ExprSql.anyFails(args);
        Comparison comparison = comparison(function, args, inputCollation);
        if (comparison != null) {
            return Scalar.bool(
                    "(" + comparison.left() + " " + comparison.operator() + " " + comparison.right() + ")",
                    ExprSql.anyFails(args));
        }
        checkTemplate(function, args);
        if (function.isRule()) {
            return rule(function, args, type, inputCollation, fails);
        }
        Form form = type == Oids.NUMERIC && function.kind() == FunctionTable.Kind.OURS
                ? new Form.Free()
                : type == Oids.NUMERIC
                        ? Literals.form(type, -1)
                        : expressions.context().form(type, -1);
        Scalar result = Scalar.of(filled(function, inputCollation, args), form, fails);
        return type == Oids.OID && oid == SMALLINT_AS_INTEGER ? Casts.unsigned(result) : result;
    }

    /// The function's form with the arguments in their places.
    String filled(FunctionTable.Function function, int inputCollation, List<Scalar> args) {
        List<String> sql = new ArrayList<>();
        if (function.form().contains("$characters, $1, $2")) {
            TextRules.requirePattern(args.get(1));
            notePattern(args);
        }
        for (Scalar arg : args) {
            if (arg.form() instanceof Form.Padded && function.takesPadded(sql.size())) {
                sql.add(arg.sql());
                continue;
            }
            boolean numeric = Forms.isNumeric(arg.form()) && function.kind() == FunctionTable.Kind.OURS;
            if (!numeric && !(arg.form() instanceof Form.Plain) && !(arg.form() instanceof Form.Document)) {
                throw Refusal.because("Function %s is not translated for such values.", function.signature());
            }
            sql.add(numeric ? Forms.free(arg) : arg.sql());
        }
        return fill(function, inputCollation, sql);
    }

    /// A pattern that is not known yet, or options that give a known one another meaning.
    private void notePattern(List<Scalar> args) {
        boolean known =
                args.get(1).literalText() != null && args.stream().skip(2).allMatch(arg -> arg.literalText() != null);
        if (!known || args.size() > 2) {
            expressions.context().noteLateRefusal();
        }
    }

    /// The call as a comparison, null when it is something else.
    @Nullable
    Comparison comparison(FunctionTable.Function function, List<Scalar> args, int inputCollation) {
        if (args.size() != 2) {
            return null;
        }
        Comparison bytes = byteComparison(function, args, inputCollation);
        Collations collations = expressions.context().collations();
        if (bytes == null || !function.needs().contains("order") || collations.isBinary(inputCollation)) {
            return bytes;
        }
        return new Comparison(
                collations.orderKey(bytes.left(), inputCollation),
                bytes.operator(),
                collations.orderKey(bytes.right(), inputCollation));
    }

    private @Nullable Comparison byteComparison(
            FunctionTable.Function function, List<Scalar> args, int inputCollation) {
        Scalar left = args.get(0);
        Scalar right = args.get(1);
        Matcher plain = TEMPLATE_COMPARISON.matcher(function.form());
        if (plain.matches() && left.form() instanceof Form.Plain && right.form() instanceof Form.Plain) {
            return new Comparison(
                    right.literal() == null ? left.sql() : IntegerSql.kept(left),
                    plain.group(1),
                    left.literal() == null ? right.sql() : IntegerSql.kept(right));
        }
        return switch (function.form()) {
            case "@numeric_comparison" -> NumericRules.compare(left, operator(function), right);
            case "@document_comparison" -> compareDocuments(left, operator(function), right, inputCollation);
            case "@padded_comparison" -> TextRules.comparePadded(left, operator(function), right);
            default -> null;
        };
    }

    private Comparison compareDocuments(Scalar left, String operator, Scalar right, int inputCollation) {
        Types types = expressions.context().types();
        String code = types.code(left.form());
        boolean equality = operator.equals("=") || operator.equals("<>");
        Collations collations = expressions.context().collations();
        if (code.contains("text") && inputCollation != 0) {
            collations.requireEquality(inputCollation);
        }
        if (code.contains("text") && !equality) {
            collations.requireOrder(inputCollation);
        }
        if (code.contains("jsonb") && !equality) {
            collations.requireOrder(Collations.DEFAULT);
        }
        if (equality && Types.isIdentical(code)) {
            return new Comparison(left.sql(), operator, right.sql());
        }
        return new Comparison(
                Forms.documentKey(left.sql(), code),
                operator,
                Forms.documentKey(right.sql(), types.code(right.form())));
    }

    /// The operator of a comparison of values that have an order of their own, null for other functions.
    static @Nullable String plainOperator(FunctionTable.Function function) {
        Matcher plain = TEMPLATE_COMPARISON.matcher(function.form());
        return plain.matches()
                ? plain.group(1)
                : function.form().equals("@numeric_comparison") ? operator(function) : null;
    }

    /// A division by a constant other than zero raises no error that ordinary values meet.
    private static boolean dividesByConstant(FunctionTable.Function function, List<Scalar> args) {
        if (args.size() != 2 || !DIVISION.matcher(function.signature()).find()) {
            return false;
        }
        String divisor = args.get(1).literalText();
        return divisor != null && NONZERO.matcher(divisor).matches();
    }

    /// Templates whose words or signs come from a locale are computed for the C locale.
    private void checkTemplate(FunctionTable.Function function, List<Scalar> args) {
        boolean dates = function.needs().contains("dates");
        if (!dates && !function.needs().contains("digits")) {
            return;
        }
        String template = args.getLast().literalText();
        boolean reads = function.signature().startsWith("to_number(");
        if (reads && (template == null || ORDINAL.matcher(template).find())) {
            throw Refusal.because("to_number with TH, or with a template that is not constant, is not translated.");
        }
        if (template == null
                || (dates ? TRANSLATED : LOCAL_SIGNS).matcher(template).find()) {
            Session session = expressions.context().session();
            (dates ? List.of("lc_time") : List.of("lc_numeric", "lc_monetary")).forEach(session::requireC);
        }
    }

    private void checkCollation(FunctionTable.Function function, int inputCollation) {
        Collations collations = expressions.context().collations();
        if (function.needs().contains("equal")) {
            collations.requireEquality(inputCollation);
        }
        if (function.needs().contains("order")) {
            collations.isBinary(inputCollation);
        }
    }

    private String fill(FunctionTable.Function function, int inputCollation, List<String> args) {
        StringBuilder sql = new StringBuilder();
        Matcher matcher = ARGUMENT.matcher(function.form());
        int at = 0;
        while (matcher.find()) {
            sql.append(function.form(), at, matcher.start());
            String name = matcher.group(1);
            switch (name) {
                case "zone" -> sql.append(expressions.context().zoneLiteral());
                case "major" -> sql.append(expressions.context().major());
                case "locale" -> sql.append(expressions.context().collations().casing(inputCollation));
                case "characters" ->
                    sql.append(expressions.context().collations().characters(inputCollation));
                default -> {
                    int index = Integer.parseInt(name) - 1;
                    if (index >= args.size()) {
                        throw Refusal.because("Function %s has too few arguments.", function.signature());
                    }
                    sql.append(args.get(index));
                }
            }
            at = matcher.end();
        }
        return sql.append(function.form(), at, function.form().length()).toString();
    }

    private Scalar rule(
            FunctionTable.Function function, List<Scalar> args, int type, int inputCollation, boolean fails) {
        String rule = function.rule();
        if (rule.startsWith("numeric_") || rule.endsWith("_to_numeric")) {
            return NumericRules.apply(function, args, fails);
        }
        if (rule.startsWith("array_")) {
            return new ArrayRules(expressions.context(), inputCollation).apply(function, args, type, fails);
        }
        if (rule.startsWith("range_") || rule.startsWith("multirange_")) {
            return new RangeRules(expressions.context()).apply(function, args, type, fails);
        }
        if (rule.startsWith("json_")) {
            return new JsonRules(expressions.context()).apply(function, args, type, fails);
        }
        return switch (rule) {
            case "date_and_timestamp" -> DateRules.dateAndTimestamp(function, operator(function), args);
            case "extract", "date_part" -> DateRules.extract(function, args, expressions.context(), fails);
            case "date_trunc" -> DateRules.truncate(function, args, expressions.context(), fails);
            case "at_time_zone" -> DateRules.atTimeZone(function, args, fails);
            default -> TextRules.apply(function, args, inputCollation, expressions.context(), fails);
        };
    }

    /// The operator that a comparison function's name says.
    static String operator(FunctionTable.Function function) {
        Matcher matcher = COMPARISON_SUFFIX.matcher(function.signature());
        if (!matcher.find() && !matcher.usePattern(COMPARISON_NAME).reset().find()) {
            throw Refusal.because("Function %s is not known to compare.", function.signature());
        }
        return switch (matcher.group(1)) {
            case "eq" -> "=";
            case "ne" -> "<>";
            case "lt" -> "<";
            case "le" -> "<=";
            case "gt" -> ">";
            default -> ">=";
        };
    }

    /// The operator with its sides exchanged.
    static String mirrored(String operator) {
        return switch (operator) {
            case "<" -> ">";
            case "<=" -> ">=";
            case ">" -> "<";
            case ">=" -> "<=";
            default -> operator;
        };
    }
}
