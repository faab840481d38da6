package mooncake.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The machine that figures were measured on, and the memory of its processes.
public final class Machine {
    private Machine() {}

    public static String description() throws IOException {
        return String.format(
                Locale.ROOT,
                "%s, %d cores, %.0f GiB memory, Linux %s, Java %s",
                first(Path.of("/proc/cpuinfo"), "model name\\s*: (.*)").orElse("unknown processor"),
                Runtime.getRuntime().availableProcessors(),
                kibibytes(Path.of("/proc/meminfo"), "MemTotal") / 1024.0 / 1024.0,
                System.getProperty("os.version"),
                Runtime.version());
    }

    /// The most memory that a process has had in use, in MiB.
    public static double peakMebibytes(long pid) throws IOException {
        return kibibytes(Path.of("/proc", Long.toString(pid), "status"), "VmHWM") / 1024.0;
    }

    private static long kibibytes(Path file, String name) throws IOException {
        return first(file, name + ":\\s*(\\d+) kB").map(Long::parseLong).orElse(0L);
    }

    private static java.util.Optional<String> first(Path file, String pattern) throws IOException {
        List<String> lines = Files.readAllLines(file);
        Pattern compiled = Pattern.compile(pattern);
        return lines.stream()
                .map(compiled::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .findFirst();
    }
}
