package mooncake.query.collate;

/// The locale `C`: bytes in their order, letters of ASCII alone.
final class PlainLocale implements TextLocale {
    @Override
    public byte[] sortKey(byte[] text) {
        return text;
    }

    @Override
    public byte[] lower(byte[] text) {
        byte[] result = text.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] = (byte) lower(result[i]);
        }
        return result;
    }

    @Override
    public byte[] upper(byte[] text) {
        byte[] result = text.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] = (byte) upper(result[i]);
        }
        return result;
    }

    @Override
    public byte[] capitalised(byte[] text) {
        byte[] result = text.clone();
        boolean inWord = false;
        for (int i = 0; i < result.length; i++) {
            result[i] = (byte) (inWord ? lower(result[i]) : upper(result[i]));
            inWord = is(CharacterClass.ALNUM, result[i]);
        }
        return result;
    }

    @Override
    public int lower(int character) {
        return character >= 'A' && character <= 'Z' ? character + 'a' - 'A' : character;
    }

    @Override
    public int upper(int character) {
        return character >= 'a' && character <= 'z' ? character - 'a' + 'A' : character;
    }

    @Override
    public boolean is(CharacterClass kind, int character) {
        if (character < 0 || character > 127) {
            return false;
        }
        boolean upper = character >= 'A' && character <= 'Z';
        boolean lower = character >= 'a' && character <= 'z';
        boolean digit = character >= '0' && character <= '9';
        boolean graph = character > ' ' && character < 127;
        return switch (kind) {
            case ALNUM -> upper || lower || digit;
            case ALPHA -> upper || lower;
            case DIGIT -> digit;
            case GRAPH -> graph;
            case LOWER -> lower;
            case PRINT -> graph || character == ' ';
            case PUNCT -> graph && !upper && !lower && !digit;
            case SPACE -> character == ' ' || (character >= '\t' && character <= '\r');
            case UPPER -> upper;
        };
    }
}
