package mooncake.source;

import java.sql.SQLException;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Turns the errors of ordinary SQL into the engine's own.
public final class SqlErrors {
    private SqlErrors() {}

    /// The engine's error for a failed statement.
    ///
    /// @param doing what failed, as the start of the sentence
    public static MooncakeException failed(String doing, SQLException cause) {
        return failed(ErrorCode.POSTGRES_FAILED, doing, cause);
    }

    public static MooncakeException failed(ErrorCode code, String doing, SQLException cause) {
        String state = cause.getSQLState();
        String suffix = state == null ? "" : " (SQLSTATE " + state + ")";
        return new MooncakeException(code, doing + ": " + cause.getMessage() + suffix, cause);
    }
}
