package mooncake.query.tree;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Locale;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Why a query is left to Postgres' own executor, in one sentence.
public final class Refusal {
    private Refusal() {}

    @FormatMethod
    public static MooncakeException because(@FormatString String reason, Object... args) {
        return new MooncakeException(ErrorCode.NOT_PUSHED, String.format(Locale.ROOT, reason, args));
    }
}
