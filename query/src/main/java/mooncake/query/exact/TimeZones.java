package mooncake.query.exact;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The time zones of the server: its own files, found by name in any case, and zones written as POSIX does, as in
/// `pg_tzset` of Postgres' pgtz.c. Which folder the server reads is said by the property `mooncake.zoneinfo`.
public final class TimeZones {
    private static final Path FOLDER = Path.of(System.getProperty("mooncake.zoneinfo", "/usr/share/zoneinfo"));
    private static final int KNOWN_MAX = 2_000;
    private static final int NAME_MAX = 255;
    private static final int FILE_BYTES_MAX = 1 << 20;

    private static final Set<String> WORDS = Set.of("UTC", "GMT");
    private static final Map<String, Optional<Zone>> KNOWN = new ConcurrentHashMap<>();

    private TimeZones() {}

    /// Whether a session's zone of this name means here what it means there.
    public static boolean isKnown(String name) {
        return find(name) != null;
    }

    /// Whether a zone that a query names means here what it means there. A word may also be an abbreviation, whose
    /// meaning
    /// is a setting.
    public static boolean isUnambiguous(String name) {
        boolean word = name.chars().allMatch(Character::isLetter);
        return (!word || WORDS.contains(name.toUpperCase(Locale.ROOT))) && isKnown(name);
    }

    static @Nullable Zone find(String name) {
        if (name.length() > NAME_MAX) {
            return null;
        }
        Optional<Zone> known = KNOWN.get(name);
        if (known == null) {
            known = Optional.ofNullable(read(name)).map(Zone::new);
            if (KNOWN.size() < KNOWN_MAX) {
                KNOWN.put(name, known);
            }
        }
        return known.orElse(null);
    }

    private static @Nullable ZoneRules read(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        if (upper.equals("GMT")) {
            return PosixZone.read("GMT0", true);
        }
        Path file = file(name);
        if (file != null) {
            try {
                return Files.size(file) > FILE_BYTES_MAX ? null : ZoneFile.read(Files.readAllBytes(file));
            } catch (IOException e) {
                return null;
            }
        }
        boolean defaultDates = !Files.exists(FOLDER.resolve("posixrules"));
        return upper.startsWith(":") ? null : PosixZone.read(upper, defaultDates);
    }

    /// The zone's file, each part of its name found in any case.
    private static @Nullable Path file(String name) {
        Path found = FOLDER;
        for (String part : name.split("/", -1)) {
            found = part.isEmpty() || part.startsWith(".") ? null : entry(found, part);
            if (found == null) {
                return null;
            }
        }
        return Files.isRegularFile(found) ? found : null;
    }

    private static @Nullable Path entry(Path folder, String name) {
        Path exact = folder.resolve(name);
        if (Files.exists(exact)) {
            return exact;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (entry.getFileName().toString().equalsIgnoreCase(name)) {
                    return entry;
                }
            }
            return null;
        } catch (IOException | DirectoryIteratorException e) {
            return null;
        }
    }
}
