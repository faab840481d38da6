package mooncake.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// SQL cut into words, texts and signs, each with its depth in parentheses. Comments and blanks are left out.
final class Tokens {
    enum Kind {
        WORD,
        NAME,
        TEXT,
        SIGN
    }

    /// @param text a word in lower case, a name without its quotes, otherwise as it is written
    record Token(Kind kind, String text, int start, int end, int depth) {
        boolean is(String word) {
            return kind != Kind.TEXT && kind != Kind.NAME && text.equals(word);
        }
    }

    private final String sql;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int depth;

    private Tokens(String sql) {
        this.sql = sql;
    }

    static List<Token> of(String sql) {
        Tokens tokens = new Tokens(sql);
        while (tokens.at < sql.length()) {
            tokens.next();
        }
        return tokens.tokens;
    }

    private void next() {
        char c = sql.charAt(at);
        int start = at;
        if (Character.isWhitespace(c)) {
            at++;
        } else if (sql.startsWith("--", at)) {
            int end = sql.indexOf('\n', at);
            at = end < 0 ? sql.length() : end;
        } else if (sql.startsWith("/*", at)) {
            comment();
        } else if (c == '\'') {
            quoted('\'', false);
            add(Kind.TEXT, start);
        } else if (c == '"') {
            quoted('"', false);
            tokens.add(new Token(Kind.NAME, sql.substring(start + 1, at - 1), start, at, depth));
        } else if (c == '$' && dollarTag() > 0) {
            dollars(dollarTag());
            add(Kind.TEXT, start);
        } else if (Character.isLetter(c) || c == '_') {
            word(start);
        } else if (Character.isDigit(c)) {
            while (at < sql.length() && (Character.isLetterOrDigit(sql.charAt(at)) || sql.charAt(at) == '.')) {
                at++;
            }
            add(Kind.SIGN, start);
        } else {
            sign(c, start);
        }
    }

    private void sign(char c, int start) {
        at++;
        if (c == '(' || c == '[') {
            add(Kind.SIGN, start);
            depth++;
        } else if (c == ')' || c == ']') {
            depth--;
            add(Kind.SIGN, start);
        } else {
            add(Kind.SIGN, start);
        }
    }

    private void word(int start) {
        while (at < sql.length()
                && (Character.isLetterOrDigit(sql.charAt(at)) || sql.charAt(at) == '_' || sql.charAt(at) == '$')) {
            at++;
        }
        String word = sql.substring(start, at).toLowerCase(Locale.ROOT);
        boolean quote = at < sql.length() && sql.charAt(at) == '\'';
        if (quote && (word.equals("e") || word.equals("b") || word.equals("x") || word.equals("n"))) {
            quoted('\'', word.equals("e"));
            add(Kind.TEXT, start);
        } else {
            add(Kind.WORD, start);
        }
    }

    private void quoted(char quote, boolean escapes) {
        at++;
        while (at < sql.length()) {
            char c = sql.charAt(at++);
            if (escapes && c == '\\') {
                at++;
            } else if (c == quote) {
                if (at < sql.length() && sql.charAt(at) == quote) {
                    at++;
                } else {
                    return;
                }
            }
        }
        at = sql.length();
    }

    private void comment() {
        int open = 0;
        do {
            if (sql.startsWith("/*", at)) {
                open++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                open--;
                at += 2;
            } else {
                at++;
            }
        } while (open > 0 && at < sql.length());
    }

    /// The length of `$tag$` here, 0 when there is none.
    private int dollarTag() {
        int end = at + 1;
        while (end < sql.length() && (Character.isLetterOrDigit(sql.charAt(end)) || sql.charAt(end) == '_')) {
            end++;
        }
        boolean tag = end < sql.length() && sql.charAt(end) == '$' && !Character.isDigit(sql.charAt(at + 1));
        return tag ? end + 1 - at : 0;
    }

    private void dollars(int length) {
        String tag = sql.substring(at, at + length);
        int end = sql.indexOf(tag, at + length);
        at = end < 0 ? sql.length() : end + length;
    }

    private void add(Kind kind, int start) {
        String text = sql.substring(start, Math.min(at, sql.length()));
        tokens.add(new Token(kind, kind == Kind.WORD ? text.toLowerCase(Locale.ROOT) : text, start, at, depth));
    }
}
