package mooncake.mirror.filter;

/// SQL's three values of a condition, and a fourth: that it depends on a value which the log left out.
enum Truth {
    FALSE,
    UNKNOWN,
    TRUE,
    NOT_LOGGED;

    static Truth of(boolean value) {
        return value ? TRUE : FALSE;
    }

    Truth and(Truth other) {
        if (this == FALSE || other == FALSE) {
            return FALSE;
        }
        if (this == NOT_LOGGED || other == NOT_LOGGED) {
            return NOT_LOGGED;
        }
        return this == UNKNOWN || other == UNKNOWN ? UNKNOWN : TRUE;
    }

    Truth or(Truth other) {
        return not().and(other.not()).not();
    }

    Truth not() {
        return switch (this) {
            case FALSE -> TRUE;
            case TRUE -> FALSE;
            case UNKNOWN, NOT_LOGGED -> this;
        };
    }
}
