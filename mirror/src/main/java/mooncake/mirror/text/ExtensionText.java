package mooncake.mirror.text;

/// Types of well-known extensions.
final class ExtensionText {
    private ExtensionText() {}

    static void hstore(SendReader in, TextBuffer out) {
        int pairs = in.int32();
        SendReader.require(pairs >= 0 && pairs <= in.remaining() / 8, "%d pairs", pairs);
        for (int i = 0; i < pairs; i++) {
            if (i > 0) {
                out.put(", ");
            }
            quoted(in, in.int32(), out);
            out.put("=>");
            int length = in.int32();
            if (length == -1) {
                out.put("NULL");
            } else {
                quoted(in, length, out);
            }
        }
    }

    private static void quoted(SendReader in, int length, TextBuffer out) {
        int start = in.take(length);
        out.put('"');
        for (int i = start; i < start + length; i++) {
            byte next = in.bytes()[i];
            if (next == '"' || next == '\\') {
                out.put('\\');
            }
            out.putByte(next);
        }
        out.put('"');
    }

    /// `[1,2.5]`, as pgvector prints it.
    static void vector(SendReader in, TextBuffer out) {
        int dimensions = in.int16();
        in.int16();
        SendReader.require(dimensions >= 0 && dimensions <= in.remaining() / 4, "%d dimensions", dimensions);
        out.put('[');
        for (int i = 0; i < dimensions; i++) {
            if (i > 0) {
                out.put(',');
            }
            FloatText.put(in.float4(), out);
        }
        out.put(']');
    }
}
