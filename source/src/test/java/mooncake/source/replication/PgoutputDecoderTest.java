package mooncake.source.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import mooncake.model.Change;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import org.junit.jupiter.api.Test;

class PgoutputDecoderTest {
    private static final byte[] BEGIN = ByteBuffer.allocate(21)
            .put((byte) 'B')
            .putLong(77)
            .putLong(0)
            .putInt(5)
            .array();

    private static byte[] relation() {
        ByteBuffer message = ByteBuffer.allocate(64)
                .put((byte) 'R')
                .putInt(9)
                .put(new byte[] {'s', 0, 't', 0, 'd'})
                .putShort((short) 2);
        message.put(new byte[] {1, 'a', 0}).putInt(23).putInt(-1);
        message.put(new byte[] {0, 'b', 0}).putInt(20).putInt(-1);
        return slice(message);
    }

    private static byte[] insert(int a, long b) {
        ByteBuffer message = ByteBuffer.allocate(64)
                .put((byte) 'I')
                .putInt(9)
                .put((byte) 'N')
                .putShort((short) 2);
        message.put((byte) 'b').putInt(4).putInt(a).put((byte) 'b').putInt(8).putLong(b);
        return slice(message);
    }

    private static byte[] slice(ByteBuffer message) {
        byte[] bytes = new byte[message.flip().remaining()];
        message.get(bytes);
        return bytes;
    }

    private static Change decode(PgoutputDecoder decoder, byte[] message) {
        return Objects.requireNonNull(decoder.decode(message, 0, message.length));
    }

    private static PgoutputDecoder inTransaction() {
        PgoutputDecoder decoder =
                new PgoutputDecoder(new StreamedTransactions(Path.of(System.getProperty("java.io.tmpdir"))));
        assertThat(decode(decoder, BEGIN)).isEqualTo(new Change.Begin(5, new Lsn(77)));
        decode(decoder, relation());
        return decoder;
    }

    @Test
    void whatItDoesNotKnowIsAnError() {
        assertViolation(inTransaction(), new byte[] {'s', 0, 0, 0, 0}, "unknown message 's'");
        assertViolation(inTransaction(), BEGIN, "inside another");
        assertViolation(
                new PgoutputDecoder(new StreamedTransactions(Path.of(System.getProperty("java.io.tmpdir")))),
                insert(1, 2),
                "outside of any transaction");
        byte[] unknown = insert(1, 2);
        unknown[4] = 8;
        assertViolation(inTransaction(), unknown, "not described");
        byte[] kind = insert(1, 2);
        kind[8] = 'x';
        assertViolation(inTransaction(), kind, "unknown kind of value 'x'");
        byte[] otherCommit = ByteBuffer.allocate(26)
                .put((byte) 'C')
                .put((byte) 0)
                .putLong(78)
                .array();
        assertViolation(inTransaction(), otherCommit, "that began as");
    }

    private static void assertViolation(PgoutputDecoder decoder, byte[] message, String text) {
        assertThatThrownBy(() -> decode(decoder, message))
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION))
                .hasMessageContaining(text);
    }

    @Test
    void damagedMessagesAreErrorsAndNeverReadBeyondTheirEnd() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] whole = round % 2 == 0 ? insert(1, 2) : relation();
            byte[] bytes = new byte[whole.length + 64];
            System.arraycopy(whole, 0, bytes, 0, whole.length);
            int end = 1 + random.nextInt(whole.length);
            bytes[random.nextInt(end)] = (byte) random.nextInt();
            try {
                Change change = inTransaction().decode(bytes, 0, end);
                if (change instanceof Change.Insert insert) {
                    for (int i = 0; i < insert.row().width(); i++) {
                        assertThat(insert.row().offset(i) + insert.row().length(i))
                                .as("seed %d", seed)
                                .isLessThanOrEqualTo(end);
                    }
                }
            } catch (MooncakeException e) {
                assertThat(e.code()).as("seed %d", seed).isIn(ErrorCode.PROTOCOL_VIOLATION, ErrorCode.UNSUPPORTED_TYPE);
            }
        }
    }

    @Test
    void decodesFast() {
        PgoutputDecoder decoder = inTransaction();
        byte[] message = insert(1, 2);
        long sum = 0;
        int rounds = 3_000_000;
        long start = 0;
        for (int i = -rounds; i < rounds; i++) {
            if (i == 0) {
                start = System.nanoTime();
            }
            sum += ((Change.Insert) decode(decoder, message)).row().offset(1);
        }
        long nanos = System.nanoTime() - start;
        System.out.printf("decoded %.1f million inserts a second%n", rounds * 1e3 / nanos);
        assertThat(sum).isEqualTo(2L * rounds * 22);
    }
}
