package mooncake.query.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import mooncake.model.Limits;
import mooncake.model.Lsn;

/// Appends the fields of one payload.
final class PayloadWriter {
    private ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);

    PayloadWriter u8(int value) {
        room(1).put((byte) value);
        return this;
    }

    PayloadWriter u16(int value) {
        room(2).putShort((short) value);
        return this;
    }

    PayloadWriter i32(int value) {
        room(4).putInt(value);
        return this;
    }

    PayloadWriter i64(long value) {
        room(8).putLong(value);
        return this;
    }

    PayloadWriter lsn(Lsn lsn) {
        return i64(lsn.value());
    }

    PayloadWriter string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        i32(utf8.length);
        room(utf8.length).put(utf8);
        return this;
    }

    private static int state(Value value) {
        return value.error() != null ? PayloadReader.FAILED : value.known() ? 1 : 0;
    }

    PayloadWriter values(List<Value> values) {
        i32(values.size());
        for (Value value : values) {
            i32(value.type()).i32(value.typmod()).u8(state(value));
        }
        List<Kind> kinds = values.stream().map(_ -> Kind.CSTRING).toList();
        try (BatchBuilder row = new BatchBuilder(kinds)) {
            for (int i = 0; i < values.size(); i++) {
                Value value = values.get(i);
                row.putText(i, value.error() == null ? value.text() : value.error());
            }
            row.endRow();
            for (ByteBuffer part : row.payload()) {
                room(part.remaining()).put(part);
            }
        }
        return this;
    }

    PayloadWriter targets(List<Target> targets) {
        u16(targets.size());
        for (Target target : targets) {
            i32(target.type()).i32(target.typmod()).u8(target.kind().code());
        }
        return this;
    }

    PayloadWriter shipments(List<Shipment> shipments) {
        u16(shipments.size());
        for (Shipment shipment : shipments) {
            u16(shipment.columns().size());
            for (Shipment.Column column : shipment.columns()) {
                u16(column.attribute())
                        .i32(column.type())
                        .i32(column.typmod())
                        .u8(column.kind().code());
            }
        }
        return this;
    }

    PayloadWriter bytes(ByteBuffer more) {
        room(more.remaining()).put(more.duplicate());
        return this;
    }

    ByteBuffer done() {
        return bytes.flip();
    }

    private ByteBuffer room(int count) {
        if (bytes.remaining() < count) {
            long wanted = Math.max((long) bytes.position() + count, bytes.capacity() * 2L);
            if ((long) bytes.position() + count > Limits.FRAME_BYTES_MAX) {
                throw PayloadReader.violation("a payload would pass " + Limits.FRAME_BYTES_MAX + " bytes");
            }
            ByteBuffer larger = ByteBuffer.allocate((int) Math.min(wanted, Limits.FRAME_BYTES_MAX))
                    .order(ByteOrder.LITTLE_ENDIAN);
            bytes = larger.put(bytes.flip());
        }
        return bytes;
    }
}
