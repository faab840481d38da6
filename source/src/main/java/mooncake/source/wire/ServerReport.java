package mooncake.source.wire;

import java.nio.charset.StandardCharsets;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// What the server says in an ErrorResponse or NoticeResponse.
public record ServerReport(
        String severity,
        String sqlState,
        String message,
        @Nullable String detail,
        @Nullable String hint) {

    /// Decides which of the engine's errors a server's error is.
    @FunctionalInterface
    public interface Translator {
        MooncakeException translate(ServerReport report);
    }

    public MooncakeException as(ErrorCode code) {
        return as(code, hint);
    }

    public MooncakeException as(ErrorCode code, @Nullable String otherHint) {
        String more = detail == null ? "" : " " + detail;
        return new MooncakeException(code, message + " (SQLSTATE " + sqlState + ")" + more, otherHint, null);
    }

    /// An error after which the session goes on.
    boolean isRecoverable() {
        return severity.equals("ERROR");
    }

    static ServerReport parse(byte[] bytes, int start, int end) {
        String severity = "";
        String sqlState = "";
        String message = "";
        String detail = null;
        String hint = null;
        int at = start;
        while (at < end && bytes[at] != 0) {
            char field = (char) bytes[at];
            int stop = at + 1;
            while (stop < end && bytes[stop] != 0) {
                stop++;
            }
            String value = new String(bytes, at + 1, stop - at - 1, StandardCharsets.UTF_8);
            switch (field) {
                case 'V' -> severity = value;
                case 'C' -> sqlState = value;
                case 'M' -> message = value;
                case 'D' -> detail = value;
                case 'H' -> hint = value;
                default -> {
                    // Position, source file and the like are of no use to the engine's users.
                }
            }
            at = stop + 1;
        }
        return new ServerReport(severity, sqlState, message, detail, hint);
    }
}
