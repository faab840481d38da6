package mooncake.diff;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// Values of a type, or those that mean something to an argument of some functions (patterns, formats, zones).
///
/// @param mild what ordinary tables hold
/// @param edge what breaks functions
record Pool(String name, String type, List<String> mild, List<String> edge) {

    private static final String SERIES = "small,small8,series_numeric,series_timestamp,series_timestamptz";

    /// Functions whose arguments, from 1, need values of their own; `*` for any number of a name.
    private static final Map<String, Map<Integer, String>> ARGUMENTS = Map.ofEntries(
            Map.entry("to_number", Map.of(1, "number_text", 2, "to_number_format")),
            Map.entry("to_date", Map.of(1, "moment_text", 2, "to_date_format")),
            Map.entry("to_timestamp", Map.of(1, "moment_text", 2, "to_date_format")),
            Map.entry("date_trunc", Map.of(1, "unit_to_truncate", 3, "zone")),
            Map.entry("timezone", Map.of(1, "zone")),
            Map.entry("like", Map.of(2, "pattern")),
            Map.entry("notlike", Map.of(2, "pattern")),
            Map.entry("textlike", Map.of(2, "pattern")),
            Map.entry("textnlike", Map.of(2, "pattern")),
            Map.entry("bpcharlike", Map.of(2, "pattern")),
            Map.entry("bpcharnlike", Map.of(2, "pattern")),
            Map.entry("texticlike", Map.of(2, "pattern")),
            Map.entry("texticnlike", Map.of(2, "pattern")),
            Map.entry("bpchariclike", Map.of(2, "pattern")),
            Map.entry("bpcharicnlike", Map.of(2, "pattern")),
            Map.entry("textregexeq", Map.of(2, "regex")),
            Map.entry("textregexne", Map.of(2, "regex")),
            Map.entry("texticregexeq", Map.of(2, "regex")),
            Map.entry("texticregexne", Map.of(2, "regex")),
            Map.entry("bpcharregexeq", Map.of(2, "regex")),
            Map.entry("bpcharregexne", Map.of(2, "regex")),
            Map.entry("bpcharicregexeq", Map.of(2, "regex")),
            Map.entry("bpcharicregexne", Map.of(2, "regex")),
            Map.entry("regexp_match", Map.of(2, "regex", 3, "regex_flags")),
            Map.entry("regexp_matches", Map.of(2, "regex", 3, "regex_flags")),
            Map.entry("regexp_replace", Map.of(2, "regex", 4, "regex_flags")),
            Map.entry("regexp_split_to_array", Map.of(2, "regex", 3, "regex_flags")),
            Map.entry("regexp_split_to_table", Map.of(2, "regex", 3, "regex_flags")),
            Map.entry("regexp_count", Map.of(2, "regex", 3, "small", 4, "regex_flags")),
            Map.entry("regexp_like", Map.of(2, "regex", 3, "regex_flags")),
            Map.entry("regexp_instr", Map.of(2, "regex", 3, "small", 4, "small", 5, "small")),
            Map.entry("regexp_substr", Map.of(2, "regex", 3, "small", 4, "small", 5, "regex_flags")),
            Map.entry("similar_escape", Map.of(1, "similar")),
            Map.entry("similar_to_escape", Map.of(1, "similar")),
            Map.entry("repeat", Map.of(2, "small")),
            Map.entry("lpad", Map.of(2, "small")),
            Map.entry("rpad", Map.of(2, "small")),
            Map.entry("encode", Map.of(2, "binary_format")),
            Map.entry("decode", Map.of(2, "binary_format")),
            Map.entry("convert_to", Map.of(2, "encoding")),
            Map.entry("convert_from", Map.of(2, "encoding")),
            Map.entry("convert", Map.of(2, "encoding", 3, "encoding")),
            Map.entry("format", Map.of(1, "format")),
            Map.entry("normalize", Map.of(2, "normal_form")),
            Map.entry("is_normalized", Map.of(2, "normal_form")),
            Map.entry("chr", Map.of(1, "chr")),
            Map.entry("factorial", Map.of(1, "small8")),
            Map.entry("generate_series", Map.of(1, SERIES, 2, SERIES, 3, SERIES + ",series_step")),
            Map.entry("array_fill", Map.of(2, "_int2")),
            Map.entry("json_object_field", Map.of(2, "json_key")),
            Map.entry("json_object_field_text", Map.of(2, "json_key")),
            Map.entry("jsonb_object_field", Map.of(2, "json_key")),
            Map.entry("jsonb_object_field_text", Map.of(2, "json_key")),
            Map.entry("percentile_cont", Map.of(1, "fraction")),
            Map.entry("percentile_disc", Map.of(1, "fraction")),
            Map.entry("to_ascii", Map.of(2, "encoding")));

    private static final Map<String, Pool> POOLS = read();

    static boolean exists(String name) {
        return POOLS.containsKey(name);
    }

    static Pool of(String name) {
        return Objects.requireNonNull(POOLS.get(name), name);
    }

    /// The pool for an argument of a function; the type's own where it needs no other or the other is of another type.
    static Pool ofArgument(String function, int argument, String type, List<String> arguments) {
        for (String special : special(function, argument, arguments).split(",", -1)) {
            Pool pool = POOLS.get(special);
            if (pool != null && pool.type.equals(type)) {
                return pool;
            }
        }
        return of(type);
    }

    private static String special(String function, int argument, List<String> arguments) {
        if (function.equals("to_char") && argument == 2) {
            boolean moment = Stream.of("timestamp", "timestamptz", "interval").anyMatch(arguments::contains);
            return moment ? "to_char_moment" : "to_char_number";
        }
        if ((function.equals("extract") || function.equals("date_part")) && argument == 1) {
            boolean time = Stream.of("time", "timetz").anyMatch(arguments::contains);
            return time ? "unit_of_time" : arguments.contains("date") ? "unit_of_date" : "unit";
        }
        return ARGUMENTS.getOrDefault(function, Map.of()).getOrDefault(argument, "");
    }

    List<String> all() {
        List<String> all = new ArrayList<>(mild);
        all.addAll(edge);
        return all;
    }

    /// The table that `CallsPart` has of it.
    String table() {
        return "pool_" + name.replace("\"", "");
    }

    String literal(String value) {
        return Literal.of(value) + "::" + type;
    }

    private static Map<String, Pool> read() {
        InputStream stream = Objects.requireNonNull(Pool.class.getResourceAsStream("/pools.tsv"));
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            Map<String, Pool> pools = new LinkedHashMap<>();
            reader.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                String[] cells = line.split("\t", -1);
                pools.put(
                        cells[0],
                        new Pool(
                                cells[0],
                                cells[1],
                                values(cells[2]),
                                cells[3].isEmpty() ? List.of() : values(cells[3])));
            });
            return pools;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> values(String cell) {
        return List.of(cell.split("¦", -1));
    }
}
