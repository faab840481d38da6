package mooncake.mirror.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.TextForm;
import mooncake.model.TextForm.Simple;
import org.junit.jupiter.api.Test;

/// Golden values, and bytes that are none: these are an error and never anything else. That texts are Postgres' own is
/// tested against servers by the system tests.
class TextCodecTest {
    private static final TextForm INTS = new TextForm.Array(Simple.INT4, ',');
    private static final TextForm TEXTS = new TextForm.Array(Simple.TEXT, ',');
    private static final TextForm ROW =
            new TextForm.Composite(List.of(new TextForm.Field(23, Simple.INT4), new TextForm.Field(25, Simple.TEXT)));
    private static final TextForm RANGE = new TextForm.Range(Simple.TEXT);

    private record Golden(TextForm form, String hex, String text) {}

    private static final List<Golden> GOLDEN = List.of(
            new Golden(Simple.NUMERIC, "0002000000000002007b1194", "123.45"),
            new Golden(Simple.NUMERIC, "0001000140000000" + "0001", "-10000"),
            new Golden(Simple.NUMERIC, "0000000000000003", "0.000"),
            new Golden(Simple.NUMERIC, "0001fffe00000009" + "0001", "0.000000010"),
            new Golden(Simple.NUMERIC, "00000000c0000000", "NaN"),
            new Golden(Simple.NUMERIC, "00000000f0000020", "-Infinity"),
            new Golden(Simple.INTERVAL, "00000002925fabb00000000500000000", "5 days 03:04:05.678"),
            new Golden(
                    Simple.INTERVAL, "ffffffffffffffff" + "00000001" + "ffffffff", "-1 mons +1 day -00:00:00.000001"),
            new Golden(Simple.INTERVAL, "7fffffffffffffff7fffffff7fffffff", "infinity"),
            new Golden(
                    Simple.INTERVAL_FINITE,
                    "7fffffffffffffff7fffffff7fffffff",
                    "178956970 years 7 mons 2147483647 days 2562047788:00:54.775807"),
            new Golden(Simple.INTERVAL, "0000000000000000" + "00000000" + "00000000", "00:00:00"),
            new Golden(Simple.TIMESTAMP, "0000000000000000", "2000-01-01 00:00:00"),
            new Golden(Simple.TIMESTAMPTZ, "ff1af9deec5b2000", "0044-03-15 00:00:00+00 BC"),
            new Golden(Simple.TIMETZ, "0000000000000000" + "00003840", "00:00:00-04"),
            new Golden(Simple.DATE, "7fffffff", "infinity"),
            new Golden(Simple.INET, "02180004c0a80105", "192.168.1.5/24"),
            new Golden(Simple.CIDR, "02200104c0a80105", "192.168.1.5/32"),
            new Golden(Simple.INET, "03800010" + "00000000000000000000ffff01020304", "::ffff:1.2.3.4"),
            new Golden(Simple.BIT, "0000000a" + "aa80", "1010101010"),
            new Golden(Simple.FLOAT8, "0000000000000001", "5e-324"),
            new Golden(Simple.FLOAT8, "430c6bf526340000", "1e+15"),
            new Golden(Simple.FLOAT8, "8000000000000000", "-0"),
            new Golden(Simple.FLOAT8, "44c52d02c7e14af6", "1.9999999999999998e+23"),
            new Golden(Simple.FLOAT8, "4340000000000000", "9.007199254740992e+15"),
            new Golden(Simple.FLOAT4, "3dcccccd", "0.1"),
            new Golden(Simple.CHAR, "e9", "\\351"),
            new Golden(Simple.CHAR, "00", ""),
            new Golden(Simple.PG_LSN, "00000016b374d848", "16/B374D848"),
            new Golden(Simple.TSVECTOR, "00000001" + "6927" + "00" + "0002" + "0001" + "c002", "'i''':1,2A"),
            new Golden(Simple.VECTOR, "00020000" + "3f800000" + "40200000", "[1,2.5]"),
            new Golden(Simple.HEX, "0101ab", "0101AB"),
            new Golden(Simple.TSQUERY, "00000003" + "0202" + "010000" + "6200" + "010801" + "6100", "'a':*A & 'b'"),
            new Golden(INTS, "00000000" + "00000000" + "00000017", "{}"),
            new Golden(
                    INTS,
                    "00000001" + "00000001" + "00000017" + "00000002" + "00000000" + "00000004" + "0000002a"
                            + "ffffffff",
                    "[0:1]={42,NULL}"),
            new Golden(
                    TEXTS,
                    "00000001" + "00000000" + "00000019" + "00000002" + "00000001" + "00000004" + "6e756c6c"
                            + "00000002" + "225c",
                    "{\"null\",\"\\\"\\\\\"}"),
            new Golden(ROW, "00000002" + "00000017" + "ffffffff" + "00000019" + "00000000", "(,\"\")"),
            new Golden(RANGE, "02" + "00000001" + "61" + "00000001" + "2c", "[a,\",\")"),
            new Golden(RANGE, "01", "empty"),
            new Golden(RANGE, "18", "(,)"));

    @Test
    void goldenValues() {
        for (Golden golden : GOLDEN) {
            assertThat(text(golden.form(), HexFormat.of().parseHex(golden.hex())))
                    .as("%s %s", golden.form(), golden.hex())
                    .isEqualTo(golden.text());
        }
    }

    @Test
    void brokenBytesAreAnErrorAndNothingElse() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            Golden golden = GOLDEN.get(random.nextInt(GOLDEN.size()));
            byte[] bytes = broken(HexFormat.of().parseHex(golden.hex()), random);
            try {
                text(golden.form(), bytes);
            } catch (MooncakeException e) {
                refused++;
                assertThat(e.code())
                        .as("seed %d: %s", seed, e.text())
                        .isIn(ErrorCode.PROTOCOL_VIOLATION, ErrorCode.SOURCE_SCHEMA_CHANGED);
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + ": " + golden.form() + " "
                                + HexFormat.of().formatHex(bytes),
                        e);
            }
        }
        assertThat(refused).isGreaterThan(5_000);
    }

    private static byte[] broken(byte[] bytes, Random random) {
        if (random.nextBoolean()) {
            return Arrays.copyOf(bytes, random.nextInt(bytes.length + 4));
        }
        byte[] changed = bytes.clone();
        for (int i = 0; i <= random.nextInt(3); i++) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
        }
        return changed;
    }

    @Test
    void deepQueriesNeedNoStack() {
        int operators = 200_000;
        byte[] bytes = new byte[4 + 2 * operators + 5];
        bytes[0] = (byte) ((operators + 1) >> 24);
        bytes[1] = (byte) ((operators + 1) >> 16);
        bytes[2] = (byte) ((operators + 1) >> 8);
        bytes[3] = (byte) (operators + 1);
        for (int i = 0; i < operators; i++) {
            bytes[4 + 2 * i] = 2;
            bytes[5 + 2 * i] = 1;
        }
        bytes[4 + 2 * operators] = 1;
        bytes[7 + 2 * operators] = 'a';
        assertThat(text(Simple.TSQUERY, bytes)).isEqualTo("!".repeat(operators) + "'a'");
    }

    private static String text(TextForm form, byte[] bytes) {
        SendReader in = new SendReader();
        TextBuffer out = new TextBuffer();
        in.open(bytes, 0, bytes.length);
        TextCodec.of(form).write(in, out);
        in.close();
        return new String(out.bytes(), 0, out.length(), StandardCharsets.UTF_8);
    }
}
