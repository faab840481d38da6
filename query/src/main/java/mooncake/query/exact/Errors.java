package mooncake.query.exact;

import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Postgres' errors, in its words.
final class Errors {
    private Errors() {}

    static MooncakeException divisionByZero() {
        return new MooncakeException(ErrorCode.DIVISION_BY_ZERO, "division by zero");
    }

    static MooncakeException numericOverflow() {
        return outOfRange("value overflows numeric format");
    }

    static MooncakeException floatOverflow() {
        return outOfRange("value out of range: overflow");
    }

    static MooncakeException floatUnderflow() {
        return outOfRange("value out of range: underflow");
    }

    static MooncakeException outOfRange(String message) {
        return new MooncakeException(ErrorCode.NUMERIC_OUT_OF_RANGE, message);
    }

    static MooncakeException rootOfNegative() {
        return new MooncakeException(ErrorCode.ROOT_OF_NEGATIVE, "cannot take square root of a negative number");
    }

    static MooncakeException power(String message) {
        return new MooncakeException(ErrorCode.ROOT_OF_NEGATIVE, message);
    }

    static MooncakeException logarithm(String message) {
        return new MooncakeException(ErrorCode.LOGARITHM, message);
    }

    static MooncakeException widthBucket(String message) {
        return new MooncakeException(ErrorCode.WIDTH_BUCKET, message);
    }

    static MooncakeException invalidText(String type, String text) {
        return new MooncakeException(
                ErrorCode.INVALID_TEXT, "invalid input syntax for type " + type + ": \"" + text + "\"");
    }

    static MooncakeException invalidDateTime(String message) {
        return new MooncakeException(ErrorCode.INVALID_DATETIME, message);
    }

    static MooncakeException invalidParameter(String message) {
        return new MooncakeException(ErrorCode.INVALID_PARAMETER, message);
    }

    static MooncakeException unsupported(String message) {
        return new MooncakeException(ErrorCode.UNSUPPORTED_TYPE, message);
    }

    static MooncakeException notConvertible(String value, String type) {
        return new MooncakeException(ErrorCode.UNSUPPORTED_TYPE, "cannot convert " + value + " to " + type);
    }

    /// What differs between majors of Postgres is not guessed.
    static MooncakeException notComputed(String what) {
        return new MooncakeException(ErrorCode.NOT_PUSHED, what + " is left to Postgres, whose majors differ in it");
    }

    static MooncakeException dateTime(String message) {
        return new MooncakeException(ErrorCode.DATETIME_OUT_OF_RANGE, message);
    }

    static MooncakeException timestampOutOfRange() {
        return dateTime("timestamp out of range");
    }

    static MooncakeException intervalOutOfRange() {
        return dateTime("interval out of range");
    }

    static MooncakeException data(String message) {
        return new MooncakeException(ErrorCode.DATA_EXCEPTION, message);
    }

    static MooncakeException arraySubscript(String message) {
        return new MooncakeException(ErrorCode.ARRAY_SUBSCRIPT, message);
    }

    static MooncakeException nullNotAllowed(String message) {
        return new MooncakeException(ErrorCode.NULL_NOT_ALLOWED, message);
    }

    static MooncakeException malformed(String message) {
        return new MooncakeException(ErrorCode.INVALID_TEXT, message);
    }

    static MooncakeException notSupported(String message) {
        return new MooncakeException(ErrorCode.FEATURE_NOT_SUPPORTED, message);
    }
}
