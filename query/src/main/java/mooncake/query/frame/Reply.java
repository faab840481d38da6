package mooncake.query.frame;

import java.nio.ByteBuffer;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;

/// What the engine answers. All but [Batch] end the request they answer.
public sealed interface Reply {
    record Ready(int version, int enginePid, String engineVersion) implements Reply {}

    /// The query may run whole in DuckDB.
    ///
    /// @param mayBeLeft whether the query may turn out to be Postgres' while it runs
    record Planned(String sql, boolean mayBeLeft) implements Reply {}

    record Refused(String reason) implements Reply {}

    record Pinned(long pin, Lsn lsn) implements Reply {}

    /// Rows; [Batches] reads the payload, [BatchBuilder] makes it.
    record Batch(ByteBuffer payload) implements Reply {}

    record Done(long rows, Lsn lsn, Effort effort) implements Reply {
        public Done(long rows, Lsn lsn) {
            this(rows, lsn, Effort.NONE);
        }
    }

    /// What DuckDB did for an answer.
    ///
    /// @param micros for how long
    /// @param rowsRead rows in memory and in the files that were not left out
    record Effort(long micros, long rowsRead, int filesRead, int filesLeftOut) {
        public static final Effort NONE = new Effort(0, 0, 0, 0);
    }

    /// Only Postgres can compute the answer exactly; nothing of it has been sent.
    ///
    /// @param pin the snapshot that would have been read, 0 when the request named it
    record Left(long pin, String reason) implements Reply {}

    record Failed(String sqlState, String code, String message, String detail, String hint) implements Reply {
        public static Failed of(MooncakeException failure) {
            if (failure.code() == ErrorCode.VALUE_FAILED) {
                PostgresError error = PostgresError.unpack(failure.text());
                return new Failed(
                        error.sqlState(), failure.code().label(), error.message(), error.detail(), error.hint());
            }
            String hint = failure.hint();
            return new Failed(
                    failure.code().sqlState(), failure.code().label(), failure.text(), "", hint == null ? "" : hint);
        }
    }
}
