package mooncake.query.exact;

import java.util.List;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Counts that clauses of a query are given: `mc_limit`, `mc_offset` and others hand them on when they
/// are not negative.
final class CountFunctions {
    private static final String BIGINT = "BIGINT";

    private CountFunctions() {}

    static List<ExactFunction> all() {
        return List.of(
                checked("mc_limit", 0, ErrorCode.LIMIT_NEGATIVE, "LIMIT must not be negative"),
                checked("mc_offset", 0, ErrorCode.OFFSET_NEGATIVE, "OFFSET must not be negative"),
                checked("mc_ntile", 1, ErrorCode.NTILE_NOT_POSITIVE, "argument of ntile must be greater than zero"),
                checked(
                        "mc_nth_value",
                        1,
                        ErrorCode.NTH_VALUE_NOT_POSITIVE,
                        "argument of nth_value must be greater than zero"),
                ExactFunction.ofAllRows("mc_frame", List.of(BIGINT, "VARCHAR"), BIGINT, (in, row, out) -> {
                    String offset = "frame " + in[1].getString(row) + " offset must not be ";
                    if (!in[0].isValid(row)) {
                        throw Errors.nullNotAllowed(offset + "null");
                    }
                    if (in[0].getLong(row) < 0) {
                        throw new MooncakeException(ErrorCode.FRAME_NEGATIVE, offset + "negative");
                    }
                    out.setLong(row, in[0].getLong(row));
                }));
    }

    private static ExactFunction checked(String name, long least, ErrorCode code, String message) {
        return ExactFunction.ofRows(name, List.of(BIGINT), BIGINT, (in, row, out) -> {
            long count = in[0].getLong(row);
            if (count < least) {
                throw new MooncakeException(code, message);
            }
            out.setLong(row, count);
        });
    }
}
