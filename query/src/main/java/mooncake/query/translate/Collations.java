package mooncake.query.translate;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mooncake.query.collate.CollationCatalog;
import mooncake.query.collate.CollationDefinition;
import mooncake.query.collate.TextLocales;
import mooncake.query.tree.Refusal;
import org.jspecify.annotations.Nullable;

/// What is known of collations: those whose order and cases a library on this machine gives as Postgres does.
final class Collations {
    static final int DEFAULT = CollationCatalog.DEFAULT;

    /// `C`, `POSIX`, `ucs_basic`, and `pg_c_utf8` of Postgres 17.
    private static final Set<Integer> BINARY = Set.of(950, 951, 962, 811);

    private static final Set<Integer> PLAIN_C = Set.of(950, 951);

    private final CollationCatalog catalog;
    private final Map<Integer, Optional<CollationDefinition>> known = new HashMap<>();

    Collations(CollationCatalog catalog) {
        this.catalog = catalog;
    }

    /// The default collation of a database is deterministic always.
    void requireEquality(int collation) {
        if (collation != DEFAULT && !BINARY.contains(collation) && definition(collation) == null) {
            throw Refusal.because("Collation %d is not known to compare text byte by byte.", collation);
        }
    }

    /// Whether text is ordered by its bytes; refuses a collation whose order is not known.
    boolean isBinary(int collation) {
        return orderName(collation).equals(TextLocales.C);
    }

    /// Where keys are not at hand.
    void requireOrder(int collation) {
        if (!isBinary(collation)) {
            throw Refusal.because("Collation %d does not order text by its bytes.", collation);
        }
    }

    /// SQL that orders as the text does in the collation.
    String orderKey(String text, int collation) {
        String name = orderName(collation);
        return name.equals(TextLocales.C) ? text : "mc_collation_key(" + Literals.text(name) + ", " + text + ")";
    }

    /// The name of the locale that orders text, as SQL.
    String order(int collation) {
        return Literals.text(orderName(collation));
    }

    private String orderName(int collation) {
        if (BINARY.contains(collation)) {
            return TextLocales.C;
        }
        CollationDefinition definition = definition(collation);
        String name = definition == null ? null : definition.orderName();
        if (name == null || TextLocales.find(name).isEmpty()) {
            throw Refusal.because("The order of collation %d is not known.", collation);
        }
        return name;
    }

    /// The name of the locale that says which letters are in upper and lower case, as SQL.
    String casing(int collation) {
        return Literals.text(casingName(collation));
    }

    private String casingName(int collation) {
        if (PLAIN_C.contains(collation)) {
            return TextLocales.C;
        }
        CollationDefinition definition = definition(collation);
        String name = definition == null ? null : definition.casingName();
        if (name == null || TextLocales.find(name).isEmpty()) {
            throw Refusal.because("Upper and lower case in collation %d are not known.", collation);
        }
        return name;
    }

    /// The same for the characters of regular expressions; in the database's own collation these see ASCII as `C` does.
    String characters(int collation) {
        String name = casingName(collation);
        boolean plain = TextLocales.find(name)
                .filter(locale -> locale.lower('I') == 'i' && locale.upper('i') == 'I')
                .isPresent();
        if (collation == DEFAULT && !plain) {
            throw Refusal.because("Regular expressions in this database's locale are not translated.");
        }
        return Literals.text(name);
    }

    private @Nullable CollationDefinition definition(int collation) {
        return known.computeIfAbsent(collation, oid -> catalog.find(oid).filter(CollationDefinition::plain))
                .orElse(null);
    }
}
