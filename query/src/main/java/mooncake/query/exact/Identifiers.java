package mooncake.query.exact;

import java.util.HashSet;
import java.util.Set;

/// Names as SQL writes them.
final class Identifiers {
    private static final int FIRST_JSON_WORDS = 16;

    /// The words that mean something where a name could stand.
    private static final Set<String> WORDS = words("""
            all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both
            case cast char character check coalesce collate collation column concurrently constraint create cross
            current_catalog current_date current_role current_schema current_time current_timestamp current_user dec
            decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign
            freeze from full grant greatest group grouping having ilike in initially inner inout int integer intersect
            interval into is isnull join lateral leading least left like limit localtime localtimestamp national natural
            nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay
            placing position precision primary real references returning right row select session_user setof similar
            smallint some substring symmetric table tablesample then time timestamp to trailing treat trim true union
            unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement
            xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
            """);

    /// Those that came later.
    private static final Set<String> LATER_WORDS = words("""
            json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize
            json_table json_value merge_action system_user
            """);

    private Identifiers() {}

    private static Set<String> words(String text) {
        return new HashSet<>(java.util.Arrays.asList(text.strip().split("\\s+", -1)));
    }

    /// The name in quotes where it needs them.
    static String quoted(String name, int major) {
        boolean plain = !name.isEmpty()
                && !Character.isDigit(name.charAt(0))
                && name.chars().allMatch(Identifiers::isPlain)
                && !WORDS.contains(name)
                && (major < FIRST_JSON_WORDS || !LATER_WORDS.contains(name));
        return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    private static boolean isPlain(int character) {
        return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') || character == '_';
    }
}
