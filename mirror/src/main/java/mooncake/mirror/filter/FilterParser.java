package mooncake.mirror.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mooncake.mirror.filter.Condition.Operator;
import mooncake.mirror.filter.FilterLexer.Kind;
import mooncake.mirror.filter.FilterLexer.Token;
import mooncake.model.Change.RelationColumn;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// Reads a filter by recursive descent, with Postgres' precedence: OR, AND, NOT, IS, comparison, IN
/// and BETWEEN, cast.
final class FilterParser {
    /// Words that are no column's name without quotes.
    private static final Set<String> RESERVED = Set.of(
            "all",
            "and",
            "any",
            "array",
            "between",
            "case",
            "cast",
            "collate",
            "current_catalog",
            "current_date",
            "current_role",
            "current_time",
            "current_timestamp",
            "current_user",
            "exists",
            "ilike",
            "in",
            "is",
            "isnull",
            "like",
            "localtime",
            "localtimestamp",
            "not",
            "notnull",
            "or",
            "row",
            "select",
            "session_user",
            "similar",
            "some",
            "symmetric",
            "system_user",
            "user");

    private static final Set<String> OTHER_OPERATORS =
            Set.of("like", "ilike", "similar", "isnull", "notnull", "collate", "operator", "at");

    private final String sql;
    private final List<RelationColumn> columns;
    private final List<Token> tokens;
    private int next;

    FilterParser(String sql, List<RelationColumn> columns) {
        this.sql = sql;
        this.columns = columns;
        this.tokens = FilterLexer.tokens(sql);
    }

    /// What stands on a side of an operator.
    private sealed interface Operand {
        /// A column, compared as a `kind`.
        record Column(int position, ValueKind stored, ValueKind kind) implements Operand {}

        record Value(Literal literal) implements Operand {}

        record Bool(Condition condition) implements Operand {}
    }

    Condition parse() {
        Condition condition = disjunction();
        if (peek().kind() != Kind.END) {
            throw refused(peek(), "\"" + peek().text() + "\" is not supported here");
        }
        return condition;
    }

    private Condition disjunction() {
        return condition(or());
    }

    private Operand or() {
        Operand left = and();
        while (accept("or")) {
            left = new Operand.Bool(new Condition.Or(condition(left), condition(and())));
        }
        return left;
    }

    private Operand and() {
        Operand left = not();
        while (accept("and")) {
            left = new Operand.Bool(new Condition.And(condition(left), condition(not())));
        }
        return left;
    }

    private Operand not() {
        if (accept("not")) {
            return new Operand.Bool(new Condition.Not(condition(not())));
        }
        Operand left = comparison();
        while (accept("is")) {
            left = new Operand.Bool(is(left));
        }
        return left;
    }

    private Condition is(Operand operand) {
        boolean negated = accept("not");
        Token word = take();
        Condition test = switch (word.text()) {
            case "null" ->
                operand instanceof Operand.Column column
                        ? new Condition.IsNull(column.position())
                        : new Condition.Is(condition(operand), Truth.UNKNOWN);
            case "unknown" -> new Condition.Is(condition(operand), Truth.UNKNOWN);
            case "true" -> new Condition.Is(condition(operand), Truth.TRUE);
            case "false" -> new Condition.Is(condition(operand), Truth.FALSE);
            default -> throw refused(word, "IS " + word.text());
        };
        return negated ? new Condition.Not(test) : test;
    }

    private Operand comparison() {
        Operand left = operand();
        Token token = peek();
        Operator operator = token.kind() == Kind.SYMBOL ? operator(token.text()) : null;
        if (operator != null) {
            next++;
            return new Operand.Bool(compare(token, left, operator, operand()));
        }
        boolean negated = token.is("not") && (peek(1).is("in") || peek(1).is("between"));
        if (negated) {
            next++;
        }
        if (accept("in")) {
            Condition in = in(token, left);
            return new Operand.Bool(negated ? new Condition.Not(in) : in);
        }
        if (accept("between")) {
            Operand low = operand();
            expect("and");
            Operand high = operand();
            Condition between = new Condition.And(
                    compare(token, left, Operator.GREATER_OR_EQUAL, low),
                    compare(token, left, Operator.LESS_OR_EQUAL, high));
            return new Operand.Bool(negated ? new Condition.Not(between) : between);
        }
        boolean other = token.kind() == Kind.SYMBOL && !token.is(")") && !token.is(",");
        if (other || token.is("not") || OTHER_OPERATORS.contains(token.text())) {
            throw refused(token, "\"" + token.text() + "\" is not supported");
        }
        return left;
    }

    private static @Nullable Operator operator(String symbol) {
        return switch (symbol) {
            case "=" -> Operator.EQUAL;
            case "<>", "!=" -> Operator.NOT_EQUAL;
            case "<" -> Operator.LESS;
            case "<=" -> Operator.LESS_OR_EQUAL;
            case ">" -> Operator.GREATER;
            case ">=" -> Operator.GREATER_OR_EQUAL;
            default -> null;
        };
    }

    private Condition compare(Token at, Operand left, Operator operator, Operand right) {
        if (left instanceof Operand.Column column && right instanceof Operand.Value value) {
            return compare(at, column, operator, value.literal());
        }
        if (left instanceof Operand.Value value && right instanceof Operand.Column column) {
            return compare(at, column, operator.mirrored(), value.literal());
        }
        throw refused(at, "only a column and a constant are compared");
    }

    private Condition compare(Token at, Operand.Column column, Operator operator, Literal literal) {
        if (column.kind().isText() && operator != Operator.EQUAL && operator != Operator.NOT_EQUAL) {
            throw refused(at, "the order of text depends on its collation");
        }
        Constant constant = constant(at, column, column.kind(), literal);
        return constant == null
                ? new Condition.Always(Truth.UNKNOWN)
                : new Condition.Compare(column.position(), operator, constant);
    }

    private Condition in(Token at, Operand left) {
        if (!(left instanceof Operand.Column column)) {
            throw refused(at, "IN of something else than a column");
        }
        expect("(");
        List<Literal> literals = new ArrayList<>();
        do {
            if (!(operand() instanceof Operand.Value value)) {
                throw refused(at, "IN with something else than constants");
            }
            literals.add(value.literal());
        } while (accept(","));
        expect(")");
        // One value in double precision makes all of the list such.
        boolean doubles = column.kind() == ValueKind.FLOAT4
                && literals.stream().anyMatch(literal -> literal.cast() == ValueKind.FLOAT8);
        ValueKind kind = doubles ? ValueKind.FLOAT8 : column.kind();
        List<Constant> constants = new ArrayList<>();
        for (Literal literal : literals) {
            Constant constant = constant(at, column, kind, literal);
            if (constant != null) {
                constants.add(constant);
            }
        }
        return new Condition.In(column.position(), List.copyOf(constants), constants.size() < literals.size());
    }

    private @Nullable Constant constant(Token at, Operand.Column column, ValueKind kind, Literal literal) {
        try {
            return Constants.of(column.stored(), kind, literal);
        } catch (IllegalArgumentException e) {
            throw refused(at, String.valueOf(e.getMessage()));
        }
    }

    /// An operand as a condition: a boolean column, constant or expression.
    private Condition condition(Operand operand) {
        return switch (operand) {
            case Operand.Bool bool -> bool.condition();
            case Operand.Column column
            when column.kind() == ValueKind.BOOL ->
                new Condition.Compare(column.position(), Operator.EQUAL, new Constant.Flag(true));
            case Operand.Column column ->
                throw refused(
                        peek(), "column \"" + columns.get(column.position()).name() + "\" is not a boolean");
            case Operand.Value value ->
                switch (value.literal()) {
                    case Literal.Null _ -> new Condition.Always(Truth.UNKNOWN);
                    case Literal.Bool bool -> new Condition.Always(Truth.of(bool.value()));
                    case Literal.Text _, Literal.Digits _ -> throw refused(peek(), "a constant is not a condition");
                };
        };
    }

    private Operand operand() {
        Operand operand = primary();
        while (accept("::")) {
            Token at = peek();
            operand = cast(at, operand, typeName());
        }
        return operand;
    }

    private Operand cast(Token at, Operand operand, ValueKind to) {
        return switch (operand) {
            case Operand.Column column
            when column.kind().castsTo(to) -> new Operand.Column(column.position(), column.stored(), to);
            case Operand.Value value
            when value.literal().cast() == null ->
                new Operand.Value(value.literal().as(to));
            case Operand.Column _, Operand.Value _, Operand.Bool _ ->
                throw refused(at, "the cast to " + to.sqlName() + " is not supported");
        };
    }

    private Operand primary() {
        Token token = take();
        return switch (token.kind()) {
            case STRING -> new Operand.Value(new Literal.Text(token.text(), null));
            case NUMBER -> new Operand.Value(new Literal.Digits(token.text(), false, null));
            case QUOTED_NAME -> column(token);
            case NAME -> named(token);
            case SYMBOL -> symbol(token);
            case END -> throw refused(token, "it ends too early");
        };
    }

    private Operand symbol(Token token) {
        return switch (token.text()) {
            case "(" -> {
                Operand inner = or();
                expect(")");
                yield inner;
            }
            case "-", "+" -> signed(token, operand());
            default -> throw refused(token, "\"" + token.text() + "\" is not supported");
        };
    }

    private Operand signed(Token sign, Operand operand) {
        if (operand instanceof Operand.Value(Literal.Digits digits) && !digits.signed()) {
            return new Operand.Value(sign.text().equals("-") ? digits.negated() : digits);
        }
        throw refused(sign, "a sign before something else than a number");
    }

    private Operand named(Token token) {
        switch (token.text()) {
            case "true" -> {
                return new Operand.Value(new Literal.Bool(true, null));
            }
            case "false" -> {
                return new Operand.Value(new Literal.Bool(false, null));
            }
            case "null" -> {
                return new Operand.Value(new Literal.Null(null));
            }
            default -> {}
        }
        if (RESERVED.contains(token.text())) {
            throw refused(token, token.text().toUpperCase(java.util.Locale.ROOT) + " is not supported");
        }
        next--;
        int before = next;
        Optional<ValueKind> type = acceptTypeName();
        if (type.isPresent() && peek().kind() == Kind.STRING) {
            return new Operand.Value(new Literal.Text(take().text(), type.get()));
        }
        next = before + 1;
        return column(token);
    }

    private Operand column(Token token) {
        if (peek().is("(")) {
            throw refused(token, "functions like " + token.text() + " are not supported");
        }
        if (peek().is(".")) {
            throw refused(token, "columns are named without their table");
        }
        for (int i = 0; i < columns.size(); i++) {
            RelationColumn column = columns.get(i);
            if (column.name().equals(token.text())) {
                ValueKind kind = ValueKind.ofOid(column.typeOid())
                        .orElseThrow(() -> refused(token, "the type of column \"" + token.text() + "\""));
                return new Operand.Column(i, kind, kind);
            }
        }
        throw refused(token, "the log has no column \"" + token.text() + "\"");
    }

    private ValueKind typeName() {
        Token at = peek();
        ValueKind type = acceptTypeName().orElseThrow(() -> refused(at, "the type " + at.text()));
        if (peek().is("(") || peek().is("[")) {
            throw refused(at, "a type with a modifier");
        }
        return type;
    }

    /// A type's name of up to four words, the longest that there is.
    private Optional<ValueKind> acceptTypeName() {
        StringBuilder name = new StringBuilder();
        Optional<ValueKind> longest = Optional.empty();
        int end = next;
        for (int i = 0; i < 4 && peek(i).kind() == Kind.NAME; i++) {
            name.append(i == 0 ? "" : " ").append(peek(i).text());
            Optional<ValueKind> type = ValueKind.ofName(name.toString());
            if (type.isPresent()) {
                longest = type;
                end = next + i + 1;
            }
        }
        next = end;
        return longest;
    }

    private Token peek() {
        return peek(0);
    }

    private Token peek(int ahead) {
        return tokens.get(Math.min(next + ahead, tokens.size() - 1));
    }

    private Token take() {
        Token token = peek();
        next++;
        return token;
    }

    private boolean accept(String word) {
        if (peek().is(word)) {
            next++;
            return true;
        }
        return false;
    }

    private void expect(String word) {
        if (!accept(word)) {
            throw refused(peek(), "\"" + word + "\" is missing before \"" + peek().text() + "\"");
        }
    }

    private MooncakeException refused(Token at, String why) {
        return FilterLexer.refused(sql, at.at(), why);
    }
}
