package mooncake.query.collate;

/// The classes of characters that differ from locale to locale.
public enum CharacterClass {
    ALNUM,
    ALPHA,
    DIGIT,
    GRAPH,
    LOWER,
    PRINT,
    PUNCT,
    SPACE,
    UPPER;

    /// As C's functions are named after it.
    String functionSuffix() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
