package mooncake.diff;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mooncake.testing.PostgresServer;

/// Reasons of the translator with names in the place of OIDs.
final class Reasons {
    private static final Pattern OID =
            Pattern.compile("\\b(function|operator|type|node) (\\d+)", Pattern.CASE_INSENSITIVE);

    private Reasons() {}

    static List<String> named(PostgresServer server, List<String> lines) {
        Map<String, String> catalogs = Map.of("function", "regprocedure", "operator", "regoperator", "type", "regtype");
        return lines.stream()
                .map(line -> OID.matcher(line).replaceAll(found -> {
                    String kind = found.group(1);
                    String catalog = catalogs.get(kind.toLowerCase(java.util.Locale.ROOT));
                    return Matcher.quoteReplacement(
                            catalog == null
                                    ? found.group()
                                    : kind + " " + server.value("SELECT " + found.group(2) + "::oid::" + catalog));
                }))
                .collect(Collectors.toList());
    }
}
