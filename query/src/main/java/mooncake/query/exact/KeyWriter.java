package mooncake.query.exact;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Writes bytes whose order is Postgres' order of the values. Each part ends by itself, so that parts can follow one
/// another.
final class KeyWriter {
    private static final int END = 0;
    private static final int PRESENT = 1;
    private static final int NULL = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private KeyWriter() {}

    /// The key of a value that is held as text.
    static byte[] key(String text, KeyForm form) {
        KeyWriter writer = new KeyWriter();
        writer.value(text, form);
        return writer.out.toByteArray();
    }

    static boolean equal(String a, String b, KeyForm form) {
        return a.equals(b) || java.util.Arrays.equals(key(a, form), key(b, form));
    }

    private void value(String text, KeyForm form) {
        switch (form) {
            case KeyForm.Simple simple -> simple(text, simple);
            case KeyForm.Labels(List<String> labels) -> integer(label(text, labels));
            case KeyForm.Array(KeyForm element) -> array(ArrayValue.parse(text), element);
            case KeyForm.Range(KeyForm bound) -> range(RangeValue.parse(text), bound);
            case KeyForm.Multirange(KeyForm bound) -> {
                for (RangeValue range : RangeValue.parseAll(text)) {
                    out.write(PRESENT);
                    range(range, bound);
                }
                out.write(END);
            }
        }
    }

    private void simple(String text, KeyForm.Simple form) {
        switch (form) {
            case BYTES, TEXT -> text(text);
            case CHAR -> out.write(SingleByte.of(text));
            case PADDED -> text(text.stripTrailing().length() == text.length() ? text : withoutBlanks(text));
            case INTEGER, BIGINT -> integer(Long.parseLong(text));
            case NUMBER -> number(text);
            case FLOAT -> number(Double.parseDouble(text));
            case DATE -> integer(MomentText.date(text));
            case TIMESTAMP -> integer(MomentText.timestamp(text));
            case INTERVAL -> interval(MomentText.interval(text).key());
            case TIMETZ -> {
                long[] parts = MomentText.timetz(text);
                integer(parts[0]);
                integer(parts[1]);
            }
            case JSONB -> JsonKey.write(Json.parse(text), this);
            case INET -> out.writeBytes(NetworkValue.parse(text).key());
            case LSN -> {
                String[] halves = text.split("/", -1);
                integer(Long.parseLong(halves[0], 16));
                integer(Long.parseLong(halves[1], 16));
            }
        }
    }

    private static int label(String text, List<String> labels) {
        int place = labels.indexOf(text);
        if (place < 0) {
            throw new MooncakeException(
                    ErrorCode.SOURCE_SCHEMA_CHANGED, "the enum with label \"" + text + "\" has changed: try again");
        }
        return place;
    }

    private static String withoutBlanks(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    void bytes(int value) {
        out.write(value);
    }

    void text(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        out.write(END);
    }

    void integer(long value) {
        long flipped = value ^ Long.MIN_VALUE;
        for (int shift = 56; shift >= 0; shift -= 8) {
            out.write((int) (flipped >>> shift));
        }
    }

    void number(String text) {
        out.writeBytes(NumericKey.of(Numeric.parse(text)));
        out.write(END);
    }

    /// Zeros are equal, and NaN is above everything.
    private void number(double value) {
        long bits = Double.isNaN(value) ? Long.MAX_VALUE : Double.doubleToLongBits(value + 0.0);
        integer(bits >= 0 ? bits : bits ^ Long.MAX_VALUE);
    }

    private void interval(BigInteger micros) {
        integer(micros.shiftRight(64).longValueExact());
        integer(micros.longValue() ^ Long.MIN_VALUE);
    }

    /// Elements decide first, then their number, then the dimensions.
    private void array(ArrayValue array, KeyForm element) {
        for (String each : array.elements()) {
            if (each == null) {
                out.write(NULL);
            } else {
                out.write(PRESENT);
                value(each, element);
            }
        }
        out.write(END);
        integer(array.dimensions());
        for (int i = 0; i < array.dimensions(); i++) {
            integer(array.length(i));
        }
        for (int i = 0; i < array.dimensions(); i++) {
            integer(array.lower(i));
        }
    }

    /// Empty ranges come first; then the lower bound decides, then the upper.
    private void range(RangeValue range, KeyForm bound) {
        if (range.isEmpty()) {
            out.write(END);
            return;
        }
        out.write(PRESENT);
        bound(range.lower(), bound, range.lowerInclusive() ? 0 : 2, 0);
        bound(range.upper(), bound, range.upperInclusive() ? 2 : 0, 2);
    }

    /// @param side of the value at which the bound lies: 0 before, 2 after
    /// @param unbounded the class of an infinite bound
    private void bound(@org.jspecify.annotations.Nullable String text, KeyForm form, int side, int unbounded) {
        if (text == null) {
            out.write(unbounded);
            return;
        }
        out.write(1);
        value(text, form);
        out.write(side);
    }
}
