package mooncake.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.ColumnType.Moment;
import mooncake.model.ColumnType.Numeric;
import mooncake.model.ColumnType.Scalar;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.junit.jupiter.api.Test;

class ColumnWriterTest {
    private static final Moment TIME = new Moment(Moment.Kind.TIME, -1);
    private static final Moment TIMESTAMP = new Moment(Moment.Kind.TIMESTAMP, -1);
    private static final Moment TIMESTAMPTZ = new Moment(Moment.Kind.TIMESTAMPTZ, 3);

    @Test
    void integersAndFloatsFromGoldenBytes() {
        assertThat(write(Scalar.BOOL, "01")).isEqualTo(true);
        assertThat(write(Scalar.BOOL, "00")).isEqualTo(false);
        assertThat(write(Scalar.INT2, "8000")).isEqualTo(Short.MIN_VALUE);
        assertThat(write(Scalar.INT4, "00000102")).isEqualTo(258);
        assertThat(write(Scalar.INT8, "fffffffffffffffe")).isEqualTo(-2L);
        assertThat(write(Scalar.FLOAT4, "7fc00000")).isEqualTo(Float.NaN);
        assertThat(write(Scalar.FLOAT4, "3fc00000")).isEqualTo(1.5f);
        assertThat(write(Scalar.FLOAT8, "8000000000000000")).isEqualTo(-0.0d);
        assertThat(write(Scalar.FLOAT8, "fff0000000000000")).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void datesAndTimes() {
        assertThat(write(Scalar.DATE, "00000000")).isEqualTo(10_957);
        assertThat(write(Scalar.DATE, "7fffffff")).isEqualTo(Integer.MAX_VALUE);
        assertThat(write(Scalar.DATE, "80000000")).isEqualTo(-Integer.MAX_VALUE);
        assertThat(write(Scalar.DATE, "ffda97a7")).as("4714-11-24 BC").isEqualTo(-2_440_588);
        assertThat(write(Scalar.DATE, "7fda970c")).as("5874897-12-31").isEqualTo(2_145_042_905);
        assertThat(write(TIME, "000000141dd76000")).as("24:00").isEqualTo(86_400_000_000L);
        assertThat(write(TIMESTAMP, "0000000000000000")).isEqualTo(946_684_800_000_000L);
        assertThat(write(TIMESTAMP, "7fffffffffffffff")).isEqualTo(Long.MAX_VALUE);
        assertThat(write(TIMESTAMPTZ, "8000000000000000")).isEqualTo(-Long.MAX_VALUE);
        assertThat(write(TIMESTAMPTZ, "fffca2fec4c82000")).isEqualTo(0L);
        long largest = Long.MAX_VALUE - 1 - 946_684_800_000_000L;
        assertThat(write(TIMESTAMP, String.format("%016x", largest))).isEqualTo(Long.MAX_VALUE - 1);
        assertRefused(TIMESTAMP, String.format("%016x", largest + 1), "294247-01-10");
        assertRefused(Scalar.DATE, "7ffffffe", "largest date");
        assertRefused(TIME, "000000141dd76001", "no time of a day");
        assertRefused(TIME, "ffffffffffffffff", "-1 microseconds");
    }

    @Test
    void uuidsKeepTheOrderOfTheirBytes() {
        MemorySegment data = segment(Scalar.UUID, HexFormat.of().parseHex("00112233445566778899aabbccddeeff"));
        assertThat(data.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(0x8899aabbccddeeffL);
        assertThat(data.get(ValueLayout.JAVA_LONG, 8)).isEqualTo(0x8011223344556677L);
    }

    @Test
    void textOfEveryLength() {
        Random random = new Random(7);
        for (int length = 0; length < 70; length++) {
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) (1 + random.nextInt(127));
            }
            String hex = HexFormat.of().formatHex(bytes);
            String text = new String(bytes, StandardCharsets.UTF_8);
            for (ColumnType type : new ColumnType[] {Scalar.TEXT, Scalar.JSON, new ColumnType.Varchar(-1)}) {
                assertThat(write(type, hex)).isEqualTo(text);
            }
            assertThat(write(Scalar.BYTEA, hex)).isEqualTo(hex);
            assertThat(write(Scalar.JSONB, "01" + hex)).isEqualTo(text);
        }
        assertThat(write(new ColumnType.Bpchar(9), "61622020"))
                .as("padding stays")
                .isEqualTo("ab  ");
        assertThat(write(Scalar.BYTEA, "00ff00")).isEqualTo("00ff00");
    }

    @Test
    void textThatIsNotUtf8IsRefused() {
        assertRefused(Scalar.TEXT, "61ff62", "\\x61ff62", "not valid UTF-8");
        assertRefused(Scalar.TEXT, "610062", "not valid UTF-8");
        assertRefused(Scalar.TEXT, "6162636465666700", "not valid UTF-8");
        assertRefused(Scalar.JSONB, "01c0af", "not valid UTF-8");
        assertRefused(new ColumnType.Bpchar(9), "eda080", "not valid UTF-8");
        assertRefused(new ColumnType.Varchar(9), "ff".repeat(40), "ff".repeat(32) + "...");
    }

    @Test
    void utf8AgreesWithTheJdk() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int[] starts = {0x41, 0x80, 0xbf, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xee, 0xf0, 0xf3, 0xf4, 0xf5, 0xff};
        int valid = 0;
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = new byte[1 + random.nextInt(12)];
            for (int i = 0; i < bytes.length; i++) {
                int kind = random.nextInt(4);
                bytes[i] = (byte)
                        (kind == 0
                                ? starts[random.nextInt(starts.length)]
                                : kind == 1 ? 1 + random.nextInt(127) : 0x80 + random.nextInt(64));
            }
            if (random.nextBoolean()) {
                byte[] text = new StringBuilder()
                        .appendCodePoint(1 + random.nextInt(0xd7ff))
                        .appendCodePoint(0xe000 + random.nextInt(0x10ffff - 0xe000))
                        .append("abcdefgh")
                        .toString()
                        .getBytes(StandardCharsets.UTF_8);
                bytes = random.nextBoolean() ? text : Arrays.copyOf(text, random.nextInt(text.length) + 1);
            }
            boolean expected = decodes(bytes);
            valid += expected ? 1 : 0;
            assertThat(Utf8.isText(bytes, 0, bytes.length))
                    .as("seed %d: %s", seed, HexFormat.of().formatHex(bytes))
                    .isEqualTo(expected);
        }
        assertThat(valid).isBetween(40_000, 180_000);
    }

    @Test
    void numericsFromGoldenBytes() {
        assertThat(write(new Numeric(12, 2), "0003000100000002000109291a2c")).isEqualTo(new BigDecimal("12345.67"));
        assertThat(write(new Numeric(38, 3), "0003000100000002000109291a2c")).isEqualTo(new BigDecimal("12345.670"));
        assertThat(write(new Numeric(4, 2), "0001ffff4000000201f4")).isEqualTo(new BigDecimal("-0.05"));
        assertThat(write(new Numeric(20, 2), "0001ffff4000000201f4")).isEqualTo(new BigDecimal("-0.05"));
        assertThat(write(new Numeric(9, 0), "00010001000000000007")).isEqualTo(new BigDecimal("70000"));
        assertThat(write(new Numeric(9, 2), "0000000000000002")).isEqualTo(new BigDecimal("0.00"));
    }

    @Test
    void numericsAgreeWithBigDecimal() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 100_000; round++) {
            int precision = 1 + random.nextInt(38);
            int scale = random.nextInt(precision + 1);
            Numeric type = new Numeric(precision, scale);
            int digits = 1 + random.nextInt(Math.min(40, precision + 2));
            BigInteger unscaled = new BigInteger(randomDigits(random, digits));
            BigDecimal value = new BigDecimal(random.nextBoolean() ? unscaled.negate() : unscaled, scale);
            if (random.nextInt(10) == 0) {
                value = value.movePointLeft(1 + random.nextInt(6));
            }
            String what = "seed " + seed + ": " + value + " as " + type;
            byte[] bytes = Encoder.numeric(value);
            boolean fits = value.stripTrailingZeros().scale() <= scale
                    && value.abs().compareTo(BigDecimal.TEN.pow(precision - scale)) < 0;
            if (fits) {
                assertThat(write(type, bytes)).as(what).isEqualTo(value.setScale(scale));
            } else {
                assertThatThrownBy(() -> write(type, bytes))
                        .as(what)
                        .isInstanceOf(MooncakeException.class)
                        .extracting(e -> ((MooncakeException) e).code())
                        .isEqualTo(ErrorCode.UNREPRESENTABLE_VALUE);
            }
        }
    }

    @Test
    void numericLimits() {
        for (int precision = 1; precision <= 38; precision++) {
            for (int scale = 0; scale <= precision; scale++) {
                Numeric type = new Numeric(precision, scale);
                BigDecimal ulp = BigDecimal.ONE.movePointLeft(scale);
                BigDecimal over = BigDecimal.ONE.movePointRight(precision - scale);
                BigDecimal largest = over.subtract(ulp);
                assertThat(write(type, Encoder.numeric(largest))).isEqualTo(largest.setScale(scale));
                assertThat(write(type, Encoder.numeric(largest.negate())))
                        .isEqualTo(largest.negate().setScale(scale));
                assertThat(write(type, Encoder.numeric(BigDecimal.ZERO))).isEqualTo(BigDecimal.ZERO.setScale(scale));
                assertRefused(type, HexFormat.of().formatHex(Encoder.numeric(over)), "digits");
                assertRefused(
                        type, HexFormat.of().formatHex(Encoder.numeric(ulp.movePointLeft(1))), "behind the point");
            }
        }
    }

    @Test
    void numericsWithoutAnIntegerAreRefusedByName() {
        assertRefused(new Numeric(9, 2), "00000000c0000000", "value NaN of column \"c\" (numeric(9,2)) of \"t\"");
        assertRefused(new Numeric(38, 2), "00000000d0000020", "value Infinity");
        assertRefused(new Numeric(4, 2), "00000000f0000020", "value -Infinity");
        assertRefused(
                new Numeric(4, 2), HexFormat.of().formatHex(Encoder.numeric(new BigDecimal("-123.45"))), "-123.45");
        assertRefused(new Numeric(1, 0), HexFormat.of().formatHex(Encoder.numeric(new BigDecimal("9999"))), "9999");
    }

    @Test
    void wrongLengthsAreProtocolViolations() {
        for (ColumnType type :
                new ColumnType[] {Scalar.BOOL, Scalar.INT2, Scalar.INT4, Scalar.DATE, TIME, TIMESTAMP, Scalar.UUID}) {
            assertThatThrownBy(() -> write(type, "000102"))
                    .isInstanceOf(MooncakeException.class)
                    .extracting(e -> ((MooncakeException) e).code())
                    .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        }
        for (String numeric : new String[] {"00", "0001000000000000", "ffff000000000000", "00010000000000002710"}) {
            assertThatThrownBy(() -> write(new Numeric(9, 2), numeric))
                    .isInstanceOf(MooncakeException.class)
                    .extracting(e -> ((MooncakeException) e).code())
                    .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        }
        assertThatThrownBy(() -> write(Scalar.JSONB, "02")).hasMessageContaining("version");
    }

    private static String randomDigits(Random random, int count) {
        StringBuilder digits = new StringBuilder();
        boolean sparse = random.nextBoolean();
        for (int i = 0; i < count; i++) {
            digits.append(sparse && random.nextInt(3) > 0 ? 0 : random.nextInt(10));
        }
        return digits.toString();
    }

    private static boolean decodes(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            return false;
        }
        for (byte b : bytes) {
            if (b == 0) {
                return false;
            }
        }
        return true;
    }

    private static void assertRefused(ColumnType type, String hex, String... parts) {
        assertThatThrownBy(() -> write(type, hex))
                .isInstanceOf(MooncakeException.class)
                .hasMessageContaining("column \"c\" (" + type.displayName() + ") of \"t\"")
                .hasMessageContainingAll(parts)
                .extracting(e -> ((MooncakeException) e).code())
                .isEqualTo(ErrorCode.UNREPRESENTABLE_VALUE);
    }

    private static Object write(ColumnType type, String hex) {
        return write(type, HexFormat.of().parseHex(hex));
    }

    /// Written at the end of a larger array, and with bytes behind it: both must give the same.
    private static Object write(ColumnType type, byte[] value) {
        Object exact = Decoder.value(type, segment(type, value), 0);
        byte[] longer = Arrays.copyOf(value, value.length + 20);
        Arrays.fill(longer, value.length, longer.length, (byte) 'x');
        Object inside = Decoder.value(type, segment(type, longer, value.length), 0);
        assertThat(inside).isEqualTo(exact);
        return exact;
    }

    private static MemorySegment segment(ColumnType type, byte[] value) {
        return segment(type, value, value.length);
    }

    private static MemorySegment segment(ColumnType type, byte[] value, int length) {
        Arena arena = Arena.ofAuto();
        MemorySegment data = arena.allocate(16, 16);
        // The heap's memory must outlive the returned segment, which only refers to it by address.
        MemorySegment heap = Arena.global().allocate(Math.max(1, length));
        ColumnWriter.of("t", new Column(1, "c", type, false))
                .write(value, 0, length, data, 0, size -> heap.asSlice(0, size));
        return data;
    }
}
