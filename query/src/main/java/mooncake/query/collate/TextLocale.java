package mooncake.query.collate;

/// How one locale orders and changes text, and what it holds characters for.
public interface TextLocale {
    /// Bytes that order as Postgres orders the texts, equal only for equal texts.
    byte[] sortKey(byte[] text);

    byte[] lower(byte[] text);

    byte[] upper(byte[] text);

    /// The first letter of each word in upper case, the others in lower case.
    byte[] capitalised(byte[] text);

    /// One character in lower case, as regular expressions see it.
    int lower(int character);

    int upper(int character);

    boolean is(CharacterClass kind, int character);
}
