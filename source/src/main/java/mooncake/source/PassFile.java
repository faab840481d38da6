package mooncake.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A file of passwords in libpq's form: `host:port:database:user:password` a line, `*` for any, backslash escapes.
///
/// As in libpq, a file that others than its owner may read is not used; the log says so.
final class PassFile {
    private static final Logger log = LoggerFactory.getLogger(PassFile.class);
    private static final int FIELDS = 5;
    private static final long BYTES_MAX = 1 << 20;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final List<List<String>> entries;

    private PassFile(List<List<String>> entries) {
        this.entries = entries;
    }

    /// Null when there is no such file or it must not be used.
    static @Nullable PassFile read(Path path) {
        try {
            if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
                return null;
            }
            if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(path)) || Files.size(path) > BYTES_MAX) {
                log.warn("event=passfile_ignored path={} reason=\"readable by others or too large\"", path);
                return null;
            }
            return parse(Files.readAllLines(path));
        } catch (IOException e) {
            log.warn(
                    "event=passfile_ignored path={} reason=\"{}\"",
                    path,
                    e.getClass().getSimpleName());
            return null;
        }
    }

    static PassFile parse(List<String> lines) {
        List<List<String>> entries = new ArrayList<>();
        for (String line : lines) {
            List<String> fields = line.startsWith("#") ? List.of() : fields(line);
            if (fields.size() == FIELDS) {
                entries.add(fields);
            }
        }
        return new PassFile(entries);
    }

    /// The first entry that fits; a Unix socket in the default directory also goes by the name `localhost`.
    @Nullable
    String password(String host, int port, String database, String user) {
        String hostName = EndpointOptions.isDefaultSocketDirectory(host) ? "localhost" : host;
        for (List<String> entry : entries) {
            if ((fits(entry.get(0), host) || fits(entry.get(0), hostName))
                    && fits(entry.get(1), Integer.toString(port))
                    && fits(entry.get(2), database)
                    && fits(entry.get(3), user)) {
                return entry.get(4);
            }
        }
        return null;
    }

    private static boolean fits(String pattern, String value) {
        return pattern.equals("*") || pattern.equals(value);
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && i + 1 < line.length()) {
                i++;
                field.append(line.charAt(i));
            } else if (c == ':' && fields.size() < FIELDS - 1) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
