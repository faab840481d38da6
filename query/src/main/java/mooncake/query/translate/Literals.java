package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import mooncake.query.frame.Value;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;
import org.jspecify.annotations.Nullable;

/// Constants of Postgres as SQL of DuckDB.
final class Literals {
    private static final int TYPMOD_HEADER = 4;

    /// The bits of a number of 32 bits without sign.
    static final long UNSIGNED = 0xffffffffL;

    private Literals() {}

    /// A string literal; the mark of mirrors inside it is built from its code.
    static String text(String text) {
        String quoted = "'" + text.replace("'", "''") + "'";
        return quoted.contains(Context.MARK) ? "(" + quoted.replace(Context.MARK, "' || chr(1) || '") + ")" : quoted;
    }

    /// A value of the request; one that is not known yet has only its type.
    static Scalar of(Value value, boolean allNumericsFree) {
        String text = value.text();
        if (value.type() == Oids.NUMERIC) {
            return numeric(value, allNumericsFree);
        }
        Form form = form(value.type(), value.typmod());
        Value literal = value.known() ? value : null;
        if (text == null) {
            return new Scalar("CAST(NULL AS " + duckType(form) + ")", form, literal, false);
        }
        String sql = switch (value.type()) {
            case Oids.BOOL -> text.equals("t") ? "TRUE" : "FALSE";
            case Oids.BYTEA -> "from_hex(" + text(hex(text)) + ")";
            case Oids.DATE -> date(DateTimes.parseDate(text));
            case Oids.TIMESTAMP -> timestamp(DateTimes.parseTimestamp(text), "TIMESTAMP");
            case Oids.TIMESTAMPTZ -> timestamp(DateTimes.parseTimestamp(text), "TIMESTAMPTZ");
            case Oids.OID -> bigint(Long.parseLong(text) & UNSIGNED);
            case Oids.MONEY -> bigint(Amounts.parse(text));
            case Oids.INTERVAL -> interval(DateTimes.parseInterval(text));
            default -> "CAST(" + text(text) + " AS " + duckType(form) + ")";
        };
        return new Scalar(sql, form, literal, false);
    }

    /// In place of a value that Postgres could not compute: raises its error where a row needs it.
    static Scalar failed(String error, Form form) {
        return Scalar.of("CAST(mc_failed(" + text(error) + ") AS " + duckType(form) + ")", form, true);
    }

    /// The form of a type's values where nothing more is known than its modifier.
    static Form form(int type, int typmod) {
        return switch (type) {
            case Oids.VARCHAR, Oids.UNKNOWN -> new Form.Plain(Oids.TEXT);
            case Oids.BPCHAR -> new Form.Padded(typmod < TYPMOD_HEADER ? -1 : typmod - TYPMOD_HEADER);
            case Oids.BOOL,
                    Oids.BYTEA,
                    Oids.INT2,
                    Oids.INT4,
                    Oids.INT8,
                    Oids.TEXT,
                    Oids.NAME,
                    Oids.OID,
                    Oids.MONEY,
                    Oids.JSON,
                    Oids.JSONB,
                    Oids.FLOAT4,
                    Oids.FLOAT8,
                    Oids.DATE,
                    Oids.TIME,
                    Oids.TIMESTAMP,
                    Oids.TIMESTAMPTZ,
                    Oids.INTERVAL,
                    Oids.UUID -> new Form.Plain(type);
            default -> throw Refusal.because("Values of type %d are not translated.", type);
        };
    }

    /// Whether values of a type are more than carried.
    static boolean isTranslated(int type) {
        return type == Oids.OID || !Oids.isReference(type);
    }

    static String duckType(Form form) {
        return switch (form) {
            case Form.Kept kept -> kept.duckType();
            case Form.Padded _, Form.Free _, Form.Document _ -> "VARCHAR";
            case Form.Decimal decimal -> decimal.duckType();
            case Form.NullNumeric _ -> "DECIMAL(1,0)";
            case Form.Plain(int type) ->
                switch (type) {
                    case Oids.BOOL -> "BOOLEAN";
                    case Oids.BYTEA -> "BLOB";
                    case Oids.INT2 -> "SMALLINT";
                    case Oids.INT4 -> "INTEGER";
                    case Oids.INT8, Oids.OID, Oids.MONEY -> "BIGINT";
                    case Oids.FLOAT4 -> "FLOAT";
                    case Oids.FLOAT8 -> "DOUBLE";
                    case Oids.DATE -> "DATE";
                    case Oids.TIME -> "TIME";
                    case Oids.TIMESTAMP -> "TIMESTAMP";
                    case Oids.TIMESTAMPTZ -> "TIMESTAMPTZ";
                    case Oids.INTERVAL -> "INTERVAL";
                    case Oids.UUID -> "UUID";
                    default -> "VARCHAR";
                };
        };
    }

    private static Scalar numeric(Value value, boolean allNumericsFree) {
        String text = value.text();
        if (text == null) {
            return value.known()
                    ? new Scalar("CAST(NULL AS DECIMAL(1,0))", new Form.NullNumeric(), value, false)
                    : Scalar.of("CAST(NULL AS VARCHAR)", new Form.Free(), false);
        }
        int digits = 0;
        int scale = 0;
        int point = text.indexOf('.');
        for (int i = 0; i < text.length(); i++) {
            if (Character.isDigit(text.charAt(i))) {
                digits++;
                scale += point >= 0 && i > point ? 1 : 0;
            }
        }
        boolean finite = digits > 0;
        if (!finite || digits > Form.Decimal.MAX_PRECISION || allNumericsFree) {
            return new Scalar("CAST(" + text(text) + " AS VARCHAR)", new Form.Free(), value, false);
        }
        Form.Decimal decimal = Form.Decimal.of(digits, scale);
        return new Scalar("CAST(" + text(text) + " AS " + decimal.duckType() + ")", decimal, value, false);
    }

    private static String bigint(long number) {
        return "CAST('" + number + "' AS BIGINT)";
    }

    static String date(int days) {
        if (Math.abs((long) days) == Integer.MAX_VALUE) {
            return "CAST('" + (days > 0 ? "" : "-") + "infinity' AS DATE)";
        }
        java.time.LocalDate date = java.time.LocalDate.ofEpochDay(days);
        return date.getYear() >= 1 && date.getYear() <= 9999
                ? "CAST('" + date + "' AS DATE)"
                : "(CAST('1970-01-01' AS DATE) + CAST('" + days + "' AS INTEGER))";
    }

    private static String timestamp(long micros, String type) {
        if (micros == Long.MAX_VALUE || micros == -Long.MAX_VALUE) {
            return "CAST('" + (micros > 0 ? "" : "-") + "infinity' AS " + type + ")";
        }
        String make = type.equals("TIMESTAMP") ? "make_timestamp" : "make_timestamptz";
        java.time.LocalDateTime time = DateTimes.toLocal(micros);
        if (time.getYear() < 1 || time.getYear() > 9999) {
            return make + "(CAST('" + micros + "' AS BIGINT))";
        }
        String text = time.toLocalDate()
                + String.format(
                        Locale.ROOT,
                        " %02d:%02d:%02d.%06d",
                        time.getHour(),
                        time.getMinute(),
                        time.getSecond(),
                        time.getNano() / 1000);
        return "CAST('" + text + (type.equals("TIMESTAMP") ? "" : "+00") + "' AS " + type + ")";
    }

    private static String interval(DateTimes.Interval interval) {
        return "(to_months(CAST('" + interval.months() + "' AS INTEGER)) + to_days(CAST('" + interval.days()
                + "' AS INTEGER)) + to_microseconds(CAST('" + interval.micros() + "' AS BIGINT)))";
    }

    private static String hex(String text) {
        if (!text.startsWith("\\x")) {
            throw Refusal.because("A bytea constant is not in hexadecimal form.");
        }
        return text.substring(2).toUpperCase(Locale.ROOT);
    }

    /// The elements of an array constant of one dimension, in their text form.
    static List<@Nullable String> elements(String array) {
        List<@Nullable String> elements = new ArrayList<>();
        if (!array.startsWith("{") || array.startsWith("{{")) {
            throw Refusal.because("An array constant does not have one dimension counted from 1.");
        }
        int at = 1;
        while (array.charAt(at) != '}') {
            StringBuilder element = new StringBuilder();
            boolean quoted = array.charAt(at) == '"';
            if (quoted) {
                at++;
                while (array.charAt(at) != '"') {
                    at += array.charAt(at) == '\\' ? 1 : 0;
                    element.append(array.charAt(at++));
                }
                at++;
            } else {
                while (array.charAt(at) != ',' && array.charAt(at) != '}') {
                    at += array.charAt(at) == '\\' ? 1 : 0;
                    element.append(array.charAt(at++));
                }
            }
            elements.add(!quoted && element.toString().equalsIgnoreCase("NULL") ? null : element.toString());
            at += array.charAt(at) == ',' ? 1 : 0;
        }
        return elements;
    }
}
