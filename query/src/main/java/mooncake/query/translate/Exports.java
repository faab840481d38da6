package mooncake.query.translate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The columns that a SELECT hands to the one around it, each once.
final class Exports {
    private final String alias;
    private final List<String> targets = new ArrayList<>();
    private final Map<String, Scalar> columns = new HashMap<>();

    /// @param alias what the SELECT is called outside
    Exports(String alias) {
        this.alias = alias;
    }

    String alias() {
        return alias;
    }

    /// The column outside for a value inside.
    Scalar add(Scalar value) {
        return columns.computeIfAbsent(value.sql() + Context.MARK + value.form(), _ -> {
            int number = columns.size() + 1;
            Forms.addTarget(targets, value, number);
            return new Column(number, value.form(), 0).in(alias);
        });
    }

    /// The column outside for SQL inside whose type is none of Postgres'.
    String addRaw(String sql) {
        return add(Scalar.of(sql, new Form.Kept(0, ""), false)).sql();
    }

    List<String> targets() {
        return List.copyOf(targets);
    }
}
