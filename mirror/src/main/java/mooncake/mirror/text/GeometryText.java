package mooncake.mirror.text;

/// The geometric types.
final class GeometryText {
    private static final int POINT_BYTES = 16;

    private GeometryText() {}

    static void point(SendReader in, TextBuffer out) {
        out.put('(');
        FloatText.put(in.float8(), out);
        out.put(',');
        FloatText.put(in.float8(), out);
        out.put(')');
    }

    static void segment(SendReader in, TextBuffer out) {
        points(in, 2, '[', ']', out);
    }

    static void line(SendReader in, TextBuffer out) {
        for (int i = 0; i < 3; i++) {
            out.put(i == 0 ? '{' : ',');
            FloatText.put(in.float8(), out);
        }
        out.put('}');
    }

    static void box(SendReader in, TextBuffer out) {
        point(in, out);
        out.put(',');
        point(in, out);
    }

    static void path(SendReader in, TextBuffer out) {
        boolean closed = in.int8() != 0;
        points(in, in.int32(), closed ? '(' : '[', closed ? ')' : ']', out);
    }

    static void polygon(SendReader in, TextBuffer out) {
        points(in, in.int32(), '(', ')', out);
    }

    static void circle(SendReader in, TextBuffer out) {
        out.put('<');
        point(in, out);
        out.put(',');
        FloatText.put(in.float8(), out);
        out.put('>');
    }

    private static void points(SendReader in, int count, char open, char close, TextBuffer out) {
        SendReader.require(count >= 0 && count <= in.remaining() / POINT_BYTES, "%d points", count);
        out.put(open);
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                out.put(',');
            }
            point(in, out);
        }
        out.put(close);
    }
}
