package mooncake.query.translate;

import java.util.HashMap;
import java.util.Map;
import mooncake.query.tree.Refusal;

/// The settings of the asking session that results depend on, as PLAN and EXECUTE carry them: the time zone, then one
/// line `name=value` for each setting that is not as [#DEFAULTS] says.
public final class Session {
    private static final int FIRST_MAJOR = 15;

    private static final Map<String, String> DEFAULTS = Map.of(
            "major",
            Integer.toString(FIRST_MAJOR),
            "DateStyle",
            "ISO, MDY",
            "IntervalStyle",
            "postgres",
            "extra_float_digits",
            "1",
            "bytea_output",
            "hex",
            "quote_all_identifiers",
            "off",
            "lc_monetary",
            "C",
            "lc_numeric",
            "C",
            "lc_time",
            "C");

    private final String timeZone;
    private final Map<String, String> settings;

    private Session(String timeZone, Map<String, String> settings) {
        this.timeZone = timeZone;
        this.settings = settings;
    }

    public static Session parse(String text) {
        String[] lines = text.split("\n", -1);
        Map<String, String> settings = new HashMap<>(DEFAULTS);
        for (int i = 1; i < lines.length; i++) {
            int equals = lines[i].indexOf('=');
            settings.put(lines[i].substring(0, Math.max(equals, 0)), lines[i].substring(equals + 1));
        }
        return new Session(lines[0], settings);
    }

    /// As Postgres names it.
    public String timeZone() {
        return timeZone;
    }

    /// The server's major version.
    int major() {
        return Integer.parseInt(setting("major"));
    }

    String setting(String name) {
        return settings.getOrDefault(name, "");
    }

    /// Refuses where the setting is another one than the one that is known to be printed alike.
    void require(String name) {
        if (!setting(name).equals(DEFAULTS.get(name))) {
            throw Refusal.because("Texts under %s = %s are left to Postgres.", name, setting(name));
        }
    }

    /// Refuses where floats are not printed with all the digits that they need.
    void requireShortestFloats() {
        if (Integer.parseInt(setting("extra_float_digits")) < 1) {
            throw Refusal.because("Texts of floats with fewer digits than they have are left to Postgres.");
        }
    }

    /// Refuses where dates are printed in another style than ISO, whose order of fields matters on reading only.
    void requireIsoDates() {
        if (!setting("DateStyle").startsWith("ISO")) {
            throw Refusal.because("Texts of dates in the style %s are left to Postgres.", setting("DateStyle"));
        }
    }

    /// The order of a date's parts: `MDY`, `DMY` or `YMD`.
    String dateOrder() {
        String style = setting("DateStyle");
        return style.substring(style.lastIndexOf(' ') + 1);
    }

    /// Refuses where a locale's words or signs are printed.
    void requireC(String category) {
        String locale = setting(category);
        if (!locale.equals("C") && !locale.equals("POSIX") && !locale.equals("C.UTF-8") && !locale.equals("C.utf8")) {
            throw Refusal.because("Texts under %s = %s are left to Postgres.", category, locale);
        }
    }
}
