package mooncake.mirror.filter;

import org.jspecify.annotations.Nullable;

/// A constant as it is written.
sealed interface Literal {
    /// The type that it is cast to, null when it takes that of what it is compared with.
    @Nullable
    ValueKind cast();

    Literal as(ValueKind kind);

    record Null(@Nullable ValueKind cast) implements Literal {
        @Override
        public Literal as(ValueKind kind) {
            return new Null(kind);
        }
    }

    record Bool(boolean value, @Nullable ValueKind cast) implements Literal {
        @Override
        public Literal as(ValueKind kind) {
            return new Bool(value, kind);
        }
    }

    /// In quotes.
    record Text(String text, @Nullable ValueKind cast) implements Literal {
        @Override
        public Literal as(ValueKind kind) {
            return new Text(text, kind);
        }
    }

    /// Digits, maybe behind a sign, which comes after the cast.
    record Digits(String text, boolean signed, @Nullable ValueKind cast) implements Literal {
        @Override
        public Literal as(ValueKind kind) {
            return new Digits(text, signed, kind);
        }

        Digits negated() {
            return new Digits("-" + text, true, cast);
        }
    }
}
