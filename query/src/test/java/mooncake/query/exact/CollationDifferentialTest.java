package mooncake.query.exact;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import mooncake.query.collate.TextLocale;
import mooncake.query.collate.TextLocales;
import mooncake.query.exact.Oracle.Case;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Orders and cases of locales, against a server that has the same libraries.
@Timeout(120)
class CollationDifferentialTest {
    private static final String LETTERS = "aAbBzZ09 _-.'ñÑçÉéeßẞıIiİjJΣσςΐΊǆǅǄﬁАяЖ漢字カか€😀\u0301\u00ad\t";

    @AutoClose
    private static final Oracle ORACLE = new Oracle();

    private final Cases cases = new Cases(ORACLE);
    private final Random random = cases.random();

    /// A collation in SQL and its locale here.
    private record Pair(String sql, String locale) {}

    private static final List<Pair> PAIRS = List.of(
            new Pair("\"C\"", "c"),
            new Pair("\"default\"", "libc:C.UTF-8"),
            new Pair("\"en-US-x-icu\"", "icu:en-US"),
            new Pair("\"und-x-icu\"", "icu:und"),
            new Pair("\"de-AT-x-icu\"", "icu:de-AT"),
            new Pair("\"tr-x-icu\"", "icu:tr"),
            new Pair("\"lt-x-icu\"", "icu:lt"),
            new Pair("\"el-x-icu\"", "icu:el"),
            new Pair("\"nl-x-icu\"", "icu:nl"),
            new Pair("\"sv-x-icu\"", "icu:sv"),
            new Pair("\"zh-x-icu\"", "icu:zh"),
            new Pair("phonebook", "icu:de-u-co-phonebk-kn-true"));

    @BeforeAll
    static void load() {
        TextLocales.useIcuOf(ORACLE.pid());
        ORACLE.execute("CREATE COLLATION phonebook (provider = icu, locale = 'de-u-co-phonebk-kn-true')");
    }

    @Test
    void order() {
        for (int i = 0; i < 6000; i++) {
            Pair pair = PAIRS.get(random.nextInt(PAIRS.size()));
            TextLocale locale = TextLocales.find(pair.locale()).orElseThrow();
            String left = text();
            String right = random.nextInt(4) == 0 ? left + text() : text();
            cases.add(new Case(
                    "CASE WHEN " + quote(left) + " < " + quote(right) + " COLLATE " + pair.sql() + " THEN -1 WHEN "
                            + quote(left) + " = " + quote(right) + " THEN 0 ELSE 1 END",
                    () -> Integer.toString(Integer.signum(
                            Arrays.compareUnsigned(locale.sortKey(bytes(left)), locale.sortKey(bytes(right)))))));
        }
        cases.check();
    }

    @Test
    void letters() {
        for (int i = 0; i < 3000; i++) {
            Pair pair = PAIRS.get(random.nextInt(PAIRS.size()));
            TextLocale locale = TextLocales.find(pair.locale()).orElseThrow();
            String text = text();
            String sql = "(" + quote(text) + " COLLATE " + pair.sql() + ")";
            cases.add(new Case("lower" + sql, () -> string(locale.lower(bytes(text)))));
            cases.add(new Case("upper" + sql, () -> string(locale.upper(bytes(text)))));
            cases.add(new Case("initcap" + sql, () -> string(locale.capitalised(bytes(text)))));
        }
        cases.check();
    }

    private String text() {
        int[] characters = LETTERS.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(random.nextInt(20) == 0 ? 60 : 7); length > 0; length--) {
            int any = random.nextInt(20) == 0 ? 0x20 + random.nextInt(0x2fff) : 0;
            text.appendCodePoint(any != 0 ? any : characters[random.nextInt(characters.length)]);
        }
        return text.toString();
    }

    private static String quote(String text) {
        return "'" + text.replace("'", "''") + "'::text";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String string(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
