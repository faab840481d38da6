package mooncake.lake;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;

/// Names of files and directories in the warehouse.
final class FileNames {
    private static final String MARK = "mooncake-";
    private static final Pattern OURS = Pattern.compile(".*" + MARK + "[0-9a-f-]{36}.*\\.(parquet|puffin)");

    private FileNames() {}

    /// A part of a name that no other file has and that [#isOurs] knows again.
    static String unique() {
        return MARK + UUID.randomUUID();
    }

    /// Whether a data or deletion vector file was written by a mirror: others' files are never taken for
    /// leftovers.
    static boolean isOurs(String name) {
        return OURS.matcher(name).matches();
    }

    /// A Postgres name as a directory name: letters, digits, `_`, `-` and inner `.` as they are, any other byte
    /// of its UTF-8 form as `~` and two hexadecimal digits. At most 189 bytes for a name of Postgres' 63.
    static String directory(String name) {
        StringBuilder out = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '_'
                    || c == '-'
                    || (c == '.' && !out.isEmpty());
            if (plain) {
                out.append(c);
            } else {
                out.append(String.format(java.util.Locale.ROOT, "~%02x", b & 0xff));
            }
        }
        return out.toString();
    }

    /// A new directory name for a table: tables of one name that follow each other never share files.
    static String tableDirectory(String name) {
        return directory(name) + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    static boolean isTableDirectory(String directory, String name) {
        String prefix = directory(name) + "-";
        return directory.startsWith(prefix)
                && directory.substring(prefix.length()).matches("[0-9a-f]{8}");
    }
}
