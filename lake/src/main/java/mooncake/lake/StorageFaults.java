package mooncake.lake;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes storage fail or hang on purpose, to prove that mirrors survive it. Off unless the environment variable
/// [#VARIABLE] named a control file when the engine started; then the file is read anew whenever it has changed.
///
/// Its lines, of which each storage call asks all that are for its kind (`write`, `sync`, `read`, `delete`, `any`):
///
/// - `fail write 0.05`: with this probability the call fails,
/// - `full write 0.05`: it fails as on a full disk,
/// - `hang write 3s 0.02`: it takes this long (`ms`, `s`), then goes on,
/// - `seed 42`: the draws that follow are those of this seed,
/// - `off`: nothing below or above counts.
///
/// No file is no fault; a file that cannot be understood is logged and counts as none.
final class StorageFaults {
    static final String VARIABLE = "MOONCAKE_STORAGE_FAULTS";

    /// Kinds of calls: opening a file to write it and handing over what was written, syncing a file or directory,
    /// opening a file to read it, deleting one.
    enum Call {
        WRITE,
        SYNC,
        READ,
        DELETE
    }

    private static final Logger LOG = LoggerFactory.getLogger(StorageFaults.class);
    private static final Duration HANG_MAX = Duration.ofMinutes(10);

    private static volatile @Nullable StorageFaults current = configured(System.getenv(VARIABLE));

    private final Path control;
    private @Nullable FileTime read;
    private List<Rule> rules = List.of();
    private Random random = new Random();

    /// @param call null for all
    /// @param hang null to fail
    private record Rule(
            @Nullable Call call,
            double probability,
            @Nullable Duration hang,
            String message) {}

    StorageFaults(Path control) {
        this.control = control;
    }

    /// Called before a storage call of this kind on a file or directory; throws or waits when it is to be hit.
    static void before(Call call, Object file) throws IOException {
        StorageFaults faults = current;
        if (faults != null) {
            faults.strike(call, file);
        }
    }

    /// Replaces what the environment said; null is none. For tests in one process.
    static void use(@Nullable StorageFaults faults) {
        current = faults;
    }

    private static @Nullable StorageFaults configured(@Nullable String path) {
        if (path == null || path.isEmpty()) {
            return null;
        }
        LOG.warn("storage faults are injected as told by a control file file={}", path);
        return new StorageFaults(Path.of(path));
    }

    private void strike(Call call, Object file) throws IOException {
        for (Rule rule : drawn(call)) {
            Duration hang = rule.hang();
            LOG.info(
                    "injected fault call={} file={} what={}",
                    call.name().toLowerCase(Locale.ROOT),
                    file,
                    hang == null ? rule.message() : "hang " + hang);
            if (hang == null) {
                throw new IOException(rule.message() + " (injected): " + file);
            }
            try {
                Thread.sleep(hang);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted in an injected hang: " + file);
            }
        }
    }

    private synchronized List<Rule> drawn(Call call) throws IOException {
        FileTime now = Files.exists(control) ? Files.getLastModifiedTime(control) : null;
        if (now != null && !now.equals(read)) {
            try {
                parse(Files.readAllLines(control));
            } catch (RuntimeException e) {
                rules = List.of();
                LOG.error("control file for storage faults is not understood file={}", control, e);
            }
        } else if (now == null) {
            rules = List.of();
        }
        read = now;
        List<Rule> hit = new ArrayList<>();
        for (Rule rule : rules) {
            if ((rule.call() == null || rule.call() == call) && random.nextDouble() < rule.probability()) {
                hit.add(rule);
            }
        }
        return hit;
    }

    private void parse(List<String> lines) {
        List<Rule> found = new ArrayList<>();
        boolean off = false;
        for (String line : lines) {
            String[] words = line.strip().split("\\s+", -1);
            switch (words[0]) {
                case "" -> {}
                case "off" -> off = true;
                case "seed" -> random = new Random(Long.parseLong(words[1]));
                case "fail" -> found.add(new Rule(call(words[1]), probability(words[2]), null, "Input/output error"));
                case "full" -> found.add(new Rule(call(words[1]), probability(words[2]), null, "No space left"));
                case "hang" -> found.add(new Rule(call(words[1]), probability(words[3]), duration(words[2]), ""));
                default -> throw bad(line);
            }
        }
        rules = off ? List.of() : List.copyOf(found);
    }

    private static @Nullable Call call(String word) {
        return word.equals("any") ? null : Call.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static double probability(String word) {
        double probability = Double.parseDouble(word);
        if (!(probability >= 0 && probability <= 1)) {
            throw bad(word);
        }
        return probability;
    }

    private static Duration duration(String word) {
        Duration duration = word.endsWith("ms")
                ? Duration.ofMillis(Long.parseLong(word.substring(0, word.length() - 2)))
                : Duration.parse("PT" + word.toUpperCase(Locale.ROOT));
        if (duration.isNegative() || duration.compareTo(HANG_MAX) > 0) {
            throw bad(word);
        }
        return duration;
    }

    private static MooncakeException bad(String what) {
        return new MooncakeException(ErrorCode.BAD_CONFIGURATION, "not a line of a control file: " + what);
    }
}
