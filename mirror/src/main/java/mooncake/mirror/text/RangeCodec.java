package mooncake.mirror.text;

/// Ranges: `[1,5)`, `(,3]`, `empty`.
final class RangeCodec implements TextCodec {
    private static final int EMPTY = 0x01;
    private static final int LOWER_INCLUSIVE = 0x02;
    private static final int UPPER_INCLUSIVE = 0x04;
    private static final int LOWER_INFINITE = 0x08;
    private static final int UPPER_INFINITE = 0x10;
    private static final int LOWER_NULL = 0x20;
    private static final int UPPER_NULL = 0x40;

    private final TextCodec bound;
    private final TextBuffer scratch = new TextBuffer();

    RangeCodec(TextCodec bound) {
        this.bound = bound;
    }

    @Override
    public void write(SendReader in, TextBuffer out) {
        int flags = in.uint8();
        if ((flags & EMPTY) != 0) {
            out.put("empty");
            return;
        }
        out.put((flags & LOWER_INCLUSIVE) != 0 ? '[' : '(');
        if ((flags & (LOWER_INFINITE | LOWER_NULL)) == 0) {
            bound(in, out);
        }
        out.put(',');
        if ((flags & (UPPER_INFINITE | UPPER_NULL)) == 0) {
            bound(in, out);
        }
        out.put((flags & UPPER_INCLUSIVE) != 0 ? ']' : ')');
        scratch.clear();
    }

    private void bound(SendReader in, TextBuffer out) {
        int outer = in.enter(in.int32());
        scratch.clear();
        bound.write(in, scratch);
        in.leave(outer);
        Quoting.part(scratch, true, out);
    }

    /// Several of these ranges: `{[1,3),[5,8)}`.
    TextCodec multirange() {
        return (in, out) -> {
            int ranges = in.int32();
            SendReader.require(ranges >= 0 && ranges <= in.remaining() / 5, "%d ranges", ranges);
            out.put('{');
            for (int i = 0; i < ranges; i++) {
                if (i > 0) {
                    out.put(',');
                }
                int outer = in.enter(in.int32());
                write(in, out);
                in.leave(outer);
            }
            out.put('}');
        };
    }
}
