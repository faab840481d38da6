package mooncake.mirror.text;

/// Arrays: `{1,NULL,"a b"}`, and with their bounds `[0:1]={1,2}` where these do not begin at 1.
final class ArrayCodec implements TextCodec {
    private static final int DIMENSIONS_MAX = 6;
    private static final int NULL = -1;

    private final TextCodec element;
    private final char delimiter;
    private final TextBuffer scratch = new TextBuffer();
    private final int[] sizes = new int[DIMENSIONS_MAX];
    private final int[] lower = new int[DIMENSIONS_MAX];

    ArrayCodec(TextCodec element, char delimiter) {
        this.element = element;
        this.delimiter = delimiter;
    }

    @Override
    public void write(SendReader in, TextBuffer out) {
        int dimensions = in.int32();
        in.take(8);
        SendReader.require(dimensions >= 0 && dimensions <= DIMENSIONS_MAX, "an array of %d dimensions", dimensions);
        if (dimensions == 0) {
            out.put("{}");
            return;
        }
        boolean shown = false;
        long elements = 1;
        for (int i = 0; i < dimensions; i++) {
            sizes[i] = in.int32();
            lower[i] = in.int32();
            shown |= lower[i] != 1;
            SendReader.require(sizes[i] > 0, "an array with %d elements", sizes[i]);
            elements *= sizes[i];
            SendReader.require(elements <= in.remaining() / 4, "an array of %d elements", elements);
        }
        if (shown) {
            bounds(dimensions, out);
        }
        dimension(0, dimensions, in, out);
        scratch.clear();
    }

    private void bounds(int dimensions, TextBuffer out) {
        for (int i = 0; i < dimensions; i++) {
            out.put('[');
            out.putNumber(lower[i]);
            out.put(':');
            out.putNumber((long) lower[i] + sizes[i] - 1);
            out.put(']');
        }
        out.put('=');
    }

    private void dimension(int number, int dimensions, SendReader in, TextBuffer out) {
        out.put('{');
        for (int i = 0; i < sizes[number]; i++) {
            if (i > 0) {
                out.put(delimiter);
            }
            if (number + 1 < dimensions) {
                dimension(number + 1, dimensions, in, out);
            } else {
                element(in, out);
            }
        }
        out.put('}');
    }

    private void element(SendReader in, TextBuffer out) {
        int length = in.int32();
        if (length == NULL) {
            out.put("NULL");
            return;
        }
        int outer = in.enter(length);
        scratch.clear();
        element.write(in, scratch);
        in.leave(outer);
        Quoting.element(scratch, delimiter, out);
    }
}
