package mooncake.query.translate;

import java.util.List;
import java.util.regex.Pattern;
import mooncake.model.MooncakeException;
import mooncake.query.collate.TextLocales;
import mooncake.query.frame.Value;
import mooncake.query.regex.Options;
import mooncake.query.regex.Regex;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;
import org.jspecify.annotations.Nullable;

/// Text and char(n).
final class TextRules {
    private static final int TYPMOD_HEADER = 4;
    private static final Pattern COLUMN = Pattern.compile("\\w+\\.c\\d+");

    private TextRules() {}

    /// Functions whose meaning depends on a collation.
    static Scalar apply(
            FunctionTable.Function function, List<Scalar> args, int inputCollation, Context context, boolean fails) {
        Scalar first = args.getFirst();
        return switch (function.rule()) {
            case "ilike" -> ilike(args, context.collations().casing(inputCollation), "LIKE", fails);
            case "not_ilike" -> ilike(args, context.collations().casing(inputCollation), "NOT LIKE", fails);
            case "concat" -> concatenated("concat(", args, context, fails);
            case "concat_ws" -> concatenated("concat_ws(", args, context, fails);
            case "text_cat" ->
                text(
                        "(" + Printed.cast(first, context) + " || " + Printed.cast(args.get(1), context) + ")",
                        null,
                        fails);
            case "format" -> format(args, context, fails);
            case "count_nulls" -> count(args, " IS NULL", fails);
            case "count_nonnulls" -> count(args, " IS NOT NULL", fails);
            case "quote_any" -> text("mc_quote_literal(" + Printed.cast(first, context) + ")", null, fails);
            case "quote_any_nullable" ->
                text("coalesce(mc_quote_literal(" + Printed.cast(first, context) + "), 'NULL')", null, fails);
            default -> apply(function, args, fails);
        };
    }

    /// Both sides in lower case.
    private static Scalar ilike(List<Scalar> args, String locale, String operator, boolean fails) {
        List<Scalar> lower = args.stream()
                .map(arg -> Scalar.of("mc_lower(" + locale + ", " + arg.sql() + ")", arg.form(), arg.fails()))
                .toList();
        return like(lower.get(0), lower.get(1), operator, fails);
    }

    private static Scalar apply(FunctionTable.Function function, List<Scalar> args, boolean fails) {
        Scalar first = args.getFirst();
        return switch (function.rule()) {
            case "like" -> like(first, args.get(1), "LIKE", fails);
            case "not_like" -> like(first, args.get(1), "NOT LIKE", fails);
            case "padded_length" -> integer("length(" + trimmed(first) + ")", fails);
            case "padded_octets" -> integer("strlen(" + first.sql() + ")", fails);
            case "padded_to_text" -> text(trimmed(first), first.literal(), fails);
            case "padded_typmod" -> padded(args, fails);
            case "varchar_typmod" -> varchar(args, fails);
            case "substring" -> substring(args, fails);
            default -> throw Refusal.because("Function %s is not translated.", function.signature());
        };
    }

    /// Values of char(n) compare without their padding. A constant is padded to the column's length, so that the bytes
    /// of the column can be compared as they are and the statistics of files serve.
    static CallSql.Comparison comparePadded(Scalar left, String operator, Scalar right) {
        boolean equality = operator.equals("=") || operator.equals("<>");
        if (equality && left.form() instanceof Form.Padded(int length) && length > 0) {
            String constant = pad(right, length);
            if (constant != null) {
                return new CallSql.Comparison(left.sql(), operator, constant);
            }
            if (right.form().equals(left.form())) {
                return new CallSql.Comparison(left.sql(), operator, right.sql());
            }
        }
        if (equality && right.form() instanceof Form.Padded(int length) && length > 0) {
            String constant = pad(left, length);
            if (constant != null) {
                return new CallSql.Comparison(constant, operator, right.sql());
            }
        }
        return new CallSql.Comparison(trimmed(left), operator, trimmed(right));
    }

    static String trimmed(Scalar padded) {
        if (!(padded.form() instanceof Form.Padded)) {
            throw Refusal.because("A value is not of type char.");
        }
        String constant = padded.literalText();
        return constant != null ? varchar(stripBlanks(constant)) : trimmed(padded.sql());
    }

    /// DuckDB's rtrim looks at every character; most values of columns that are asked for end in none.
    private static String trimmed(String sql) {
        String trim = "rtrim(" + sql + ", ' ')";
        return COLUMN.matcher(sql).matches()
                ? "(CASE WHEN ends_with(" + sql + ", ' ') THEN " + trim + " ELSE " + sql + " END)"
                : trim;
    }

    private static @Nullable String pad(Scalar value, int length) {
        String constant = value.literalText();
        if (constant == null) {
            return null;
        }
        String stripped = stripBlanks(constant);
        int characters = stripped.codePointCount(0, stripped.length());
        return varchar(stripped + " ".repeat(Math.max(0, length - characters)));
    }

    private static String stripBlanks(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    private static String varchar(String text) {
        return "CAST(" + Literals.text(text) + " AS VARCHAR)";
    }

    /// GREATEST or LEAST in an order that is not that of bytes.
    static Scalar greatest(List<Scalar> args, boolean greatest, String locale) {
        String function = greatest ? "mc_greater_text(" : "mc_lesser_text(";
        String sql = args.getFirst().sql();
        for (Scalar next : args.subList(1, args.size())) {
            sql = function + locale + ", " + sql + ", " + next.sql() + ")";
        }
        return text(sql, null, ExprSql.anyFails(args));
    }

    private static Scalar like(Scalar value, Scalar pattern, String operator, boolean fails) {
        String constant = pattern.literalText();
        if (constant != null && !endsInEscape(constant)) {
            String escape = constant.indexOf('\\') >= 0 ? " ESCAPE '\\'" : "";
            return Scalar.bool("(" + value.sql() + " " + operator + " " + pattern.sql() + escape + ")", fails);
        }
        String call = "mc_like(" + value.sql() + ", " + pattern.sql() + ")";
        return Scalar.bool(operator.equals("LIKE") ? call : "(NOT " + call + ")", true);
    }

    private static boolean endsInEscape(String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            if (pattern.charAt(i) == '\\' && ++i == pattern.length()) {
                return true;
            }
        }
        return false;
    }

    /// The cast to `char(n)`.
    private static Scalar padded(List<Scalar> args, boolean fails) {
        int length = NumericRules.constant(args.get(1)) - TYPMOD_HEADER;
        if (length < 1) {
            return args.get(2).literalText() != null
                    ? args.getFirst()
                    : Forms.when(args.get(2).sql() + " IS NOT NULL", args.getFirst());
        }
        String sql = "mc_char(" + args.getFirst().sql() + ", " + length + ", "
                + args.get(2).sql() + ")";
        return Scalar.of(sql, new Form.Padded(length), fails);
    }

    /// The cast to `varchar(n)`.
    private static Scalar varchar(List<Scalar> args, boolean fails) {
        int length = NumericRules.constant(args.get(1)) - TYPMOD_HEADER;
        if (length < 1) {
            return args.get(2).literalText() != null
                    ? args.getFirst()
                    : Forms.when(args.get(2).sql() + " IS NOT NULL", args.getFirst());
        }
        String sql = "mc_varchar(" + args.getFirst().sql() + ", " + length + ", "
                + args.get(2).sql() + ")";
        return text(sql, null, fails);
    }

    private static Scalar substring(List<Scalar> args, boolean fails) {
        boolean plain = args.stream().skip(1).allMatch(arg -> {
            String constant = arg.literalText();
            return constant != null && !constant.startsWith("-");
        });
        boolean native_ = plain && !"0".equals(args.get(1).literalText());
        List<String> sql = args.stream().map(Scalar::sql).toList();
        return native_
                ? text("substring(" + String.join(", ", sql) + ")", null, ExprSql.anyFails(args))
                : text("mc_substring(" + String.join(", ", sql) + ")", null, fails);
    }

    private static Scalar concatenated(String function, List<Scalar> args, Context context, boolean fails) {
        List<String> sql = args.stream().map(arg -> Printed.text(arg, context)).toList();
        return text(function + String.join(", ", sql) + ")", null, fails);
    }

    /// How many of the values pass a test.
    private static Scalar count(List<Scalar> args, String test, boolean fails) {
        List<String> counts = args.stream()
                .map(arg -> "CAST(" + arg.sql() + test + " AS INTEGER)")
                .toList();
        return integer(String.join(" + ", counts), fails);
    }

    private static Scalar format(List<Scalar> args, Context context, boolean fails) {
        List<String> values = args.subList(1, args.size()).stream()
                .map(arg -> Printed.text(arg, context))
                .toList();
        return text(
                "mc_format(" + args.getFirst().sql() + ", " + JsonMakes.sqlList(values) + ", " + context.major() + ")",
                null,
                fails);
    }

    /// A constant pattern that is wrong is left to Postgres, which may find that before any row.
    static void requirePattern(Scalar pattern) {
        String text = pattern.literalText();
        if (text == null) {
            return;
        }
        try {
            new Regex(text.codePoints().toArray(), Options.NONE, TextLocales.PLAIN);
        } catch (MooncakeException e) {
            throw Refusal.because("%s", e.text());
        }
    }

    private static Scalar integer(String sql, boolean fails) {
        return Scalar.of("CAST(" + sql + " AS INTEGER)", new Form.Plain(Oids.INT4), fails);
    }

    private static Scalar text(String sql, @Nullable Value literal, boolean fails) {
        Value seen = literal == null || literal.text() == null
                ? null
                : new Value(Oids.TEXT, -1, true, stripBlanks(literal.text()));
        return new Scalar(sql, new Form.Plain(Oids.TEXT), seen, fails);
    }
}
