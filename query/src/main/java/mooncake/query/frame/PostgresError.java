package mooncake.query.frame;

import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// An error that Postgres raised for an expression before it was known whether a row needs it. It travels as its
/// SQLSTATE, then message, detail and hint with [#SEPARATOR] between them.
record PostgresError(String sqlState, String message, String detail, String hint) {
    private static final String SEPARATOR = "\u001f";
    private static final int STATE_LENGTH = 5;

    static PostgresError unpack(String packed) {
        String[] parts = packed.split(SEPARATOR, -1);
        if (parts.length != 3 || parts[0].length() < STATE_LENGTH) {
            throw new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, "the error of a value is not one: " + packed);
        }
        return new PostgresError(
                parts[0].substring(0, STATE_LENGTH), parts[0].substring(STATE_LENGTH), parts[1], parts[2]);
    }
}
