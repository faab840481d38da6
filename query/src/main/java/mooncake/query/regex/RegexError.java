package mooncake.query.regex;

import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// What Postgres says of patterns that are not right.
enum RegexError {
    COLLATION("invalid collating element"),
    CLASS("invalid character class"),
    ESCAPE("invalid escape \\ sequence"),
    BACK_REFERENCE("invalid backreference number"),
    BRACKETS("brackets [] not balanced"),
    PARENTHESES("parentheses () not balanced"),
    BRACES("braces {} not balanced"),
    REPETITION_COUNT("invalid repetition count(s)"),
    RANGE("invalid character range"),
    OPERAND("quantifier operand invalid"),
    OPTION("invalid embedded option"),
    PATTERN("invalid regexp (reg version 0.8)");

    private final String text;

    RegexError(String text) {
        this.text = text;
    }

    /// Postgres may take such a pattern or call it too complex.
    static MooncakeException tooComplex() {
        return new MooncakeException(ErrorCode.NOT_PUSHED, "The regular expression is too complex.");
    }

    MooncakeException exception() {
        return new MooncakeException(ErrorCode.BROKEN_REGEX, "invalid regular expression: " + text);
    }
}
