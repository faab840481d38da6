package mooncake.diff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooncake.diff.Tokens.Token;

/// A script for psql, cut into statements. Of psql's own commands `\set` is followed; a statement that ends with
/// another
/// one, or names a variable that is not set, is not one that any session could run.
final class PsqlScript {
    private static final Pattern VARIABLE = Pattern.compile("(?<!:):('?)([a-zA-Z_]\\w*)\\1");
    private static final Pattern COMMAND = Pattern.compile("\\\\(g|gset|gexec|gdesc|gx|crosstabview|watch|bind|;).*$");
    private static final Pattern SET = Pattern.compile("\\\\set (\\w+)\\s*(.*)");
    private static final Pattern COPY = Pattern.compile("(?is)\\s*copy\\b.*\\bfrom\\s+stdin\\b.*");

    /// @param data what follows COPY FROM stdin, empty otherwise
    /// @param runnable psql is not needed for it
    record Statement(String sql, String data, boolean runnable) {}

    private final Map<String, String> variables = new HashMap<>();
    private final List<Statement> statements = new ArrayList<>();
    private final StringBuilder pending = new StringBuilder();
    private final List<String> lines;
    private int at;

    private PsqlScript(String text, Map<String, String> variables) {
        this.lines = text.lines().toList();
        this.variables.putAll(variables);
    }

    static List<Statement> read(String text, Map<String, String> variables) {
        PsqlScript script = new PsqlScript(text, variables);
        while (script.at < script.lines.size()) {
            script.line(script.lines.get(script.at++));
        }
        return script.statements;
    }

    private void line(String line) {
        if (pending.toString().isBlank() && line.strip().startsWith("\\")) {
            command(line.strip());
            return;
        }
        Matcher command = COMMAND.matcher(line);
        if (command.find() && !line.contains("'")) {
            pending.append(line, 0, command.start());
            statements.add(new Statement(pending.toString().strip(), "", false));
            pending.setLength(0);
            return;
        }
        pending.append(line).append('\n');
        List<Token> tokens = Tokens.of(pending.toString());
        boolean complete = !tokens.isEmpty()
                && tokens.getLast().is(";")
                && tokens.getLast().depth() == 0;
        if (complete) {
            Script.split(pending.toString()).forEach(this::add);
            pending.setLength(0);
        }
    }

    private void command(String line) {
        Matcher set = SET.matcher(line);
        if (set.matches()) {
            StringBuilder value = new StringBuilder();
            for (String word : set.group(2).split("\\s+", -1)) {
                String name = word.startsWith(":") ? word.substring(1) : "";
                value.append(variables.getOrDefault(name, word.replace("'", "")));
            }
            variables.put(set.group(1), value.toString());
        }
    }

    private void add(String statement) {
        boolean[] known = {true};
        String sql = VARIABLE.matcher(statement).replaceAll(found -> {
            String value = variables.get(found.group(2));
            boolean inText = !found.group(1).isEmpty();
            if (value == null) {
                known[0] &= !inText;
                return Matcher.quoteReplacement(found.group());
            }
            return Matcher.quoteReplacement(inText ? Literal.of(value) : value);
        });
        StringBuilder data = new StringBuilder();
        if (COPY.matcher(sql).matches()) {
            while (at < lines.size() && !lines.get(at).equals("\\.")) {
                data.append(lines.get(at++)).append('\n');
            }
            at++;
        }
        statements.add(new Statement(sql, data.toString(), known[0]));
    }
}
