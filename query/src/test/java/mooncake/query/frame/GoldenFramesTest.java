package mooncake.query.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import org.junit.jupiter.api.Test;

/// Each golden frame is read to what it says and written back to the same bytes.
class GoldenFramesTest {
    private static final String TREE = "{QUERY :commandType 1}";
    private static final Lsn LSN = Lsn.parse("1/600000A8");
    private static final Lsn LATER = Lsn.parse("1/600000B0");
    private static final long PIN = 0xF123456789ABCDEFL;
    private static final List<Value> VALUES = List.of(
            new Value(23, -1, true, "42"),
            new Value(25, -1, true, "é"),
            new Value(1082, -1, true, null),
            new Value(20, -1, false, null));
    private static final List<Target> TARGETS =
            List.of(new Target(23, -1, Kind.BYTES_4), new Target(25, -1, Kind.VARLENA));
    private static final Shipment SHIPMENT = new Shipment(
            List.of(new Shipment.Column(2, 20, -1, Kind.BYTES_8), new Shipment.Column(5, 25, -1, Kind.VARLENA)));

    @Test
    void requests() throws IOException {
        request("hello", 0, new Request.Hello(1, 4711, 16384, "shop", "C.UTF-8"));
        request("plan", 7, new Request.Plan("Europe/Rome", TREE, VALUES, TARGETS, List.of()));
        request(
                "execute",
                8,
                new Request.Execute(0, LSN, 30000, "UTC", TREE, VALUES.subList(0, 2), TARGETS, List.of(SHIPMENT)));
        request("scan", 9, new Request.Scan(PIN, LSN, 0, 16400, List.of(1, 3), TARGETS));
        request("pin", 10, new Request.Pin(LSN, 5000, List.of(16400, 16410)));
        request("unpin", 11, new Request.Unpin(PIN));
        request("snapshot", 12, new Request.Snapshot(16400, LSN, 60000));
        request("status", 13, new Request.Status());
        request("wake", 14, new Request.Wake());
    }

    @Test
    void shippedRows() throws IOException {
        byte[] golden = golden("ship");

        Frame<Request> frame = readRequest(golden);
        Request.Ship ship = (Request.Ship) frame.body();
        assertThat(ship.shipment()).isZero();
        assertThat(ship.rows().rows()).isEqualTo(2);
        assertThat(ship.rows().fixed(0, 1).getLong()).isEqualTo(-1);
        assertThat(ship.rows().text(1, 0)).isEqualTo("é");
        assertThat(ship.rows().isNull(1, 1)).isTrue();

        Sink sink = new Sink();
        new FrameWriter(sink).write(frame.number(), ship);
        assertThat(hex(sink.bytes())).isEqualTo(hex(golden));
    }

    @Test
    void replies() throws IOException {
        reply("ready", 0, new Reply.Ready(1, 4242, "0.1.0"));
        reply("planned", 7, new Reply.Planned("SELECT t1.c1 FROM mirror(16400) AS t1", true));
        reply("refused", 7, new Reply.Refused("Function 4711 is not known."));
        reply("pinned", 10, new Reply.Pinned(PIN, LATER));
        reply("done", 8, new Reply.Done(3, LATER, new Reply.Effort(1500, 122880, 2, 7)));
        reply("left", 8, new Reply.Left(PIN, "Not computed exactly..."));
        reply("error", 8, new Reply.Failed("22012", "MC0010", "division by zero", "", ""));
    }

    @Test
    void batchWithoutColumns() throws IOException {
        byte[] golden = golden("batch_no_columns");

        Reply.Batch batch = (Reply.Batch) readReply(golden).body();
        Sink sink = new Sink();
        try (BatchBuilder builder = new BatchBuilder(List.of())) {
            builder.endRows(5);
            new FrameWriter(sink).writeBatch(9, builder);
        }

        assertThat(new BatchReader(batch.payload()).rows()).isEqualTo(5);
        assertThat(sink.bytes()).isEqualTo(golden);
    }

    @Test
    void batch() throws IOException {
        byte[] golden = golden("batch");

        BatchReader rows = new BatchReader(((Reply.Batch) readReply(golden).body()).payload());
        assertThat(rows.rows()).isEqualTo(3);
        assertThat(rows.isNull(0, 2)).isTrue();
        assertThat(rows.fixed(1, 0).getShort()).isEqualTo((short) -2);
        assertThat(rows.fixed(3, 2).getLong()).isEqualTo(Long.MAX_VALUE);
        assertThat(rows.text(5, 0)).isEqualTo("añb");
        assertThat(rows.text(5, 1)).isNull();
        assertThat(rows.text(7, 0)).isEqualTo("{\"a\": 1}");

        Sink sink = new Sink();
        try (BatchBuilder copy = copy(rows)) {
            new FrameWriter(sink).writeBatch(8, copy);
            assertThat(copy.rows()).isZero();
        }
        assertThat(hex(sink.bytes())).isEqualTo(hex(golden));
    }

    @Test
    void receivedBatch() throws IOException {
        byte[] golden = golden("batch_received");

        BatchReader rows = new BatchReader(((Reply.Batch) readReply(golden).body()).payload());
        ByteBuffer value = Objects.requireNonNull(rows.variable(0, 0));
        assertThat(value.remaining()).isEqualTo(2);
        assertThat(value.get(1)).isEqualTo((byte) 2);
        assertThat(rows.isNull(0, 1)).isTrue();

        Sink sink = new Sink();
        try (BatchBuilder copy = copy(rows)) {
            new FrameWriter(sink).writeBatch(8, copy);
        }
        assertThat(hex(sink.bytes())).isEqualTo(hex(golden));
    }

    @Test
    void refusesWhatExceedsTheFrame() throws IOException {
        byte[] golden = golden("hello");
        byte[] lying = golden.clone();
        lying[Frame.HEADER_BYTES + 12] = 120;

        assertThatThrownBy(() -> readRequest(lying)).isInstanceOf(MooncakeException.class);
        for (int length = 1; length < golden.length; length++) {
            byte[] torn = java.util.Arrays.copyOf(golden, length);
            assertThatThrownBy(() -> readRequest(torn)).isInstanceOf(MooncakeException.class);
        }
        assertThat(new FrameReader(Channels.newChannel(new ByteArrayInputStream(new byte[0]))).nextRequest())
                .isNull();
    }

    private static BatchBuilder copy(BatchReader rows) {
        List<Kind> kinds = java.util.stream.IntStream.range(0, rows.columns())
                .mapToObj(rows::kind)
                .toList();
        BatchBuilder copy = new BatchBuilder(kinds);
        for (int row = 0; row < rows.rows(); row++) {
            for (int column = 0; column < kinds.size(); column++) {
                if (rows.isNull(column, row)) {
                    copy.putNull(column);
                } else if (kinds.get(column).isVariable()) {
                    ByteBuffer value = Objects.requireNonNull(rows.variable(column, row));
                    byte[] bytes = new byte[value.remaining()];
                    value.get(bytes);
                    copy.putBytes(column, bytes);
                } else {
                    ColumnBuffer buffer = copy.column(column);
                    long at = buffer.appendRows(1);
                    ByteBuffer value = rows.fixed(column, row);
                    buffer.fixed()
                            .asSlice(at, value.remaining())
                            .copyFrom(java.lang.foreign.MemorySegment.ofBuffer(value));
                }
            }
            copy.endRow();
        }
        return copy;
    }

    private static void request(String name, long number, Request request) throws IOException {
        byte[] golden = golden(name);
        assertThat(readRequest(golden)).isEqualTo(new Frame<>(number, request));
        Sink sink = new Sink();
        new FrameWriter(sink).write(number, request);
        assertThat(hex(sink.bytes())).as(name).isEqualTo(hex(golden));
    }

    private static void reply(String name, long number, Reply reply) throws IOException {
        byte[] golden = golden(name);
        assertThat(readReply(golden)).isEqualTo(new Frame<>(number, reply));
        Sink sink = new Sink();
        new FrameWriter(sink).write(number, reply);
        assertThat(hex(sink.bytes())).as(name).isEqualTo(hex(golden));
    }

    private static Frame<Request> readRequest(byte[] bytes) throws IOException {
        FrameReader reader = new FrameReader(Channels.newChannel(new ByteArrayInputStream(bytes)));
        return Objects.requireNonNull(reader.nextRequest());
    }

    private static Frame<Reply> readReply(byte[] bytes) throws IOException {
        FrameReader reader = new FrameReader(Channels.newChannel(new ByteArrayInputStream(bytes)));
        return Objects.requireNonNull(reader.nextReply());
    }

    private static byte[] golden(String name) throws IOException {
        Path root = Path.of(System.getProperty("mooncake.root", ".."));
        String digits = Files.readAllLines(root.resolve("extension/test/frames/" + name + ".hex")).stream()
                .map(line -> line.replaceAll("#.*", "").replaceAll("\\s", ""))
                .collect(Collectors.joining());
        return HexFormat.of().parseHex(digits);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }

    /// Collects what is written.
    private static final class Sink implements GatheringByteChannel {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final WritableByteChannel channel = Channels.newChannel(bytes);

        byte[] bytes() {
            return bytes.toByteArray();
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
            long written = 0;
            for (int i = offset; i < offset + length; i++) {
                written += channel.write(sources[i]);
            }
            return written;
        }

        @Override
        public long write(ByteBuffer[] sources) throws IOException {
            return write(sources, 0, sources.length);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            return channel.write(source);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
