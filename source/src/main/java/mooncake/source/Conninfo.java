package mooncake.source;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// libpq's two forms of a connection string, read into its options. Errors name options and never show a value.
final class Conninfo {
    private final String text;
    private int at;

    private Conninfo(String text) {
        this.text = text;
    }

    static Map<String, String> parse(String text) {
        String trimmed = text.strip();
        for (String scheme : new String[] {"postgresql://", "postgres://"}) {
            if (trimmed.startsWith(scheme)) {
                return uri(trimmed.substring(scheme.length()));
            }
        }
        return new Conninfo(trimmed).pairs();
    }

    static MooncakeException malformed(String why) {
        return new MooncakeException(ErrorCode.BAD_CONFIGURATION, "malformed connection string: " + why);
    }

    private Map<String, String> pairs() {
        Map<String, String> options = new LinkedHashMap<>();
        skipBlanks();
        while (at < text.length()) {
            int start = at;
            while (at < text.length() && text.charAt(at) != '=' && !Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            String key = text.substring(start, at);
            skipBlanks();
            if (key.isEmpty() || at == text.length() || text.charAt(at) != '=') {
                // What stands here could be part of a badly quoted password.
                throw malformed("an option name without a value after option number " + options.size());
            }
            at++;
            skipBlanks();
            options.put(key, value(key));
            skipBlanks();
        }
        return options;
    }

    private String value(String key) {
        boolean quoted = at < text.length() && text.charAt(at) == '\'';
        if (quoted) {
            at++;
        }
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (quoted ? c == '\'' : Character.isWhitespace(c)) {
                break;
            }
            if (c == '\\' && at + 1 < text.length()) {
                at++;
                c = text.charAt(at);
            }
            value.append(c);
            at++;
        }
        if (quoted) {
            if (at == text.length()) {
                throw malformed("the quoted value of \"" + key + "\" does not end");
            }
            at++;
        }
        return value.toString();
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private static Map<String, String> uri(String rest) {
        Map<String, String> options = new LinkedHashMap<>();
        int query = rest.indexOf('?');
        String main = query < 0 ? rest : rest.substring(0, query);
        int slash = main.indexOf('/');
        String authority = slash < 0 ? main : main.substring(0, slash);
        if (slash >= 0 && slash + 1 < main.length()) {
            options.put("dbname", decode("dbname", main.substring(slash + 1)));
        }
        int login = authority.lastIndexOf('@');
        if (login >= 0) {
            login(authority.substring(0, login), options);
        }
        hostAndPort(authority.substring(login + 1), options);
        if (query >= 0) {
            parameters(rest.substring(query + 1), options);
        }
        return options;
    }

    private static void login(String text, Map<String, String> options) {
        int colon = text.indexOf(':');
        String user = colon < 0 ? text : text.substring(0, colon);
        if (!user.isEmpty()) {
            options.put("user", decode("user", user));
        }
        if (colon >= 0) {
            options.put("password", decode("password", text.substring(colon + 1)));
        }
    }

    private static void hostAndPort(String text, Map<String, String> options) {
        String rest = text;
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end < 0) {
                throw malformed("the address in brackets does not end");
            }
            options.put("host", text.substring(1, end));
            rest = text.substring(end + 1);
        }
        int colon = rest.indexOf(':');
        String host = colon < 0 ? rest : rest.substring(0, colon);
        if (!host.isEmpty()) {
            if (options.containsKey("host")) {
                throw malformed("text between the address in brackets and the port");
            }
            options.put("host", decode("host", host));
        }
        if (colon >= 0 && colon + 1 < rest.length()) {
            options.put("port", decode("port", rest.substring(colon + 1)));
        }
    }

    private static void parameters(String text, Map<String, String> options) {
        if (text.isEmpty()) {
            return;
        }
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw malformed("a URI parameter without name or value");
            }
            String key = decode("parameter name", pair.substring(0, equals));
            options.put(key, decode(key, pair.substring(equals + 1)));
        }
    }

    private static String decode(String what, String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            // The cause would quote the text.
            throw malformed("bad percent encoding in " + what);
        }
    }
}
