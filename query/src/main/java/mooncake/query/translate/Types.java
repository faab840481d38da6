package mooncake.query.translate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mooncake.query.tree.ArrayTypes;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// What types are made of, and the codes that tell functions over texts how values compare.
final class Types {
    private final UserTypes userTypes;
    private final Map<Integer, UserType> found = new HashMap<>();

    Types(UserTypes userTypes) {
        this.userTypes = userTypes;
    }

    /// The form of a type's values where nothing more is known than its modifier.
    Form form(int type, int typmod) {
        Optional<String> code = documentCode(type);
        if (code.isPresent()) {
            return new Form.Document(type, code.get());
        }
        if (type >= Oids.CATALOGUED && user(type) instanceof UserType.Domain domain) {
            return form(domain.base(), domain.typmod());
        }
        return type == Oids.NUMERIC ? new Form.Free() : Literals.form(type, typmod);
    }

    /// The element type of an array type, 0 for other types.
    int elementOf(int type) {
        if (type < Oids.CATALOGUED) {
            return ArrayTypes.elementOf(type);
        }
        return user(type) instanceof UserType.ArrayOf(int element) ? element : 0;
    }

    /// A domain's base, any other type itself.
    int base(int type) {
        return type >= Oids.CATALOGUED && user(type) instanceof UserType.Domain domain ? base(domain.base()) : type;
    }

    UserType user(int type) {
        return found.computeIfAbsent(type, userTypes::find);
    }

    /// The code of a type whose values are held as their canonical text, empty for types with another form.
    Optional<String> documentCode(int type) {
        int element = elementOf(type);
        if (element != 0) {
            return code(element).map(code -> "array(" + code + ")");
        }
        if (ArrayTypes.boundOf(type) != 0) {
            return code(ArrayTypes.boundOf(type)).map(code -> "range(" + code + ")");
        }
        if (ArrayTypes.rangeOf(type) != 0) {
            return documentCode(ArrayTypes.rangeOf(type)).map(code -> "multi" + code);
        }
        if (type >= Oids.CATALOGUED) {
            return user(type) instanceof UserType.Labels(List<String> labels)
                    ? Optional.of("enum(" + mooncake.query.exact.Arrays.text(labels) + ")")
                    : Optional.empty();
        }
        return switch (type) {
            case Oids.CHAR -> Optional.of("char");
            case 829, 774, 1560, 1562 -> Optional.of("bytes");
            case 869, 650 -> Optional.of("inet");
            case 3220 -> Optional.of("lsn");
            case 1266 -> Optional.of("timetz");
            default -> Optional.empty();
        };
    }

    /// How elements of a type compare, as texts; empty when it is not known.
    Optional<String> code(int type) {
        return switch (base(type)) {
            case Oids.TEXT, Oids.VARCHAR -> Optional.of("text");
            case Oids.BOOL, Oids.BYTEA, Oids.UUID, Oids.TIME, Oids.NAME -> Optional.of("bytes");
            case Oids.BPCHAR -> Optional.of("padded");
            case Oids.INT2, Oids.INT4 -> Optional.of("integer");
            case Oids.INT8, Oids.OID -> Optional.of("bigint");
            case Oids.NUMERIC -> Optional.of("number");
            case Oids.FLOAT4, Oids.FLOAT8 -> Optional.of("float");
            case Oids.DATE -> Optional.of("date");
            case Oids.TIMESTAMP, Oids.TIMESTAMPTZ -> Optional.of("timestamp");
            case Oids.INTERVAL -> Optional.of("interval");
            case Oids.JSONB -> Optional.of("jsonb");
            case Oids.JSON -> Optional.of("none");
            default -> documentCode(base(type));
        };
    }

    /// The code by which the values of a form compare as texts.
    String code(Form form) {
        return switch (form) {
            case Form.Document(int _, String code) -> code;
            case Form.Plain(int type) ->
                code(type).orElseThrow(() -> Refusal.because("Values of type %d are not compared.", type));
            case Form.Padded _ -> "padded";
            case Form.Decimal _, Form.Free _, Form.NullNumeric _ -> "number";
            case Form.Kept(int type, String _) -> throw Refusal.because("Values of type %d are not compared.", type);
        };
    }

    /// Whether values are equal if and only if their texts are.
    static boolean isIdentical(String code) {
        return !code.contains("padded")
                && !code.contains("number")
                && !code.contains("float")
                && !code.contains("interval")
                && !code.contains("jsonb")
                && !code.contains("none");
    }
}
