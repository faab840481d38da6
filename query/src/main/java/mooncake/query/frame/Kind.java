package mooncake.query.frame;

import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// How a column's values lie in a batch.
public enum Kind {
    BYTES_1(1, 1),
    BYTES_2(2, 2),
    BYTES_4(3, 4),
    BYTES_8(4, 8),
    BYTES_16(5, 16),
    VARLENA(6, 4),
    CSTRING(7, 4),
    RECEIVE(8, 4);

    private final int code;
    private final int width;

    Kind(int code, int width) {
        this.code = code;
        this.width = width;
    }

    public int code() {
        return code;
    }

    /// Bytes a row takes, not counting a variable value itself.
    public int width() {
        return width;
    }

    public boolean isVariable() {
        return this == VARLENA || this == CSTRING || this == RECEIVE;
    }

    public static Kind of(int code) {
        if (code < 1 || code > values().length) {
            throw new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, "column kind " + code + " is not known");
        }
        return values()[code - 1];
    }

    /// The kind that a Postgres type travels in; what is sent as [#CSTRING] may also come as [#RECEIVE].
    public static Kind ofType(int typeOid) {
        return switch (typeOid) {
            case 16, 18 -> BYTES_1;
            case 21 -> BYTES_2;
            case 23, 700, 1082 -> BYTES_4;
            case 24, 26, 28, 29, 2202, 2203, 2204, 2205, 2206, 3734, 3769, 4089, 4096, 4191 -> BYTES_4;
            case 20, 701, 790, 1083, 1114, 1184 -> BYTES_8;
            case 2950 -> BYTES_16;
            case 17, 25, 114, 142, 1042, 1043, 1700 -> VARLENA;
            default -> CSTRING;
        };
    }
}
