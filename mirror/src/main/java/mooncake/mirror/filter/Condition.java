package mooncake.mirror.filter;

import java.nio.ByteBuffer;
import java.util.List;
import mooncake.model.Tuple;
import org.jspecify.annotations.Nullable;

/// A filter or a part of it, evaluated for one row at a time.
sealed interface Condition {
    Truth of(Row row);

    record Always(Truth truth) implements Condition {
        @Override
        public Truth of(Row row) {
            return truth;
        }
    }

    record And(Condition left, Condition right) implements Condition {
        @Override
        public Truth of(Row row) {
            Truth first = left.of(row);
            return first == Truth.FALSE ? first : first.and(right.of(row));
        }
    }

    record Or(Condition left, Condition right) implements Condition {
        @Override
        public Truth of(Row row) {
            Truth first = left.of(row);
            return first == Truth.TRUE ? first : first.or(right.of(row));
        }
    }

    record Not(Condition condition) implements Condition {
        @Override
        public Truth of(Row row) {
            return condition.of(row).not();
        }
    }

    /// `condition IS truth`, which is never unknown.
    record Is(Condition condition, Truth truth) implements Condition {
        @Override
        public Truth of(Row row) {
            Truth actual = condition.of(row);
            return actual == Truth.NOT_LOGGED ? actual : Truth.of(actual == truth);
        }
    }

    /// `column IS NULL`. A value that the log left out because it is large is none.
    record IsNull(int column) implements Condition {
        @Override
        public Truth of(Row row) {
            return Truth.of(row.tuple().isNull(column));
        }
    }

    /// `column operator constant`.
    record Compare(int column, Operator operator, Constant constant) implements Condition {
        @Override
        public Truth of(Row row) {
            ByteBuffer value = row.value(column);
            if (value == null) {
                return row.absence(column);
            }
            return Truth.of(operator.holds(constant.compare(value)));
        }
    }

    /// `column IN (constants)`; with a NULL among them it is never false.
    record In(int column, List<Constant> constants, boolean withNull) implements Condition {
        @Override
        public Truth of(Row row) {
            ByteBuffer value = row.value(column);
            if (value == null) {
                return row.absence(column);
            }
            for (Constant constant : constants) {
                if (constant.compare(value.duplicate()) == 0) {
                    return Truth.TRUE;
                }
            }
            return withNull ? Truth.UNKNOWN : Truth.FALSE;
        }
    }

    /// The comparison operators.
    enum Operator {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL;

        boolean holds(int compared) {
            return switch (this) {
                case EQUAL -> compared == 0;
                case NOT_EQUAL -> compared != 0;
                case LESS -> compared < 0;
                case LESS_OR_EQUAL -> compared <= 0;
                case GREATER -> compared > 0;
                case GREATER_OR_EQUAL -> compared >= 0;
            };
        }

        /// The operator with its sides exchanged.
        Operator mirrored() {
            return switch (this) {
                case EQUAL, NOT_EQUAL -> this;
                case LESS -> GREATER;
                case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
                case GREATER -> LESS;
                case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
            };
        }
    }

    /// A row and, for what an UPDATE left out of it, the row before.
    record Row(Tuple tuple, @Nullable Tuple old) {
        /// A column's bytes; null when it is null or not in the log.
        @Nullable
        ByteBuffer value(int column) {
            Tuple from = tuple;
            if (tuple.isUnchanged(column)) {
                if (old == null) {
                    return null;
                }
                from = old;
            }
            int length = from.length(column);
            return length < 0
                    ? null
                    : ByteBuffer.wrap(from.bytes(), from.offset(column), length).slice();
        }

        /// What a comparison with a value that is not here gives.
        Truth absence(int column) {
            return tuple.isUnchanged(column) ? Truth.NOT_LOGGED : Truth.UNKNOWN;
        }
    }
}
