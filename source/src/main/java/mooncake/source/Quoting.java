package mooncake.source;

import mooncake.model.Check;

/// Names and values as parts of an SQL text.
public final class Quoting {
    private Quoting() {}

    public static String identifier(String name) {
        Check.that(!name.isEmpty() && name.indexOf('\0') < 0, "not an SQL name");
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    public static String qualified(String schema, String name) {
        return identifier(schema) + "." + identifier(name);
    }

    /// A string literal, for any setting of `standard_conforming_strings`.
    public static String literal(String text) {
        Check.that(text.indexOf('\0') < 0, "an SQL text cannot hold a zero byte");
        String quoted = "'" + text.replace("'", "''") + "'";
        return text.indexOf('\\') < 0 ? quoted : " E" + quoted.replace("\\", "\\\\");
    }
}
