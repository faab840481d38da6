package mooncake.query.regex;

/// A text that is matched: its characters, their colours, and what looks around found at its places.
final class Subject {
    private final int[] text;
    private final short[] colours;
    private final byte[][] looks;

    Subject(int[] text, Alphabet alphabet, int looks) {
        this.text = text;
        this.colours = new short[text.length];
        for (int i = 0; i < text.length; i++) {
            colours[i] = (short) alphabet.colour(text[i]);
        }
        this.looks = new byte[looks][];
    }

    int length() {
        return colours.length;
    }

    int colour(int at) {
        return colours[at];
    }

    int character(int at) {
        return text[at];
    }

    /// The places where a look is known to hold (1) or not (2).
    byte[] look(int number) {
        byte[] known = looks[number];
        if (known == null) {
            known = new byte[colours.length + 1];
            looks[number] = known;
        }
        return known;
    }

    boolean isLooked(int number) {
        return looks[number] != null;
    }
}
