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
    private final @Nullable String column;

    public MooncakeException(ErrorCode code, String message) {
        this(code, message, null, null);
    }

    public MooncakeException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, null, cause);
    }

    public MooncakeException(ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
        this(code, message, hint, cause, null);
    }

    private MooncakeException(
            ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause, @Nullable String column) {
        super(message, cause);
        this.code = code;
        this.hint = hint;
        this.column = column;
    }

    /// An error that lies in the values of one column of a mirror.
    public static MooncakeException ofColumn(ErrorCode code, String column, String message) {
        return new MooncakeException(code, message, null, null, column);
    }

    public ErrorCode code() {
        return code;
    }

    /// What the user can do, or null when there is nothing.
    public @Nullable String hint() {
        return hint;
    }

    /// The mirror's column whose value is wrong, or null when it is no matter of one column.
    public @Nullable String column() {
        return column;
    }

    public String text() {
        String message = getMessage();
        return message == null ? code.label() : message;
    }
}
