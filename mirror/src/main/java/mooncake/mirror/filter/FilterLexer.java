package mooncake.mirror.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Splits a filter's SQL text into tokens.
final class FilterLexer {
    private static final String OPERATORS = "<>=!+-*/%^|&~#@?`";

    /// The kinds of tokens; [#END] stands behind the last one.
    enum Kind {
        NAME,
        QUOTED_NAME,
        STRING,
        NUMBER,
        SYMBOL,
        END
    }

    /// A token: names in lower case, strings and quoted names without their quotes.
    record Token(Kind kind, String text, int at) {
        boolean is(String word) {
            return (kind == Kind.NAME || kind == Kind.SYMBOL) && text.equals(word);
        }
    }

    private final String sql;
    private int at;

    private FilterLexer(String sql) {
        this.sql = sql;
    }

    static List<Token> tokens(String sql) {
        FilterLexer lexer = new FilterLexer(sql);
        List<Token> tokens = new ArrayList<>();
        for (Token token = lexer.next(); ; token = lexer.next()) {
            tokens.add(token);
            if (token.kind == Kind.END) {
                return tokens;
            }
        }
    }

    static MooncakeException refused(String sql, int at, String why) {
        return new MooncakeException(
                ErrorCode.UNSUPPORTED_FILTER,
                "the filter " + sql + " cannot be followed: " + why + " (at character " + (at + 1) + ")",
                "Filters compare columns with constants; see the documentation of create_table.",
                null);
    }

    private Token next() {
        while (at < sql.length() && Character.isWhitespace(sql.charAt(at))) {
            at++;
        }
        int start = at;
        if (at == sql.length()) {
            return new Token(Kind.END, "the end", at);
        }
        char c = sql.charAt(at);
        if (c == '\'') {
            return new Token(Kind.STRING, quoted('\''), start);
        }
        if (c == '"') {
            return new Token(Kind.QUOTED_NAME, quoted('"'), start);
        }
        if (isDigit(at) || (c == '.' && isDigit(at + 1))) {
            return new Token(Kind.NUMBER, number(), start);
        }
        if (Character.isLetter(c) || c == '_') {
            return name();
        }
        return new Token(Kind.SYMBOL, symbol(), start);
    }

    private Token name() {
        int start = at;
        while (at < sql.length() && (Character.isLetterOrDigit(sql.charAt(at)) || "_$".indexOf(sql.charAt(at)) >= 0)) {
            at++;
        }
        if (at < sql.length() && sql.charAt(at) == '\'') {
            throw refused(sql, start, "a string with a prefix");
        }
        StringBuilder folded = new StringBuilder(sql.substring(start, at));
        for (int i = 0; i < folded.length(); i++) {
            if (folded.charAt(i) < 0x80) {
                folded.setCharAt(i, Character.toLowerCase(folded.charAt(i)));
            }
        }
        return new Token(Kind.NAME, folded.toString(), start);
    }

    private String quoted(char quote) {
        int start = at++;
        StringBuilder text = new StringBuilder();
        while (at < sql.length()) {
            char c = sql.charAt(at++);
            if (c == quote) {
                if (at == sql.length() || sql.charAt(at) != quote) {
                    return text.toString();
                }
                at++;
            }
            text.append(c);
        }
        throw refused(sql, start, "a quote is not closed");
    }

    private String number() {
        int start = at;
        skipDigits();
        if (at < sql.length() && sql.charAt(at) == '.') {
            at++;
            skipDigits();
        }
        if (at < sql.length() && Character.toLowerCase(sql.charAt(at)) == 'e') {
            at++;
            if (at < sql.length() && "+-".indexOf(sql.charAt(at)) >= 0) {
                at++;
            }
            if (!isDigit(at)) {
                throw refused(sql, start, "not a number");
            }
            skipDigits();
        }
        boolean ends = at == sql.length()
                || !(Character.isLetterOrDigit(sql.charAt(at)) || "_.$".indexOf(sql.charAt(at)) >= 0);
        if (!ends) {
            throw refused(sql, start, "not a plain number");
        }
        return sql.substring(start, at).toLowerCase(Locale.ROOT);
    }

    private void skipDigits() {
        while (isDigit(at)) {
            at++;
        }
    }

    private boolean isDigit(int index) {
        return index < sql.length() && sql.charAt(index) >= '0' && sql.charAt(index) <= '9';
    }

    /// A run of operator characters is one operator in SQL, but for a sign behind a comparison.
    private String symbol() {
        int start = at++;
        char c = sql.charAt(start);
        if (c == ':' && at < sql.length() && sql.charAt(at) == ':') {
            at++;
        } else if (OPERATORS.indexOf(c) >= 0) {
            while (at < sql.length() && OPERATORS.indexOf(sql.charAt(at)) >= 0) {
                at++;
            }
            String run = sql.substring(start, at);
            if (run.contains("--") || run.contains("/*")) {
                throw refused(sql, start, "a comment");
            }
            while (at - start > 1 && "+-".indexOf(sql.charAt(at - 1)) >= 0) {
                at--;
            }
        }
        return sql.substring(start, at);
    }
}
