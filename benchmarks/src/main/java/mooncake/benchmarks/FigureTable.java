package mooncake.benchmarks;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The figures of one run: each is told when it is known, and all of them together at the end.
public final class FigureTable {
    private final Console console;
    private final List<Figure> figures = new ArrayList<>();

    private record Figure(String name, String measured, String target) {}

    public FigureTable(Console console) {
        this.console = console;
    }

    public void add(String name, String measured, String target) {
        figures.add(new Figure(name, measured, target));
        console.line("%s: %s (target %s)", name, measured, target);
    }

    /// All figures, each on a line.
    ///
    /// @param setup what was measured, beside the machine
    public void print(String setup) throws IOException {
        console.step("Figures");
        console.line("%s", Machine.description());
        console.line("%s", setup);
        console.line("%-50s | %-66s | %s", "figure", "measured", "target");
        for (Figure figure : figures) {
            console.line("%-50s | %-66s | %s", figure.name, figure.measured, figure.target);
        }
    }

    public static String percentiles(List<Double> samples) {
        return format(
                "p50 %.1f ms, p99 %.1f ms (%d samples)",
                Figures.percentile(samples, 0.5), Figures.percentile(samples, 0.99), samples.size());
    }

    @FormatMethod
    public static String format(@FormatString String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
