package mooncake.diff;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import mooncake.diff.Tokens.Token;
import mooncake.testing.Sql;

/// Files of statements.
final class Script {
    private Script() {}

    static List<String> statements(Path file) throws IOException {
        return split(Files.readString(file));
    }

    /// The statements between the semicolons, in one line each where no text goes over several.
    static List<String> split(String text) {
        List<String> statements = new ArrayList<>();
        int start = 0;
        for (Token token : Tokens.of(text + ";")) {
            if (token.is(";")) {
                String statement =
                        withoutLeadingComments(text.substring(start, Math.min(token.start(), text.length())));
                if (!statement.isEmpty()) {
                    statements.add(statement);
                }
                start = token.end();
            }
        }
        return statements;
    }

    private static String withoutLeadingComments(String statement) {
        List<Token> tokens = Tokens.of(statement);
        return tokens.isEmpty()
                ? ""
                : statement.substring(tokens.getFirst().start()).strip();
    }

    /// Runs statements in the heap's schema, then mirrors every table that is there and waits for it.
    static void mirrorAll(Place place, List<String> statements) throws SQLException {
        try (Connection heap = place.connect()) {
            for (String statement : statements) {
                Sql.execute(heap, statement);
            }
        }
        mirrorAll(place);
    }

    static void mirrorAll(Place place) throws SQLException {
        try (Connection heap = place.connect()) {
            List<List<String>> tables =
                    Sql.rows(heap, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1");
            for (List<String> table : tables) {
                place.mirror(heap, table.getFirst());
                place.copyToOther(heap, table.getFirst());
            }
            for (List<String> table : tables) {
                place.await(table.getFirst());
            }
            // views of the heap's schema again, over mirrors
            for (List<String> view : Sql.rows(
                    heap,
                    "SELECT viewname, definition, coalesce(array_to_string(reloptions, ', '), '')"
                            + " FROM pg_views JOIN pg_class ON oid = (schemaname || '.' || viewname)::regclass"
                            + " WHERE schemaname = current_schema() ORDER BY oid")) {
                createView(heap, place, place.mirror(), view);
                createView(heap, place, place.other(), view);
            }
        }
    }

    private static void createView(Connection heap, Place place, String schema, List<String> view) throws SQLException {
        String options = view.get(2).isEmpty() ? "" : " WITH (" + view.get(2) + ")";
        Sql.execute(heap, "SET search_path = " + schema);
        Sql.execute(
                heap,
                "CREATE VIEW " + Literal.identifier(view.get(0)) + options + " AS "
                        + view.get(1).replace(place.heap() + ".", schema + "."));
        Sql.execute(heap, "SET search_path = " + place.heap());
    }
}
