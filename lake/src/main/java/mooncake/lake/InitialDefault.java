package mooncake.lake;

import java.math.BigDecimal;
import java.util.Optional;
import mooncake.model.Column;
import mooncake.model.StoredValue;
import org.apache.iceberg.SingleValueParser;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.DecimalType;

/// What rows without a column have in it ([Column#initial]), as Iceberg's default of the column.
final class InitialDefault {
    private InitialDefault() {}

    /// Empty for null, and for a value that Iceberg's metadata cannot say, such as NaN.
    static Optional<Literal<?>> of(Column column, Type type) {
        StoredValue initial = column.initial();
        if (initial == null) {
            return Optional.empty();
        }
        Literal<?> literal = literal(initial, type).to(type);
        return survives(literal, type) ? Optional.of(literal) : Optional.empty();
    }

    /// Whether a column either has no such value or one that Iceberg can say.
    static boolean canSay(Column column, Type type) {
        return column.initial() == null || of(column, type).isPresent();
    }

    private static Literal<?> literal(StoredValue value, Type type) {
        return switch (type.typeId()) {
            case BOOLEAN -> Literal.of(value.bool());
            case INTEGER, DATE -> Literal.of(value.integer().intValueExact());
            case LONG, TIME, TIMESTAMP -> Literal.of(value.integer().longValueExact());
            case FLOAT -> Literal.of((float) value.floating());
            case DOUBLE -> Literal.of(value.floating());
            case DECIMAL -> Literal.of(new BigDecimal(value.integer(), ((DecimalType) type).scale()));
            case UUID -> Literal.of(value.uuid());
            case BINARY -> Literal.of(value.bytes());
            default -> Literal.of(value.text());
        };
    }

    /// Whether metadata that is written and read again still has the value.
    private static boolean survives(Literal<?> literal, Type type) {
        try {
            Object read = SingleValueParser.fromJson(type, SingleValueParser.toJson(type, literal.value()));
            return literal.value().toString().contentEquals(String.valueOf(read))
                    || literal.value().equals(read);
        } catch (RuntimeException e) {
            return false;
        }
    }
}
