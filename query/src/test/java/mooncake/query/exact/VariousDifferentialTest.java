package mooncake.query.exact;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import mooncake.query.exact.Oracle.Case;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class VariousDifferentialTest {
    private static final List<String> ESCAPES = List.of(
            "\\",
            "\\\\",
            "\\0061",
            "\\u00e9",
            "\\+01F600",
            "\\U0001F600",
            "\\d83d",
            "\\ude00",
            "\\uDE00",
            "\\+110000",
            "\\0000",
            "\\12",
            "a",
            "é",
            "u",
            "+",
            "0",
            "😀");
    private static final List<String> NAME_PARTS =
            List.of("a", "Bc", "_x1", "\"", "\"Q q\"", "\"\"", ".", ". ", " ", "$", "1", "é", "É", "\t", "-", "it's");
    private static final List<String> ENCODINGS =
            List.of("UTF8", "utf-8", "LATIN1", "ISO_8859_1", "SQL_ASCII", "unicode");
    private static final byte[] BYTES = {'a', 'b', '%', '_', '\\', 0, (byte) 0xc3, (byte) 0xa9, (byte) 0xff, (byte) 0xe2
    };

    @AutoClose
    private static final Oracle ORACLE = new Oracle();

    private final Cases cases = new Cases(ORACLE);
    private final Random random = cases.random();

    @Test
    void escapes() {
        for (int i = 0; i < 5000; i++) {
            String text = joined(ESCAPES, 5);
            cases.add(new Case("unistr(" + quoted(text) + ")", () -> Unistr.read(text)));
        }
        cases.check();
    }

    @Test
    void names() {
        for (int i = 0; i < 5000; i++) {
            String text = joined(NAME_PARTS, 6);
            boolean strict = random.nextBoolean();
            cases.add(new Case(
                    "parse_ident(" + quoted(text) + ", " + strict + ")",
                    () -> Arrays.text(IdentifierParser.parse(text, strict))));
        }
        cases.check();
    }

    @Test
    void bytes() {
        for (int i = 0; i < 4000; i++) {
            byte[] value = bytes(5);
            byte[] pattern = bytes(4);
            cases.add(new Case(
                    literal(value) + " LIKE " + literal(pattern),
                    () -> LikePattern.bytesMatch(value, pattern) ? "true" : "false"));
            String from = ENCODINGS.get(random.nextInt(ENCODINGS.size()));
            String to = ENCODINGS.get(random.nextInt(ENCODINGS.size()));
            cases.add(new Case(
                    "convert_from(" + literal(value) + ", '" + from + "')",
                    () -> new String(Encodings.toText(value, from), StandardCharsets.UTF_8)));
            cases.add(new Case(
                    "convert(" + literal(value) + ", '" + from + "', '" + to + "')",
                    () -> hex(Encodings.convert(value, from, to))));
            cases.add(new Case(
                    "length(" + literal(value) + ", '" + from + "')",
                    () -> Integer.toString(Encodings.length(value, from))));
        }
        cases.check();
    }

    @Test
    void zonedTimes() {
        for (int i = 0; i < 3000; i++) {
            ZonedTime time = new ZonedTime(
                    random.nextInt(20) == 0 ? Timestamps.DAY : random.nextLong(Timestamps.DAY),
                    random.nextLong(-57_599, 57_600)
                            / (random.nextBoolean() ? 1 : 3600)
                            * (random.nextBoolean() ? 1 : 3));
            if (Math.abs(time.offset()) >= 57_600) {
                continue;
            }
            String sql = "'" + time.text() + "'::timetz";
            long added = random.nextLong() >> random.nextInt(20, 64);
            int digits = random.nextInt(7);
            cases.add(new Case(sql, time::text));
            cases.add(new Case(
                    sql + " + '" + added + " us'::interval",
                    () -> time.plus(added).text()));
            cases.add(new Case(
                    sql + " - '" + added + " us'::interval",
                    () -> time.plus(-added).text()));
            cases.add(new Case(
                    sql + "::timetz(" + digits + ")", () -> time.rounded(digits).text()));
            for (String unit :
                    List.of("hour", "minute", "second", "epoch", "timezone", "timezone_hour", "timezone_minute")) {
                cases.add(new Case("extract(" + unit + " FROM " + sql + ")", () -> time.part(unit)));
            }
        }
        cases.check();
    }

    @Test
    void normalForms() {
        List<String> forms = List.of("NFC", "NFD", "NFKC", "NFKD");
        for (int i = 0; i < 6000; i++) {
            StringBuilder text = new StringBuilder();
            for (int left = 1 + random.nextInt(5); left > 0; left--) {
                text.appendCodePoint(character());
            }
            String form = forms.get(random.nextInt(forms.size()));
            String sql = quoted(text.toString()) + ", " + form;
            cases.add(new Case(
                    "normalize(" + sql + ")", () -> Normalization.normalized(text.toString(), form, ORACLE.major())));
        }
        cases.check();
    }

    /// Letters with marks, marks, Hangul, and any other that every server knows alike.
    private int character() {
        int character = switch (random.nextInt(5)) {
            case 0 -> random.nextInt(0xc0, 0x250);
            case 1 -> random.nextInt(0x300, 0x370);
            case 2 -> random.nextInt(0x1100, 0x1200);
            case 3 -> random.nextInt(0x1f000, 0x30000);
            default -> random.nextInt(0x20, 0x10000);
        };
        boolean unusable = character == 0x897 || (character >= 0xd800 && character < 0xe000);
        return unusable ? 'a' : character;
    }

    private String joined(List<String> parts, int count) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(count + 1); left > 0; left--) {
            text.append(parts.get(random.nextInt(parts.size())));
        }
        return text.toString();
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[random.nextInt(length + 1)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = BYTES[random.nextInt(BYTES.length)];
        }
        return bytes;
    }

    private static String hex(byte[] bytes) {
        return "\\x" + HexFormat.of().formatHex(bytes);
    }

    private static String literal(byte[] bytes) {
        return "'" + hex(bytes) + "'::bytea";
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
