package mooncake.query.translate;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import mooncake.query.tree.Oids;

/// Prints Datums as the output functions of Postgres do: bytes of constants in trees, and values of batches.
final class DatumText {
    /// The time zone of the tests' sessions.
    static final ZoneId ZONE = ZoneId.of("Europe/Rome");

    private static final int REGTYPE = 2206;
    private static final long EPOCH_DAYS = 10_957;
    private static final long DAY_MICROS = 86_400_000_000L;

    private DatumText() {}

    /// A value that is passed by value or has a fixed width.
    static String fixed(int type, ByteBuffer bytes) {
        ByteBuffer in = bytes.order(ByteOrder.LITTLE_ENDIAN);
        return switch (type) {
            case Oids.BOOL -> in.get() != 0 ? "t" : "f";
            case Oids.CHAR -> singleByte(in.get() & 0xff);
            case Oids.OID, REGTYPE -> Integer.toUnsignedString(in.getInt());
            case Oids.MONEY -> money(in.getLong());
            case Oids.INT2 -> Short.toString(in.getShort());
            case Oids.INT4 -> Integer.toString(in.getInt());
            case Oids.INT8 -> Long.toString(in.getLong());
            case Oids.FLOAT4 -> Float.toString(in.getFloat());
            case Oids.FLOAT8 -> Double.toString(in.getDouble());
            case Oids.DATE -> date(in.getInt());
            case Oids.TIME -> time(in.getLong());
            case Oids.TIMESTAMP -> timestamp(in.getLong(), "");
            case Oids.TIMESTAMPTZ -> zoned(in.getLong());
            case Oids.INTERVAL -> interval(in.getLong(), in.getInt(), in.getInt());
            case Oids.UUID -> uuid(in);
            default -> throw new IllegalArgumentException("constant of type " + type);
        };
    }

    /// Whether [#variable] prints the type.
    static boolean isVariable(int type) {
        return switch (type) {
            case Oids.TEXT, Oids.VARCHAR, Oids.BPCHAR, Oids.JSON, Oids.BYTEA, Oids.NUMERIC -> true;
            default -> false;
        };
    }

    /// The content of a varlena.
    static String variable(int type, ByteBuffer bytes) {
        ByteBuffer in = bytes.order(ByteOrder.LITTLE_ENDIAN);
        return switch (type) {
            case Oids.TEXT, Oids.VARCHAR, Oids.BPCHAR, Oids.JSON ->
                StandardCharsets.UTF_8.decode(in).toString();
            case Oids.BYTEA -> {
                byte[] copy = new byte[in.remaining()];
                in.get(copy);
                yield "\\x" + HexFormat.of().formatHex(copy);
            }
            case Oids.NUMERIC -> numeric(in);
            case Oids.JSONB -> "null";
            default -> Oids.elementOf(type) != 0 ? array(in) : unknown(type);
        };
    }

    private static String unknown(int type) {
        throw new IllegalArgumentException("constant of type " + type);
    }

    /// `ArrayType`: dimensions, offset of the data when there are nulls, element type, lengths, lower bounds.
    private static String array(ByteBuffer in) {
        int dimensions = in.getInt();
        int dataOffset = in.getInt();
        int element = in.getInt();
        if (dimensions == 0) {
            return "{}";
        }
        int count = in.getInt();
        in.getInt();
        int bits = in.position();
        if (dataOffset != 0) {
            in.position(dataOffset - 4);
        }
        List<String> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean isNull = dataOffset != 0 && (in.get(bits + i / 8) >> i % 8 & 1) == 0;
            items.add(isNull ? "NULL" : element(element, in));
        }
        return "{" + String.join(",", items) + "}";
    }

    private static String element(int type, ByteBuffer in) {
        int width = switch (type) {
            case Oids.BOOL -> 1;
            case Oids.INT2 -> 2;
            case Oids.INT4, Oids.FLOAT4, Oids.DATE -> 4;
            case Oids.INT8, Oids.FLOAT8, Oids.TIMESTAMP -> 8;
            default -> 0;
        };
        int align = width == 0 ? 4 : width;
        in.position((in.position() + 4 + align - 1) / align * align - 4);
        if (width > 0) {
            String text = fixed(type, in.slice(in.position(), width));
            in.position(in.position() + width);
            return text;
        }
        int length = (in.getInt() >>> 2) - 4;
        String text = variable(type, in.slice(in.position(), length));
        in.position(in.position() + length);
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String singleByte(int value) {
        return value < 0x80 ? value == 0 ? "" : Character.toString(value) : "\\" + Integer.toOctalString(value);
    }

    private static String money(long cents) {
        String text = String.format(Locale.ROOT, "%,.2f", BigDecimal.valueOf(cents, 2));
        return text.startsWith("-") ? "-$" + text.substring(1) : "$" + text;
    }

    static String date(int days) {
        if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
            return days > 0 ? "infinity" : "-infinity";
        }
        LocalDate date = LocalDate.ofEpochDay(days + EPOCH_DAYS);
        int year = date.getYear();
        return String.format(
                Locale.ROOT,
                "%04d-%02d-%02d%s",
                year > 0 ? year : 1 - year,
                date.getMonthValue(),
                date.getDayOfMonth(),
                year > 0 ? "" : " BC");
    }

    private static String timestamp(long micros, String zone) {
        if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
            return micros > 0 ? "infinity" : "-infinity";
        }
        String date = date((int) Math.floorDiv(micros, DAY_MICROS));
        boolean beforeChrist = date.endsWith(" BC");
        String plain = beforeChrist ? date.substring(0, date.length() - 3) : date;
        return plain + " " + time(Math.floorMod(micros, DAY_MICROS)) + zone + (beforeChrist ? " BC" : "");
    }

    /// As a session in [#ZONE] sees it.
    private static String zoned(long micros) {
        if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
            return timestamp(micros, "");
        }
        long seconds = Math.floorDiv(micros, 1_000_000L) + EPOCH_DAYS * 86_400;
        int offset = ZONE.getRules().getOffset(Instant.ofEpochSecond(seconds)).getTotalSeconds();
        int size = Math.abs(offset);
        String text = String.format(Locale.ROOT, "%s%02d", offset < 0 ? "-" : "+", size / 3600);
        if (size % 3600 != 0) {
            text += String.format(Locale.ROOT, ":%02d", size / 60 % 60);
        }
        if (size % 60 != 0) {
            text += String.format(Locale.ROOT, ":%02d", size % 60);
        }
        return timestamp(micros + offset * 1_000_000L, text);
    }

    private static String time(long micros) {
        long seconds = micros / 1_000_000;
        String text = String.format(Locale.ROOT, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
        long fraction = micros % 1_000_000;
        return fraction == 0 ? text : (text + String.format(Locale.ROOT, ".%06d", fraction)).replaceAll("0+$", "");
    }

    private static String interval(long micros, int days, int months) {
        String sign = micros < 0 ? "-" : "";
        return months / 12 + " years " + months % 12 + " mons " + days + " days " + sign + time(Math.abs(micros));
    }

    private static String uuid(ByteBuffer in) {
        byte[] bytes = new byte[16];
        in.get(bytes);
        String hex = HexFormat.of().formatHex(bytes);
        return hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
    }

    private static String numeric(ByteBuffer in) {
        int header = in.getShort() & 0xffff;
        if ((header & 0xc000) == 0xc000) {
            return switch (header & 0xf000) {
                case 0xd000 -> "Infinity";
                case 0xf000 -> "-Infinity";
                default -> "NaN";
            };
        }
        boolean shortForm = (header & 0x8000) != 0;
        boolean negative = shortForm ? (header & 0x2000) != 0 : (header & 0xc000) == 0x4000;
        int scale = shortForm ? header >> 7 & 0x3f : header & 0x3fff;
        int weight = shortForm ? (header & 0x3f) - ((header & 0x40) != 0 ? 64 : 0) : in.getShort();
        StringBuilder digits = new StringBuilder();
        while (in.hasRemaining()) {
            digits.append(String.format(Locale.ROOT, "%04d", in.getShort()));
        }
        int point = (weight + 1) * 4;
        while (point < 0) {
            digits.insert(0, '0');
            point++;
        }
        while (digits.length() < point + scale) {
            digits.append('0');
        }
        String whole = digits.substring(0, point).replaceFirst("^0+", "");
        String fraction = digits.substring(point, point + scale);
        return (negative ? "-" : "") + (whole.isEmpty() ? "0" : whole) + (scale > 0 ? "." + fraction : "");
    }
}
