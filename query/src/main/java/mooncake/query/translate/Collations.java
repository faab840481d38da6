package mooncake.query.translate;

import java.util.Locale;
import java.util.Set;
import mooncake.query.tree.Refusal;

/// What is known of collations: only those of which equality or order is that of the bytes let text through.
final class Collations {
    static final int DEFAULT = 100;

    /// `C`, `POSIX`, `ucs_basic`, and `pg_c_utf8` of Postgres 17.
    private static final Set<Integer> BINARY = Set.of(950, 951, 962, 811);

    private static final Set<Integer> PLAIN_C = Set.of(950, 951);

    private static final Set<String> BINARY_NAMES = Set.of("c", "posix", "c.utf8", "c.utf-8", "ucs_basic");

    private final boolean binaryDefault;

    Collations(String defaultCollation) {
        this.binaryDefault = BINARY_NAMES.contains(defaultCollation.toLowerCase(Locale.ROOT));
    }

    /// The default collation of a database is deterministic always; others are only known by their OID.
    void requireEquality(int collation) {
        if (collation != DEFAULT && !BINARY.contains(collation)) {
            throw Refusal.because("Collation %d is not known to compare text byte by byte.", collation);
        }
    }

    void requireOrder(int collation) {
        requireEquality(collation);
        if (collation == DEFAULT && !binaryDefault) {
            throw Refusal.because("The default collation does not order text by its bytes.");
        }
    }

    /// Upper and lower case are the same everywhere only for the letters of ASCII under `C`.
    void requireCasing(int collation) {
        if (!PLAIN_C.contains(collation)) {
            throw Refusal.because("Upper and lower case depend on the collation.");
        }
    }
}
