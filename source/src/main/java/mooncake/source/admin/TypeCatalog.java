package mooncake.source.admin;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mooncake.model.BuiltInForms;
import mooncake.model.ColumnType;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.TextForm;
import mooncake.model.TextForm.Simple;
import mooncake.source.SqlErrors;

/// Says how values of any type of a server are kept, by the server's catalog. Answers are remembered: a row type that
/// is altered later asks for a new catalog. For one thread, as its connection is.
public final class TypeCatalog {
    private static final int INTERVAL = 1186;
    private static final int CHAR = 18;

    /// From here on the extreme intervals are infinities.
    private static final int INFINITE_INTERVALS = 17;

    /// From here on a `"char"` above 127 is read from its octal digits.
    private static final int OCTAL_CHARS = 16;

    private static final String TYPE = """
            SELECT t.typtype, n.nspname, t.typname, pg_catalog.format_type(t.oid, NULL), t.typbasetype::int8,
                   t.typtypmod, t.typelem::int8, e.typdelim, t.typrelid::int8, x.extname,
                   coalesce(r.rngsubtype, 0)::int8,
                   CASE WHEN l.lanname = 'internal' THEN s.prosrc END,
                   CASE WHEN l.lanname = 'internal' THEN i.prosrc END
              FROM pg_catalog.pg_type t
              JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
              LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem
              LEFT JOIN pg_catalog.pg_range r ON t.oid IN (r.rngtypid, r.rngmultitypid)
              LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
                        AND d.objid = t.oid AND d.deptype = 'e'
              LEFT JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid
              LEFT JOIN pg_catalog.pg_proc s ON s.oid = t.typsend
              LEFT JOIN pg_catalog.pg_proc i ON i.oid = t.typinput
              LEFT JOIN pg_catalog.pg_language l ON l.oid = s.prolang AND l.oid = i.prolang
             WHERE t.oid = ?
            """;

    private static final String FIELDS = """
            SELECT atttypid::int8 FROM pg_catalog.pg_attribute
             WHERE attrelid = ? AND attnum > 0 AND NOT attisdropped ORDER BY attnum
            """;

    private final Connection connection;
    private final int version;
    private final Map<Integer, Optional<TextForm>> forms = new HashMap<>();
    private final Map<Integer, Type> types = new HashMap<>();

    /// A row of `pg_type`.
    ///
    /// @param send name of the internal function that sends values, empty for others
    /// @param input name of the internal function that reads text, empty for others
    private record Type(
            char kind,
            String namespace,
            String name,
            String shownName,
            int base,
            int baseModifier,
            int element,
            char delimiter,
            int relation,
            String extension,
            int bound,
            String send,
            String input) {
        boolean isArray() {
            return send.equals("array_send") && input.equals("array_in");
        }
    }

    public TypeCatalog(Connection connection) {
        this.connection = connection;
        try {
            version = connection.getMetaData().getDatabaseMajorVersion();
        } catch (SQLException e) {
            throw SqlErrors.failed("cannot read the server's version", e);
        }
    }

    /// The type of a column.
    public ColumnType resolve(int oid, int modifier) {
        Optional<ColumnType> builtIn = ColumnType.of(oid, modifier);
        if (builtIn.isPresent()) {
            return builtIn.get() instanceof ColumnType.Textual textual && oid == INTERVAL
                    ? new ColumnType.Textual(oid, modifier, interval(), textual.name())
                    : builtIn.get();
        }
        Type type = type(oid);
        String name = name(type);
        if (type.kind() == 'd') {
            return new ColumnType.Domain(
                    oid, resolve(type.base(), type.baseModifier()).base(), name);
        }
        return form(oid)
                .<ColumnType>map(form -> new ColumnType.Textual(oid, modifier, form, name))
                .orElseGet(() -> new ColumnType.Opaque(oid, modifier, name));
    }

    /// How values of the type become text; empty when no text gives back the equal value under every setting.
    private Optional<TextForm> form(int oid) {
        Optional<TextForm> known = forms.get(oid);
        if (known == null) {
            known = switch (oid) {
                case INTERVAL -> Optional.of(interval());
                case CHAR -> version < OCTAL_CHARS ? Optional.empty() : BuiltInForms.part(oid);
                default -> BuiltInForms.part(oid).or(() -> catalogued(type(oid)));
            };
            forms.put(oid, known);
        }
        return known;
    }

    private TextForm interval() {
        return version < INFINITE_INTERVALS ? Simple.INTERVAL_FINITE : Simple.INTERVAL;
    }

    private Optional<TextForm> catalogued(Type type) {
        return switch (type.kind()) {
            case 'd' -> form(type.base());
            case 'e' -> Optional.of(Simple.TEXT);
            case 'c' -> composite(type);
            case 'r' -> form(type.bound()).map(TextForm.Range::new);
            case 'm' -> form(type.bound()).map(TextForm.Multirange::new);
            default ->
                type.isArray()
                        ? form(type.element()).map(element -> new TextForm.Array(element, type.delimiter()))
                        : ofBaseType(type);
        };
    }

    private Optional<TextForm> composite(Type type) {
        List<TextForm.Field> fields = new ArrayList<>();
        for (int oid : fields(type.relation())) {
            Optional<TextForm> form = form(oid);
            if (form.isEmpty()) {
                return Optional.empty();
            }
            fields.add(new TextForm.Field(oid, form.get()));
        }
        return Optional.of(new TextForm.Composite(fields));
    }

    /// Types with text's own functions under other names, such as citext, and those of well-known extensions.
    private static Optional<TextForm> ofBaseType(Type type) {
        if (type.send().equals("textsend") && type.input().equals("textin")) {
            return Optional.of(Simple.TEXT);
        }
        return switch (type.extension() + "." + type.name()) {
            case "hstore.hstore" -> Optional.of(Simple.HSTORE);
            case "ltree.ltree", "ltree.lquery", "ltree.ltxtquery" -> Optional.of(Simple.VERSIONED);
            case "vector.vector" -> Optional.of(Simple.VECTOR);
            case "postgis.geometry", "postgis.geography" -> Optional.of(Simple.HEX);
            default -> Optional.empty();
        };
    }

    private String name(Type type) {
        if (type.isArray()) {
            return name(type(type.element())) + "[]";
        }
        return type.namespace().equals("pg_catalog") ? type.shownName() : type.namespace() + "." + type.name();
    }

    private Type type(int oid) {
        Type known = types.get(oid);
        if (known == null) {
            known = read(oid);
            types.put(oid, known);
        }
        return known;
    }

    private Type read(int oid) {
        try (PreparedStatement statement = prepare(TYPE, oid);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new MooncakeException(
                        ErrorCode.UNSUPPORTED_TYPE, "there is no type with OID " + Integer.toUnsignedString(oid));
            }
            return new Type(
                    text(row, 1).charAt(0),
                    text(row, 2),
                    text(row, 3),
                    text(row, 4),
                    (int) row.getLong(5),
                    row.getInt(6),
                    (int) row.getLong(7),
                    (text(row, 8) + ",").charAt(0),
                    (int) row.getLong(9),
                    text(row, 10),
                    (int) row.getLong(11),
                    text(row, 12),
                    text(row, 13));
        } catch (SQLException e) {
            throw SqlErrors.failed("cannot read type " + Integer.toUnsignedString(oid), e);
        }
    }

    private List<Integer> fields(int relation) {
        List<Integer> fields = new ArrayList<>();
        try (PreparedStatement statement = prepare(FIELDS, relation);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                fields.add((int) rows.getLong(1));
            }
            return fields;
        } catch (SQLException e) {
            throw SqlErrors.failed("cannot read the columns of a row type", e);
        }
    }

    private PreparedStatement prepare(String sql, int oid) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setLong(1, Integer.toUnsignedLong(oid));
        return statement;
    }

    private static String text(ResultSet row, int column) throws SQLException {
        String text = row.getString(column);
        return text == null ? "" : text;
    }
}
