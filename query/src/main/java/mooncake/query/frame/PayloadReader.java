package mooncake.query.frame;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mooncake.model.ErrorCode;
import mooncake.model.Limits;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;

/// Reads the fields of one payload in order and refuses what does not fit.
final class PayloadReader {
    /// Constants and parameters of one query.
    static final int VALUES_MAX = 1 << 16;

    private static final int VALUE_BYTES = 9;
    /// The state of a value that is an error.
    static final int FAILED = 2;

    private final ByteBuffer bytes;

    PayloadReader(ByteBuffer payload) {
        this.bytes = payload.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    int u8() {
        return need(1).get() & 0xff;
    }

    int u16() {
        return need(2).getShort() & 0xffff;
    }

    int i32() {
        return need(4).getInt();
    }

    long i64() {
        return need(8).getLong();
    }

    Lsn lsn() {
        return new Lsn(i64());
    }

    String string() {
        int length = i32();
        if (length < 0 || length > bytes.remaining()) {
            throw violation("a string of " + Integer.toUnsignedString(length) + " bytes passes the payload's end");
        }
        ByteBuffer slice = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(slice).toString();
        } catch (CharacterCodingException e) {
            throw new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, "a string is not UTF-8", e);
        }
    }

    String tree() {
        String tree = string();
        if (tree.length() > Limits.TREE_BYTES_MAX) {
            throw new MooncakeException(
                    ErrorCode.LIMIT_EXCEEDED, "the query tree exceeds " + Limits.TREE_BYTES_MAX + " bytes");
        }
        return tree;
    }

    List<Value> values() {
        int count = i32();
        if (count < 0 || count > VALUES_MAX || (long) count * VALUE_BYTES > bytes.remaining()) {
            throw violation("a query with " + Integer.toUnsignedString(count) + " values");
        }
        int[] types = new int[count];
        int[] typmods = new int[count];
        int[] states = new int[count];
        for (int i = 0; i < count; i++) {
            types[i] = i32();
            typmods[i] = i32();
            states[i] = u8();
            if (states[i] > FAILED) {
                throw violation("a value of state " + states[i]);
            }
        }
        BatchReader row = new BatchReader(bytes.slice());
        if (row.rows() != 1 || row.columns() != count) {
            throw violation("VALUES hold " + row.rows() + " rows of " + row.columns() + " columns, not 1 of " + count);
        }
        bytes.position(bytes.position() + row.byteLength());
        List<Value> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String text = row.text(i, 0);
            values.add(
                    states[i] == FAILED
                            ? new Value(types[i], typmods[i], false, null, text)
                            : new Value(types[i], typmods[i], states[i] != 0, text));
        }
        return values;
    }

    List<Target> targets() {
        int count = u16();
        List<Target> targets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            targets.add(new Target(i32(), i32(), Kind.of(u8())));
        }
        return targets;
    }

    List<Shipment> shipments() {
        int count = u16();
        List<Shipment> shipments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int width = u16();
            List<Shipment.Column> columns = new ArrayList<>();
            for (int column = 0; column < width; column++) {
                columns.add(new Shipment.Column(u16(), i32(), i32(), Kind.of(u8())));
            }
            shipments.add(new Shipment(columns));
        }
        return shipments;
    }

    /// The batch that is all that is left, behind four bytes that align it.
    BatchReader batch() {
        if (i32() != 0) {
            throw violation("reserved bytes are not zero");
        }
        return new BatchReader(rest());
    }

    /// Everything that is left.
    ByteBuffer rest() {
        ByteBuffer rest = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.limit());
        return rest;
    }

    void end() {
        if (bytes.hasRemaining()) {
            throw violation(bytes.remaining() + " bytes are left over in a payload");
        }
    }

    static MooncakeException violation(String what) {
        return new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, what);
    }

    private ByteBuffer need(int count) {
        if (bytes.remaining() < count) {
            throw new MooncakeException(
                    ErrorCode.PROTOCOL_VIOLATION, "a payload ends too early", new BufferUnderflowException());
        }
        return bytes;
    }
}
