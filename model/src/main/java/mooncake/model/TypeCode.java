package mooncake.model;

/// A column's type in words that an Iceberg table keeps, from which exactly that type is restored without a server:
/// OID, modifier, how values are kept, and the type's name.
///
/// For example `23 -1 native int4`, `1186 -1 text:interval interval`, `16385 -1 domain:1700:655366:native
/// public.price`.
public final class TypeCode {
    private static final String NATIVE = "native";
    private static final String TEXT = "text:";
    private static final String OPAQUE = "opaque";
    private static final String DOMAIN = "domain:";

    private TypeCode() {}

    public static String write(ColumnType type) {
        return Integer.toUnsignedString(type.oid()) + " " + type.typmod() + " " + kept(type) + " " + type.displayName();
    }

    private static String kept(ColumnType type) {
        return switch (type) {
            case ColumnType.Scalar _,
                    ColumnType.Unsigned _,
                    ColumnType.Numeric _,
                    ColumnType.Varchar _,
                    ColumnType.Bpchar _,
                    ColumnType.Moment _ -> NATIVE;
            case ColumnType.Textual textual -> TEXT + textual.form().code();
            case ColumnType.Opaque _ -> OPAQUE;
            case ColumnType.Domain domain ->
                DOMAIN + Integer.toUnsignedString(domain.base().oid()) + ":"
                        + domain.base().typmod() + ":" + kept(domain.base());
        };
    }

    /// What [#write] was given.
    ///
    /// @throws IllegalArgumentException when it did not write this
    public static ColumnType read(String code) {
        String[] words = code.split(" ", 4);
        if (words.length != 4) {
            throw new IllegalArgumentException("no type: " + code);
        }
        return read(Integer.parseUnsignedInt(words[0]), Integer.parseInt(words[1]), words[2], words[3]);
    }

    private static ColumnType read(int oid, int typmod, String kept, String name) {
        if (kept.equals(NATIVE)) {
            return ColumnType.of(oid, typmod)
                    .orElseThrow(() -> new IllegalArgumentException("no built-in type " + oid + " (" + name + ")"));
        }
        if (kept.equals(OPAQUE)) {
            return new ColumnType.Opaque(oid, typmod, name);
        }
        if (kept.startsWith(TEXT)) {
            return new ColumnType.Textual(oid, typmod, TextFormReader.read(kept.substring(TEXT.length())), name);
        }
        if (kept.startsWith(DOMAIN)) {
            String[] base = kept.substring(DOMAIN.length()).split(":", 3);
            if (base.length == 3) {
                ColumnType below = read(Integer.parseUnsignedInt(base[0]), Integer.parseInt(base[1]), base[2], name);
                return new ColumnType.Domain(oid, below, name);
            }
        }
        throw new IllegalArgumentException("a type is not kept as " + kept);
    }
}
