package mooncake.query.collate;

import java.util.EnumMap;
import java.util.Map;

/// What a library says of single characters, remembered.
abstract class CharacterTables implements TextLocale {
    private final CharacterTable lower = new CharacterTable(this::askLower);
    private final CharacterTable upper = new CharacterTable(this::askUpper);
    private final Map<CharacterClass, CharacterTable> classes = new EnumMap<>(CharacterClass.class);

    CharacterTables() {
        for (CharacterClass kind : CharacterClass.values()) {
            classes.put(kind, new CharacterTable(character -> ask(kind, character) ? 1 : 0));
        }
    }

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
        return java.util.Objects.requireNonNull(classes.get(kind)).get(character) != 0;
    }
}
