package mooncake.query.collate;

/// What a library says of single characters, remembered.
abstract class CharacterTables implements TextLocale {
    private final CharacterTable lower = new CharacterTable(this::askLower);
    private final CharacterTable upper = new CharacterTable(this::askUpper);
    private final CharacterTable alnum = new CharacterTable(character -> ask(CharacterClass.ALNUM, character) ? 1 : 0);

    abstract int askLower(int character);

    abstract int askUpper(int character);

    abstract boolean ask(CharacterClass kind, int character);

    @Override
    public final int lower(int character) {
        return lower.get(character);
    }

    @Override
    public final int upper(int character) {
        return upper.get(character);
    }

    @Override
    public final boolean is(CharacterClass kind, int character) {
        return kind == CharacterClass.ALNUM ? alnum.get(character) != 0 : ask(kind, character);
    }
}
