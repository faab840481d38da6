package mooncake.benchmarks;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.io.PrintStream;
import java.util.Locale;

/// What the user sees: a line for every step, indented lines of results.
public final class Console {
    private final PrintStream out;

    public Console(PrintStream out) {
        this.out = out;
    }

    public void step(String what) {
        out.println("==> " + what);
        out.flush();
    }

    @FormatMethod
    public void line(@FormatString String format, Object... values) {
        out.println("    " + String.format(Locale.ROOT, format, values));
        out.flush();
    }
}
