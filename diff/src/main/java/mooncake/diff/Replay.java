package mooncake.diff;

import java.io.IOException;
import java.io.StringReader;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import mooncake.diff.Tokens.Token;
import mooncake.testing.Sql;
import org.postgresql.PGConnection;

/// One script over one place: definitions and changes run on the tables, queries on tables and mirrors.
final class Replay {
    private static final Set<String> QUERIES = Set.of("select", "with", "values", "table", "(");
    private static final Set<String> CHANGES = Set.of("insert", "update", "delete", "merge", "into");
    private static final Set<String> FIXED =
            Set.of("search_path", "role", "session", "all", "datestyle", "client_encoding", "statement_timeout");
    private static final Set<String> LEFT_OUT = Set.of(
            "begin",
            "start",
            "commit",
            "end",
            "rollback",
            "abort",
            "savepoint",
            "release",
            "declare",
            "fetch",
            "close",
            "move",
            "explain",
            "prepare",
            "execute",
            "deallocate",
            "lock",
            "listen",
            "notify",
            "show",
            "checkpoint",
            "discard");

    private final Place place;
    private final List<Place> bases;
    private final Sides sides;
    private final Tally tally;
    private final String file;
    private final Set<String> refused = new HashSet<>();
    /// Names of tables that can be mirrored, with the place they are in.
    private final Map<String, Place> tables = new HashMap<>();

    private final Set<String> views = new HashSet<>();

    Replay(Place place, List<Place> bases, Sides sides, Tally tally, String file) {
        this.place = place;
        this.bases = bases;
        this.sides = sides;
        this.tally = tally;
        this.file = file;
    }

    void run(List<PsqlScript.Statement> statements) throws SQLException, IOException {
        readTables();
        for (PsqlScript.Statement statement : statements) {
            List<Token> tokens = Tokens.of(statement.sql());
            if (tokens.isEmpty()) {
                continue;
            }
            String first = tokens.getFirst().text();
            if (!statement.runnable()) {
                tally.leaveOut("needs psql", statement.sql());
            } else if (LEFT_OUT.contains(first)) {
                tally.leaveOut("transactions, cursors, plans", statement.sql());
            } else if (QUERIES.contains(first) && !changes(tokens)) {
                query(statement.sql(), tokens);
            } else if (first.equals("set") || first.equals("reset")) {
                set(statement.sql(), tokens);
            } else {
                change(statement, tokens, first);
            }
        }
    }

    private static boolean changes(List<Token> tokens) {
        for (int i = 0; i < tokens.size(); i++) {
            boolean word = tokens.get(i).kind() == Tokens.Kind.WORD;
            if (word
                    && CHANGES.contains(tokens.get(i).text())
                    && !tokens.get(Math.max(0, i - 1)).is("for")) {
                return true;
            }
        }
        return false;
    }

    private void query(String sql, List<Token> tokens) throws SQLException {
        String why = LeftOut.reason(sql);
        if (why != null) {
            tally.leaveOut(why, sql);
            if (!why.equals("volatile")) {
                sides.heap().run(sql);
            }
            return;
        }
        Set<String> named = named(tokens);
        boolean mirrored = false;
        for (String table : named) {
            mirrored |= mirror(table);
        }
        mirrored |= tokens.stream().anyMatch(token -> views.contains(token.text()));
        if (!mirrored) {
            tally.leaveOut("no mirror is named", sql);
            sides.heap().run(sql);
            return;
        }
        for (String table : named) {
            copyToOther(table);
        }
        DiffPart.compare(sides, tally, file, sql);
    }

    private Set<String> named(List<Token> tokens) {
        return tokens.stream()
                .filter(token -> token.kind() == Tokens.Kind.WORD || token.kind() == Tokens.Kind.NAME)
                .map(Token::text)
                .filter(tables::containsKey)
                .collect(Collectors.toSet());
    }

    /// Whether a mirror is there; it is made when there is none.
    private boolean mirror(String table) throws SQLException {
        Place in = Objects.requireNonNull(tables.get(table));
        if (refused.contains(table)) {
            return false;
        }
        String exists = Sql.value(
                sides.heap().connection(),
                "SELECT to_regclass(" + Literal.of(in.mirror() + "." + Literal.identifier(table)) + ") IS NOT NULL");
        if (exists.equals("t")) {
            return true;
        }
        try {
            in.mirror(sides.heap().connection(), table);
            in.await(table);
            return true;
        } catch (SQLException | IllegalStateException e) {
            refused.add(table);
            tally.leaveOut("cannot be mirrored", file + " " + table + ": " + e.getMessage());
            return false;
        }
    }

    private void copyToOther(String table) throws SQLException {
        Place in = Objects.requireNonNull(tables.get(table));
        if (in.equals(place)) {
            in.copyToOther(sides.heap().connection(), table);
        } else if (Sql.value(
                        sides.heap().connection(),
                        "SELECT to_regclass(" + Literal.of(in.other() + "." + Literal.identifier(table)) + ") IS NULL")
                .equals("t")) {
            in.copyToOther(sides.heap().connection(), table);
        }
    }

    private void set(String sql, List<Token> tokens) throws SQLException {
        Set<String> words = tokens.stream().map(Token::text).collect(Collectors.toSet());
        if (words.stream().anyMatch(FIXED::contains)) {
            tally.leaveOut("sets who, where or what the driver needs", sql);
            return;
        }
        sides.heap().run(sql);
        sides.mirror().run(sql);
        if (words.stream().noneMatch(word -> word.startsWith("enable_"))) {
            sides.other().run(sql);
        }
    }

    private void change(PsqlScript.Statement statement, List<Token> tokens, String first)
            throws SQLException, IOException {
        String sql = withoutTemporary(statement.sql(), tokens);
        boolean altered = first.equals("drop") || first.equals("alter");
        if (altered) {
            for (String table : named(tokens)) {
                sides.heap()
                        .run("DROP TABLE IF EXISTS " + place.mirror() + "." + Literal.identifier(table) + " CASCADE");
            }
        }
        boolean view = tokens.stream().limit(5).anyMatch(token -> token.is("view"));
        if (view && first.equals("create")) {
            for (String table : named(tokens)) {
                mirror(table);
            }
        }
        if (statement.data().isEmpty()) {
            sides.heap().run(sql);
        } else {
            copy(sql, statement.data());
        }
        if (view) {
            sides.mirror().run(sql);
        }
        readTables();
    }

    private void copy(String sql, String data) throws IOException {
        try {
            sides.heap().connection().unwrap(PGConnection.class).getCopyAPI().copyIn(sql, new StringReader(data));
        } catch (SQLException _) {
            // some of them are meant to fail
        }
    }

    private static String withoutTemporary(String sql, List<Token> tokens) {
        for (int i = 1; i < Math.min(4, tokens.size()); i++) {
            Token token = tokens.get(i);
            if (token.is("temp") || token.is("temporary") || token.is("unlogged")) {
                return sql.substring(0, token.start()) + sql.substring(token.end());
            }
        }
        return sql;
    }

    /// Parents of inheritance are left out: a mirror holds the rows of its table alone; and generated columns, which
    /// mirrors do not have.
    private void readTables() throws SQLException {
        tables.clear();
        views.clear();
        List<Place> places = new ArrayList<>(bases);
        places.add(place);
        for (Place in : places) {
            for (List<String> row : Sql.rows(
                    sides.heap().connection(),
                    "SELECT relname FROM pg_class c WHERE relnamespace = " + Literal.of(in.heap()) + "::regnamespace"
                            + " AND relkind IN ('r', 'p') AND (relkind = 'p' OR NOT EXISTS"
                            + " (SELECT FROM pg_inherits WHERE inhparent = c.oid)) AND NOT EXISTS"
                            + " (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attgenerated <> '')")) {
                tables.put(row.getFirst(), in);
            }
            Sql.rows(
                            sides.heap().connection(),
                            "SELECT relname FROM pg_class WHERE relnamespace = " + Literal.of(in.mirror())
                                    + "::regnamespace AND relkind = 'v'")
                    .forEach(row -> views.add(row.getFirst()));
        }
    }
}
