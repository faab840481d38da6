package mooncake.query.exact;

import java.util.List;
import java.util.Locale;
import mooncake.query.exact.Template.Literal;
import mooncake.query.exact.Template.Node;
import mooncake.query.exact.Template.Pattern;

/// Reads a text by a template of `to_date` and `to_timestamp` into the fields that the template names.
final class DateScanner {
    private static final List<String> HALVES_DOTTED = List.of("a.m.", "p.m.");
    private static final List<String> HALVES = List.of("am", "pm");
    private static final List<String> ERAS_DOTTED = List.of("a.d.", "b.c.");
    private static final List<String> ERAS = List.of("ad", "bc");
    private static final List<String> NOT_DIGITS = List.of(
            "A.D.", "A.M.", "AD", "AM", "B.C.", "BC", "DAY", "DY", "FX", "MONTH", "MON", "OF", "P.M.", "PM", "RM",
            "TZH", "TZ");
    private static final List<String> GREGORIAN =
            List.of("DDD", "DD", "D", "MM", "MONTH", "MON", "RM", "WW", "W", "Y,YYY", "YYYY", "YYY", "YY", "Y");
    private static final List<String> ISO = List.of("IDDD", "ID", "IW", "IYYY", "IYY", "IY", "I");
    private static final int LETTERS_OF_SHORT_NAMES = 3;

    private static final java.util.regex.Pattern THOUSANDS =
            java.util.regex.Pattern.compile("\\s*([+-]?\\d+),\\s*([+-]\\d{1,2}|\\d{1,3})");
    private static final int DIGITS_OF_INT = 9;

    private final List<Node> template;
    private final String in;
    private final int major;
    final DateFields fields = new DateFields();
    private boolean fixed;
    private int skipped;
    private int at;

    private DateScanner(List<Node> template, String in, int major) {
        this.template = template;
        this.in = in;
        this.major = major;
    }

    static DateFields scan(String text, List<Node> template, int major) {
        DateScanner scanner = new DateScanner(template, text, major);
        scanner.scan();
        return scanner.fields;
    }

    private boolean atEnd() {
        return at >= in.length();
    }

    private void scan() {
        for (int i = 0; i < template.size() && !atEnd(); i++) {
            Node node = template.get(i);
            boolean pattern = node instanceof Pattern;
            if (!fixed && !isKey(node, "FX") && (pattern || i == 0)) {
                skipSpaces();
            }
            switch (node) {
                case Literal literal -> skipLiteral(literal);
                case Pattern read -> {
                    if (!atEnd() || read.key().equalsIgnoreCase("FX")) {
                        requireOneCalendar(read);
                    }
                    read(read, i);
                    if (!fixed) {
                        skipped = 0;
                        skipSpaces();
                    }
                }
            }
        }
    }

    private static boolean isKey(Node node, String key) {
        return node instanceof Pattern pattern && pattern.key().equalsIgnoreCase(key);
    }

    private void skipSpaces() {
        while (!atEnd() && NumberInput.isSpace(in.charAt(at))) {
            at++;
            skipped++;
        }
    }

    private void skipLiteral(Literal literal) {
        char c = literal.text().charAt(0);
        boolean loose = !literal.quoted() && (NumberInput.isSpace(c) || isSeparator(c));
        if (fixed) {
            skipOne();
        } else if (loose) {
            skipped--;
            if (!atEnd() && (NumberInput.isSpace(in.charAt(at)) || isSeparator(in.charAt(at)))) {
                at++;
                skipped++;
            }
        } else if (skipped > 0) {
            skipped--;
        } else {
            skipOne();
        }
    }

    private void skipOne() {
        if (!atEnd()) {
            at += Character.charCount(in.codePointAt(at));
        }
    }

    private static boolean isSeparator(char c) {
        return c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c);
    }

    private void requireOneCalendar(Pattern pattern) {
        String key = pattern.key().toUpperCase(Locale.ROOT);
        if (GREGORIAN.contains(key) || ISO.contains(key)) {
            fields.setIso(ISO.contains(key));
        }
    }

    private void read(Pattern pattern, int index) {
        String key = pattern.key().toUpperCase(Locale.ROOT);
        switch (key) {
            case "FX" -> fixed = true;
            case "A.M.", "P.M." -> half(pattern, HALVES_DOTTED);
            case "AM", "PM" -> half(pattern, HALVES);
            case "A.D.", "B.C." -> fields.era = set(pattern, fields.era, word(pattern, ERAS_DOTTED));
            case "AD", "BC" -> fields.era = set(pattern, fields.era, word(pattern, ERAS));
            case "MONTH" -> fields.month = set(pattern, fields.month, word(pattern, DateFormat.MONTHS) + 1);
            case "MON" -> fields.month = set(pattern, fields.month, word(pattern, shortNames(DateFormat.MONTHS)) + 1);
            case "DAY" -> fields.weekDay = set(pattern, fields.weekDay, word(pattern, DateFormat.DAYS)) + 1;
            case "DY" -> fields.weekDay = set(pattern, fields.weekDay, word(pattern, shortNames(DateFormat.DAYS))) + 1;
            case "RM" -> fields.month = set(pattern, fields.month, 12 - word(pattern, DateFormat.ROMAN.reversed()));
            case "TZ", "OF" -> {
                if (major >= 17) {
                    throw Errors.notComputed("a zone that is read by a template");
                }
                throw Errors.unsupported("formatting field \"" + pattern.key() + "\" is only supported in to_char");
            }
            case "TZH" -> zoneHour(pattern, index);
            case "TZM" -> {
                fields.zoneSign = fields.zoneSign == 0 ? 1 : fields.zoneSign;
                fields.zoneMinute = set(pattern, fields.zoneMinute, number(pattern, index, 2));
            }
            case "Y,YYY" -> thousands(pattern);
            default -> numberField(pattern, key, index);
        }
    }

    private void half(Pattern pattern, List<String> words) {
        fields.afternoon = set(pattern, fields.afternoon, word(pattern, words));
        fields.twelveHours = true;
    }

    private static List<String> shortNames(List<String> names) {
        return names.stream()
                .map(name -> name.substring(0, LETTERS_OF_SHORT_NAMES))
                .toList();
    }

    private void zoneHour(Pattern pattern, int index) {
        if (!atEnd() && "+- ".indexOf(in.charAt(at)) >= 0) {
            fields.zoneSign = in.charAt(at) == '-' ? -1 : 1;
            at++;
        } else {
            fields.zoneSign = skipped > 0 && at > 0 && in.charAt(at - 1) == '-' ? -1 : 1;
        }
        fields.zoneHour = set(pattern, fields.zoneHour, number(pattern, index, 2));
    }

    /// Postgres reads it by sscanf's `%d,%03d`, whose width counts the sign.
    private void thousands(Pattern pattern) {
        java.util.regex.Matcher matcher = THOUSANDS.matcher(in).region(at, in.length());
        if (!matcher.lookingAt()) {
            throw Errors.invalidDateTime("invalid input string for \"Y,YYY\"");
        }
        if (matcher.group(1).length() > DIGITS_OF_INT) {
            throw Errors.notComputed("a year of so many digits");
        }
        long year = Long.parseLong(matcher.group(2)) + Long.parseLong(matcher.group(1)) * 1000;
        fields.year = set(pattern, fields.year, (int) year);
        fields.yearDigits = 4;
        at = matcher.end();
        skipOrdinal(pattern);
    }

    private void numberField(Pattern pattern, String key, int index) {
        int start = at;
        int length = switch (key) {
            case "HH24", "HH12", "HH" -> 2;
            case "IDDD", "MS" -> 3;
            case "ID" -> 1;
            case "US" -> 6;
            default -> key.startsWith("FF") ? key.charAt(2) - '0' : key.length();
        };
        int value = number(pattern, index, length);
        int read = at - start;
        switch (key) {
            case "HH", "HH12", "HH24" -> {
                fields.hour = set(pattern, fields.hour, value);
                fields.twelveHours |= !key.equals("HH24");
            }
            case "MI" -> fields.minute = set(pattern, fields.minute, value);
            case "SS" -> fields.second = set(pattern, fields.second, value);
            case "MS" -> fields.millis = set(pattern, fields.millis, value) * power(3 - read);
            case "US" -> fields.micros = set(pattern, fields.micros, value) * power(6 - read);
            case "SSSS", "SSSSS" -> fields.secondOfDay = set(pattern, fields.secondOfDay, value);
            case "MM" -> fields.month = set(pattern, fields.month, value);
            case "DDD", "IDDD" -> fields.dayOfYear = set(pattern, fields.dayOfYear, value);
            case "DD" -> fields.day = set(pattern, fields.day, value);
            case "D" -> fields.weekDay = set(pattern, fields.weekDay, value);
            case "ID" -> {
                fields.weekDay = set(pattern, fields.weekDay, value) + 1;
                fields.weekDay = fields.weekDay > 7 ? 1 : fields.weekDay;
            }
            case "WW", "IW" -> fields.week = set(pattern, fields.week, value);
            case "W" -> fields.weekOfMonth = set(pattern, fields.weekOfMonth, value);
            case "CC" -> fields.century = set(pattern, fields.century, value);
            case "J" -> fields.julian = set(pattern, fields.julian, value);
            case "Q" -> {}
            case "YYYY", "IYYY", "YYY", "IYY", "YY", "IY", "Y", "I" -> {
                fields.year = set(pattern, fields.year, value);
                fields.yearDigits = key.length();
                if (key.length() < 4 && read < 4) {
                    fields.year = near2020(fields.year);
                }
            }
            default -> {
                fields.fraction = length;
                fields.micros = set(pattern, fields.micros, value) * power(6 - read);
            }
        }
        skipOrdinal(pattern);
    }

    private static int power(int digits) {
        int power = 1;
        for (int i = 0; i < digits; i++) {
            power *= 10;
        }
        return power;
    }

    private static int near2020(int year) {
        if (year < 70) {
            return year + 2000;
        }
        if (year < 100) {
            return year + 1900;
        }
        if (year < 520) {
            return year + 2000;
        }
        return year < 1000 ? year + 1000 : year;
    }

    private void skipOrdinal(Pattern pattern) {
        if (pattern.ordinal() != 0) {
            skipOne();
            skipOne();
        }
    }

    private static int set(Pattern pattern, int before, int value) {
        if (before != 0 && before != value) {
            throw Errors.invalidDateTime("conflicting values for \"" + pattern.key() + "\" field in formatting string");
        }
        return value;
    }

    private int word(Pattern pattern, List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (in.regionMatches(true, at, word, 0, word.length())) {
                at += word.length();
                return i;
            }
        }
        int end = at;
        while (end < in.length() && !NumberInput.isSpace(in.charAt(end))) {
            end++;
        }
        throw Errors.invalidDateTime("invalid value \"" + in.substring(at, end) + "\" for \"" + pattern.key() + "\"");
    }

    /// A number of so many digits, or of any where something else than a digit must come next.
    private int number(Pattern pattern, int index, int length) {
        int start = at;
        while (!atEnd() && NumberInput.isSpace(in.charAt(at))) {
            at++;
        }
        String rest = in.substring(at);
        boolean free = pattern.fill() || isSeparatorNext(index);
        String copy = free ? rest : rest.substring(0, Math.min(length, rest.length()));
        int used = prefix(copy);
        if (!free) {
            if (rest.getBytes(java.nio.charset.StandardCharsets.UTF_8).length < length) {
                throw Errors.invalidDateTime("source string too short for \"" + pattern.key() + "\" formatting field");
            }
            if (used > 0 && used < length) {
                throw notAnInteger(pattern, rest, length);
            }
        }
        if (used == 0) {
            if (free || at == start) {
                throw notAnInteger(pattern, rest, length);
            }
            return 0;
        }
        at += used;
        java.math.BigInteger value =
                new java.math.BigInteger(copy.substring(0, used).strip().replace("+", ""));
        if (value.bitLength() >= Integer.SIZE) {
            throw Errors.dateTime("value for \"" + pattern.key() + "\" in source string is out of range");
        }
        return value.intValueExact();
    }

    /// Shows as many bytes as the field has digits.
    private static RuntimeException notAnInteger(Pattern pattern, String rest, int length) {
        int end = 0;
        for (int bytes = 0; end < rest.length() && bytes < length; end++) {
            bytes += rest.substring(end, end + 1).getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        }
        return Errors.invalidDateTime("invalid value \"" + rest.substring(0, end) + "\" for \"" + pattern.key() + "\"");
    }

    /// How many characters C's `strtol` takes.
    private static int prefix(String text) {
        int end = 0;
        while (end < text.length() && NumberInput.isSpace(text.charAt(end))) {
            end++;
        }
        if (end < text.length() && (text.charAt(end) == '-' || text.charAt(end) == '+')) {
            end++;
        }
        int digits = end;
        while (end < text.length() && NumberInput.isDigit(text.charAt(end))) {
            end++;
        }
        return end == digits ? 0 : end;
    }

    private boolean isSeparatorNext(int index) {
        if (((Pattern) template.get(index)).ordinal() != 0 || index + 1 == template.size()) {
            return true;
        }
        return switch (template.get(index + 1)) {
            case Pattern next -> NOT_DIGITS.contains(next.key().toUpperCase(Locale.ROOT));
            case Literal(String text, boolean _) -> !NumberInput.isDigit(text.charAt(0));
        };
    }
}
