package mooncake.source.replication;

import java.util.Arrays;
import mooncake.model.ErrorCode;
import mooncake.model.Limits;
import mooncake.model.MooncakeException;
import mooncake.model.Tuple;

/// Reads pgoutput's TupleData in place. Its arrays, and as long as nothing about it changed the tuple itself, are used
/// again for the next one.
final class TupleReader {
    private int[] offsets = new int[16];
    private int[] lengths = new int[16];
    private Tuple tuple = new Tuple(new byte[0], offsets, lengths, 0);

    @SuppressWarnings("ReferenceEquality") // the same array, not an equal one
    Tuple read(MessageReader in) {
        int width = in.uint16();
        makeRoom(width);
        for (int column = 0; column < width; column++) {
            byte kind = in.int8();
            switch (kind) {
                // Text is what a type without a binary form has to offer.
                case 'b', 't' -> {
                    int length = in.int32();
                    offsets[column] = in.position();
                    lengths[column] = length;
                    in.skip(length);
                }
                case 'n' -> lengths[column] = Tuple.NULL;
                case 'u' -> lengths[column] = Tuple.UNCHANGED;
                default ->
                    throw new MooncakeException(
                            ErrorCode.PROTOCOL_VIOLATION, "unknown kind of value '" + (char) kind + "' in a row");
            }
        }
        if (tuple.bytes() != in.bytes() || tuple.width() != width) {
            tuple = new Tuple(in.bytes(), offsets, lengths, width);
        }
        return tuple;
    }

    private void makeRoom(int width) {
        if (width > Limits.COLUMNS_MAX) {
            throw new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, "a row with " + width + " columns");
        }
        if (width > offsets.length) {
            offsets = Arrays.copyOf(offsets, width);
            lengths = Arrays.copyOf(lengths, width);
            tuple = new Tuple(new byte[0], offsets, lengths, 0);
        }
    }
}
