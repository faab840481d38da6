package mooncake.model;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;

/// Invariants that are checked always: a broken one stops the pipeline it is found in and never guesses.
public final class Check {
    private Check() {}

    @FormatMethod
    public static void that(boolean holds, @FormatString String message, Object... args) {
        if (!holds) {
            throw new MooncakeException(
                    ErrorCode.BROKEN_INVARIANT, String.format(java.util.Locale.ROOT, message, args));
        }
    }
}
