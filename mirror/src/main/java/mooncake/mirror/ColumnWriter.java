package mooncake.mirror;

import java.lang.foreign.MemorySegment;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Turns one column's values from Postgres' binary send format into the column's storage.
///
/// A value that the storage cannot hold exactly is refused: it is never rounded, cut or replaced.
interface ColumnWriter {
    /// Writes the value in `bytes[offset, offset + length)` to `data` at byte `at`.
    void write(byte[] bytes, int offset, int length, MemorySegment data, long at, StringHeap heap);

    /// The writer for a column of the table that messages call `table`.
    static ColumnWriter of(String table, Column column) {
        Refusal refusal = new Refusal(table, column);
        return switch (column.type().base()) {
            case ColumnType.Scalar scalar -> scalar(scalar, refusal);
            case ColumnType.Unsigned _ -> FixedWriters.unsigned4(refusal);
            case ColumnType.Numeric numeric -> NumericWriter.of(numeric, refusal);
            case ColumnType.Varchar _, ColumnType.Bpchar _ -> TextWriters.text(refusal);
            case ColumnType.Moment moment ->
                switch (moment.kind()) {
                    case TIME -> FixedWriters.time(refusal);
                    case TIMESTAMP, TIMESTAMPTZ -> FixedWriters.timestamp(refusal);
                };
            case ColumnType.Textual textual -> new TextualWriter(textual.form(), refusal);
            case ColumnType.Opaque _ -> TextWriters.bytea();
            case ColumnType.Domain domain -> throw new IllegalStateException(domain + " over a domain");
        };
    }

    private static ColumnWriter scalar(ColumnType.Scalar type, Refusal refusal) {
        return switch (type) {
            case BOOL -> FixedWriters.bool(refusal);
            case INT2 -> FixedWriters.bytes2(refusal);
            case INT4, FLOAT4 -> FixedWriters.bytes4(refusal);
            case INT8, FLOAT8, MONEY -> FixedWriters.bytes8(refusal);
            case DATE -> FixedWriters.date(refusal);
            case UUID -> FixedWriters.uuid(refusal);
            case BYTEA -> TextWriters.bytea();
            case TEXT, JSON -> TextWriters.text(refusal);
            case JSONB -> TextWriters.jsonb(refusal);
        };
    }

    /// Says which column refused which value and why.
    record Refusal(String table, Column column) {
        private static final int SHOWN_MAX = 100;

        MooncakeException of(String value, String why) {
            String shown = value.length() > SHOWN_MAX ? value.substring(0, SHOWN_MAX) + "..." : value;
            return MooncakeException.ofColumn(
                    ErrorCode.UNREPRESENTABLE_VALUE,
                    column.name(),
                    "value " + shown + " of " + subject() + " cannot be mirrored: " + why);
        }

        void length(int length, int expected) {
            if (length != expected) {
                throw new MooncakeException(
                        ErrorCode.PROTOCOL_VIOLATION,
                        subject() + " came with " + length + " bytes instead of " + expected);
            }
        }

        /// An error about a value as a whole.
        MooncakeException because(ErrorCode code, String why) {
            return new MooncakeException(code, "a value of " + subject() + " cannot be mirrored: " + why);
        }

        MooncakeException malformed(String what) {
            return new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, subject() + " came malformed: " + what);
        }

        private String subject() {
            return "column \"" + column.name() + "\" (" + column.type().displayName() + ") of \"" + table + "\"";
        }
    }
}
