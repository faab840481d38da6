package mooncake.model;

import org.jspecify.annotations.Nullable;

/// The one exception of the engine: a code, a sentence that names what was wrong where, and what to do about it.
///
/// Leaf code throws it or lets plain causes pass; a stage's edge adds table, file or LSN exactly once. Messages never
/// hold passwords or connection strings.
public final class MooncakeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;
    private final @Nullable String hint;

    public MooncakeException(ErrorCode code, String message) {
        this(code, message, null, null);
    }

    public MooncakeException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, null, cause);
    }

    public MooncakeException(ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = hint;
    }

    public ErrorCode code() {
        return code;
    }

    /// What the user can do, or null when there is nothing.
    public @Nullable String hint() {
        return hint;
    }

    public String text() {
        String message = getMessage();
        return message == null ? code.label() : message;
    }
}
