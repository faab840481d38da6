package mooncake.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// One finished program: its exit code and what it printed.
public record Command(int exit, String out, String err) {

    /// Runs a program to its end, whatever it returns.
    public static Command run(List<String> words, Map<String, String> environment) {
        try {
            ProcessBuilder builder = new ProcessBuilder(words);
            builder.environment().putAll(environment);
            builder.directory(Path.of("/").toFile()); // one that every account may enter
            builder.redirectInput(Path.of("/dev/null").toFile());
            Process process = builder.start();
            CompletableFuture<String> errors = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            String out = text(process.getInputStream());
            return new Command(process.waitFor(), out, errors.join());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + words.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + words.getFirst(), e);
        }
    }

    /// Runs a program that must succeed.
    public static Command mustRun(List<String> words) {
        Command done = run(words, Map.of());
        if (done.exit != 0) {
            throw new IllegalStateException(
                    String.join(" ", words) + " returned " + done.exit + ": " + done.err + done.out);
        }
        return done;
    }

    /// As the account that owns the servers: root's belong to `postgres`, since Postgres refuses to run as root.
    public static List<String> asServerUser(List<String> words) {
        if (!isRoot()) {
            return words;
        }
        List<String> all = new ArrayList<>(List.of("runuser", "-u", "postgres", "--"));
        all.addAll(words);
        return all;
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
