package mooncake.mirror.text;

/// `tsvector`, and the lexemes that `tsquery` shares with it.
final class TextSearchText {
    private static final int POSITION_MASK = 0x3fff;
    private static final char[] WEIGHTS = {'D', 'C', 'B', 'A'};

    private TextSearchText() {}

    static void vector(SendReader in, TextBuffer out) {
        int lexemes = in.int32();
        SendReader.require(lexemes >= 0 && lexemes <= in.remaining() / 3, "%d lexemes", lexemes);
        for (int i = 0; i < lexemes; i++) {
            if (i > 0) {
                out.put(' ');
            }
            lexeme(in, out);
            int positions = in.uint16();
            for (int j = 0; j < positions; j++) {
                out.put(j == 0 ? ':' : ',');
                int position = in.uint16();
                out.putNumber(position & POSITION_MASK);
                if (position >> 14 != 0) {
                    out.put(WEIGHTS[position >> 14]);
                }
            }
        }
    }

    /// A word in quotes; quotes and backslashes in it are doubled.
    static void lexeme(SendReader in, TextBuffer out) {
        int start = in.position();
        int length = in.takeTerminated();
        out.put('\'');
        for (int i = start; i < start + length; i++) {
            byte next = in.bytes()[i];
            if (next == '\'' || next == '\\') {
                out.putByte(next);
            }
            out.putByte(next);
        }
        out.put('\'');
    }
}
