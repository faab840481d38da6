package mooncake.lake;

import java.sql.SQLException;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.jdbc.UncheckedInterruptedException;
import org.apache.iceberg.jdbc.UncheckedSQLException;

/// Turns what the file system, DuckDB, Iceberg and its catalog throw into the engine's one exception.
final class StorageErrors {
    private static final int CAUSES_MAX = 20;

    private StorageErrors() {}

    /// `what` says what was being done to which table or file.
    static MooncakeException of(String what, Throwable failure) {
        if (isDiskFull(failure)) {
            return new MooncakeException(
                    ErrorCode.DISK_FULL,
                    what + ": no space left on the device",
                    "Free space in the warehouse's file system or move the warehouse; mirroring then goes on by itself.",
                    failure);
        }
        if (failure instanceof MooncakeException coded && coded.code() != ErrorCode.DUCKDB_FAILED) {
            return coded;
        }
        return new MooncakeException(code(failure), what + ": " + reason(failure), failure);
    }

    private static boolean isDiskFull(Throwable failure) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < CAUSES_MAX; depth++, at = at.getCause()) {
            String message = String.valueOf(at.getMessage());
            if (message.contains("No space left") || message.contains("ENOSPC") || message.contains("quota exceeded")) {
                return true;
            }
        }
        return false;
    }

    private static ErrorCode code(Throwable failure) {
        if (failure instanceof NotFoundException) {
            return ErrorCode.DATA_LOST;
        }
        return isCatalog(failure) ? ErrorCode.CATALOG_FAILED : ErrorCode.STORAGE_FAILED;
    }

    private static boolean isCatalog(Throwable failure) {
        return failure instanceof UncheckedSQLException
                || failure instanceof UncheckedInterruptedException
                || failure instanceof CommitStateUnknownException
                || failure instanceof AlreadyExistsException
                || failure instanceof CleanableFailure;
    }

    /// Iceberg's message for a failed connection holds the URL, so the driver's own words are taken
    /// instead.
    private static String reason(Throwable failure) {
        Throwable at = failure;
        Throwable root = failure;
        for (int depth = 0; at != null && depth < CAUSES_MAX; depth++, at = at.getCause()) {
            if (at instanceof SQLException sql) {
                return "SQLSTATE " + sql.getSQLState() + ", " + sql.getMessage();
            }
            root = at;
        }
        String message = message(failure);
        String cause = message(root);
        return message.contains(cause) ? message : message + ": " + cause;
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
