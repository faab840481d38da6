package mooncake.query.exact;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import mooncake.query.collate.TextLocale;
import mooncake.query.collate.TextLocales;
import mooncake.query.collate.Utf8;
import mooncake.query.exact.Oracle.Case;
import mooncake.query.regex.EmbeddedOptions;
import mooncake.query.regex.Regex;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Matches, groups and errors of random patterns.
@Timeout(120)
class RegexDifferentialTest {
    private static final TextLocale LOCALE = TextLocales.find("libc:C.UTF-8").orElseThrow();
    private static final String[] ATOMS = {
        "a",
        "b",
        "c",
        "A",
        ".",
        "[ab]",
        "[^a]",
        "[a-c]",
        "\\w",
        "\\d",
        "\\s",
        "é",
        "É",
        "[[:alpha:]]",
        "\\W",
        "\\n",
        "[[:upper:]b]",
        "[^\\w]",
        "\\x62",
        "ß",
        "[à-ü]"
    };
    private static final String[] CONDITIONS = {
        "^",
        "$",
        "\\m",
        "\\M",
        "\\y",
        "\\Y",
        "\\A",
        "\\Z",
        "(?=b)",
        "(?!a)",
        "(?<=a)",
        "(?<!b|^)",
        "(?=a*b)",
        "(?<=^.*)"
    };
    private static final String[] QUANTIFIERS = {
        "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,1}?", "{2,}", "{1,3}?", "{0}", "{2}?"
    };
    private static final String NOISE = "ab()[]{}*+?|\\^$.-:=,12nimxq#<>! wdé";

    @AutoClose
    private static final Oracle ORACLE = new Oracle();

    private final Cases cases = new Cases(ORACLE);
    private final Random random = cases.random();
    private int groups;

    @Test
    void groupsOfRandomPatterns() {
        for (int i = 0; i < 12000; i++) {
            groups = 0;
            String pattern = random.nextInt(6) == 0 ? "(?" + "inpwsx".charAt(random.nextInt(6)) + ")" : "";
            pattern += pattern(3, true);
            matchCase(text(), pattern);
        }
        cases.check();
    }

    @Test
    void wrongReferencesBeforeTheEnd() {
        for (String pattern : List.of("(a|b)\\1|(\\Z)", "(\\Z)|\\1", "((?=b))|\\1", "((?=b)b*)|\\1")) {
            for (String text : List.of("", "c", "ab", "abc", "abcc", "aabb", "cc")) {
                matchCase(text, pattern);
            }
        }
        cases.check();
    }

    /// Most of these are errors.
    @Test
    void anyCharactersAsPatterns() {
        for (int i = 0; i < 8000; i++) {
            StringBuilder pattern = new StringBuilder(random.nextInt(12) == 0 ? "***" : "");
            for (int length = random.nextInt(9); length > 0; length--) {
                pattern.append(NOISE.charAt(random.nextInt(NOISE.length())));
            }
            matchCase(text(), pattern.toString());
        }
        cases.check();
    }

    @Test
    void functions() {
        for (int i = 0; i < 4000; i++) {
            groups = 0;
            String pattern = pattern(2, false);
            String text = text();
            String flags = new String[] {"", "g", "i", "gi", "n", "gn", "c", "gx"}[random.nextInt(8)];
            String replacement = new String[] {"", "X", "<\\1>", "\\&\\&", "\\2\\\\", "\\", "é\\x"}[random.nextInt(7)];
            cases.add(new Case(
                    "regexp_replace(" + quote(text) + ", " + quote(pattern) + ", " + quote(replacement) + ", '" + flags
                            + "')",
                    () -> string(RegexText.replace(
                            regex(pattern, flags),
                            bytes(text),
                            bytes(replacement),
                            0,
                            flags.indexOf('g') >= 0 ? 0 : 1))));
            cases.add(new Case(
                    "array_to_string(regexp_split_to_array(" + quote(text) + ", " + quote(pattern) + "), '|')",
                    () -> shown(RegexText.split(regex(pattern, ""), bytes(text)), "|", "")));
            int start = 1 + random.nextInt(4);
            int number = random.nextInt(3);
            cases.add(new Case(
                    "regexp_replace(" + quote(text) + ", " + quote(pattern) + ", " + quote(replacement) + ", " + start
                            + ", " + number + ")",
                    () -> string(RegexText.replace(
                            regex(pattern, ""), bytes(text), bytes(replacement), start - 1, number))));
            int group = random.nextInt(3);
            cases.add(new Case(
                    "regexp_substr(" + quote(text) + ", " + quote(pattern) + ", " + start + ", " + (number + 1)
                            + ", '', " + group + ")",
                    () -> {
                        int[] characters = Utf8.characters(bytes(text));
                        int[] place = RegexText.place(regex(pattern, ""), characters, start, number + 1, group);
                        return place == null ? null : string(Utf8.encode(characters, place[0], place[1]));
                    }));
            cases.add(new Case(
                    "regexp_count(" + quote(text) + ", " + quote(pattern) + ", " + start + ")",
                    () -> Integer.toString(
                            RegexText.matches(regex(pattern, ""), Utf8.characters(bytes(text)), start - 1, true, false)
                                    .size())));
        }
        cases.check();
    }

    private void matchCase(String text, String pattern) {
        String arguments = "(" + quote(text) + ", " + quote(pattern);
        cases.add(new Case(
                "regexp_instr" + arguments + ") || ' ' || regexp_instr" + arguments + ", 1, 1, 1) || ' ' || coalesce("
                        + "array_to_string(regexp_match" + arguments + "), '|', '-'), 'none')",
                () -> {
                    int[] characters = Utf8.characters(bytes(text));
                    Regex regex = regex(pattern, "");
                    int[] match = regex.match(characters, 0);
                    if ((match != null) != regex.isFoundIn(characters)) {
                        return "found and not found";
                    }
                    return match == null
                            ? "0 0 none"
                            : match[0] + 1 + " " + (match[1] + 1) + " "
                                    + shown(RegexText.groups(characters, match), "|", "-");
                }));
    }

    private static Regex regex(String pattern, String flags) {
        return new Regex(pattern.codePoints().toArray(), EmbeddedOptions.ofFlags(flags), LOCALE);
    }

    private static String shown(List<byte @Nullable []> pieces, String separator, String none) {
        StringJoiner shown = new StringJoiner(separator);
        for (byte[] piece : pieces) {
            shown.add(piece == null ? none : string(piece));
        }
        return shown.toString();
    }

    private String pattern(int depth, boolean conditions) {
        StringBuilder pattern = new StringBuilder();
        for (int pieces = 1 + random.nextInt(3); pieces > 0; pieces--) {
            if (conditions && random.nextInt(9) == 0) {
                pattern.append(CONDITIONS[random.nextInt(CONDITIONS.length)]);
                continue;
            }
            pattern.append(piece(depth, conditions));
            if (random.nextInt(2) == 0) {
                pattern.append(QUANTIFIERS[random.nextInt(QUANTIFIERS.length)]);
            }
        }
        if (depth > 0 && random.nextInt(5) == 0) {
            pattern.append('|').append(pattern(depth - 1, conditions));
        }
        return pattern.toString();
    }

    private String piece(int depth, boolean conditions) {
        int kind = random.nextInt(6);
        if (depth > 0 && kind == 0) {
            groups++;
            return "(" + pattern(depth - 1, conditions) + ")";
        }
        if (depth > 0 && kind == 1) {
            return "(?:" + pattern(depth - 1, conditions) + ")";
        }
        if (conditions && groups > 0 && random.nextInt(5) == 0) {
            return "\\" + (1 + random.nextInt(groups));
        }
        return random.nextInt(3) > 0
                ? Character.toString("abc".charAt(random.nextInt(3)))
                : ATOMS[random.nextInt(ATOMS.length)];
    }

    private String text() {
        String letters = random.nextInt(3) == 0 ? "abAB cé É\nß1_漢" : "abc";
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(9); length > 0; length--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }

    private static String quote(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n") + "'::text";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String string(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
