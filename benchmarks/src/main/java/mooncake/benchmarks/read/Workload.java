package mooncake.benchmarks.read;

import static mooncake.benchmarks.FigureTable.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tables, rows and queries of a benchmark, as three files of SQL describe them; `BENCHMARKS.md` says how.
///
/// @param tables in the order in which they are created
record Workload(
        String name, List<String> schema, List<String> tables, List<String> generator, List<RaceQuery> queries) {
    private static final Pattern TABLE = Pattern.compile("(?i)CREATE\\s+TABLE\\s+(\\w+)");
    private static final Pattern BARE = Pattern.compile("(?m)^-- duckdb: (.*)$");
    private static final Pattern COMMENT = Pattern.compile("(?m)^--.*$\\n?");
    private static final Pattern END = Pattern.compile(";\\s*(?:\\n|$)");

    /// The workload that is part of this program.
    static Workload web() throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (String file : List.of("schema.sql", "generator.sql", "queries.sql")) {
            try (InputStream stream = Workload.class.getResourceAsStream("web/" + file)) {
                if (stream == null) {
                    throw new IllegalStateException("no resource web/" + file);
                }
                files.put(file, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return parse("web", files);
    }

    static Workload read(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (String file : List.of("schema.sql", "generator.sql", "queries.sql")) {
            files.put(file, Files.readString(folder.resolve(file)));
        }
        return parse(folder.toAbsolutePath().normalize().getFileName().toString(), files);
    }

    static Workload parse(String name, Map<String, String> files) {
        List<String> schema = plain(text(files, "schema.sql"));
        List<String> tables = schema.stream()
                .map(TABLE::matcher)
                .filter(Matcher::lookingAt)
                .map(matcher -> matcher.group(1))
                .toList();
        List<RaceQuery> queries = new ArrayList<>();
        for (String statement : statements(text(files, "queries.sql"))) {
            String sql = COMMENT.matcher(statement).replaceAll("").strip();
            Matcher bare = BARE.matcher(statement);
            queries.add(new RaceQuery(format("Q%d", queries.size() + 1), sql, bare.find() ? bare.group(1) : sql));
        }
        return new Workload(name, schema, tables, plain(text(files, "generator.sql")), queries);
    }

    private static String text(Map<String, String> files, String name) {
        return files.getOrDefault(name, "");
    }

    private static List<String> plain(String text) {
        return statements(text).stream()
                .map(statement -> COMMENT.matcher(statement).replaceAll("").strip())
                .toList();
    }

    private static List<String> statements(String text) {
        return END.splitAsStream(text)
                .map(String::strip)
                .filter(statement -> !COMMENT.matcher(statement).replaceAll("").isBlank())
                .toList();
    }
}
