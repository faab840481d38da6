package mooncake.server;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import mooncake.model.Change;
import mooncake.model.Check;
import mooncake.model.Tuple;

/// Changes of one source that arrive while its mirror is still being copied, kept in a file so that
/// memory stays bounded however long the copy takes. How the source's rows are made up and changes
/// of the mirror's definition are kept in order with them: rows are only understood when they are
/// replayed.
///
/// One thread appends, one (other) thread replays what was appended before [#mark]. The file goes
/// with [#close].
final class ChangeQueue implements AutoCloseable {
    private static final int BEGIN = 1;
    private static final int INSERT = 2;
    private static final int UPDATE = 3;
    private static final int UPDATE_WITH_OLD = 4;
    private static final int DELETE = 5;
    private static final int TRUNCATE = 6;
    private static final int RELATION = 7;
    private static final int DEFINITION = 8;

    private final Path file;
    private final DataOutputStream out;
    private long replayed;

    ChangeQueue(Path directory) {
        try {
            file = Files.createTempFile(directory, "changes", ".queue");
            out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void begin(int xid) {
        write(BEGIN, () -> out.writeInt(xid));
    }

    void append(Change change) {
        switch (change) {
            case Change.Insert insert -> write(INSERT, () -> write(insert.row()));
            case Change.Update update -> {
                Tuple old = update.old();
                write(old == null ? UPDATE : UPDATE_WITH_OLD, () -> {
                    if (old != null) {
                        write(old);
                    }
                    write(update.row());
                });
            }
            case Change.Delete delete -> write(DELETE, () -> write(delete.old()));
            case Change.Truncate _ -> write(TRUNCATE, () -> {});
            case Change.Relation relation -> write(RELATION, () -> writeBlock(RelationBytes.write(relation)));
            case Change.Begin _, Change.Commit _, Change.Message _, Change.Progress _ ->
                throw new IllegalArgumentException("no row change: " + change);
        }
    }

    /// The mirror's definition changed here.
    void append(int generation, String definition) {
        write(DEFINITION, () -> {
            out.writeInt(generation);
            writeBlock(definition.getBytes(StandardCharsets.UTF_8));
        });
    }

    /// Makes everything appended so far replayable and returns its end.
    long mark() {
        try {
            out.flush();
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long remaining() {
        return mark() - replayed;
    }

    /// Lets the next replay start from the first change again, for a copy that is begun anew.
    void rewind() {
        replayed = 0;
    }

    /// What a replay calls: `begin` for each transaction's id, then its changes.
    interface Replay {
        void begin(int xid);

        void change(Change change);

        void relation(Change.Relation relation);

        void definition(int generation, String definition);
    }

    /// Replays everything between the last replay's end and `end`.
    void replay(int relation, long end, Replay replay) {
        try (DataInputStream in =
                new DataInputStream(new java.io.BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            in.skipNBytes(replayed);
            Counter position = new Counter(replayed);
            while (position.value < end) {
                readOne(in, relation, position, replay);
            }
            Check.that(position.value == end, "a queued change is cut at %d of %d", position.value, end);
            replayed = end;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readOne(DataInputStream in, int relation, Counter position, Replay replay) throws IOException {
        int kind = in.read();
        position.value++;
        switch (kind) {
            case BEGIN -> {
                position.value += 4;
                replay.begin(in.readInt());
            }
            case INSERT -> replay.change(new Change.Insert(relation, readTuple(in, position)));
            case UPDATE -> replay.change(new Change.Update(relation, null, readTuple(in, position)));
            case UPDATE_WITH_OLD -> {
                Tuple old = readTuple(in, position);
                replay.change(new Change.Update(relation, old, readTuple(in, position)));
            }
            case DELETE -> replay.change(new Change.Delete(relation, readTuple(in, position)));
            case TRUNCATE -> replay.change(new Change.Truncate(java.util.List.of(relation)));
            case RELATION -> replay.relation(RelationBytes.read(relation, readBlock(in, position)));
            case DEFINITION -> {
                int generation = in.readInt();
                position.value += 4;
                replay.definition(generation, new String(readBlock(in, position), StandardCharsets.UTF_8));
            }
            case -1 -> throw new EOFException("queued changes end early");
            default -> throw new IOException("unknown queued change " + kind);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Write {
        void run() throws IOException;
    }

    private void write(int kind, Write body) {
        try {
            out.writeByte(kind);
            body.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeBlock(byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBlock(DataInputStream in, Counter position) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        position.value += 4 + bytes.length;
        return bytes;
    }

    private void write(Tuple tuple) throws IOException {
        out.writeShort(tuple.width());
        for (int i = 0; i < tuple.width(); i++) {
            out.writeInt(tuple.length(i));
            if (tuple.length(i) > 0) {
                out.write(tuple.bytes(), tuple.offset(i), tuple.length(i));
            }
        }
    }

    private static Tuple readTuple(DataInputStream in, Counter position) throws IOException {
        int width = in.readUnsignedShort();
        int[] offsets = new int[width];
        int[] lengths = new int[width];
        byte[] bytes = new byte[256];
        int used = 0;
        for (int i = 0; i < width; i++) {
            int length = in.readInt();
            lengths[i] = length;
            offsets[i] = used;
            if (length > 0) {
                if (used + length > bytes.length) {
                    bytes = java.util.Arrays.copyOf(bytes, Math.max(bytes.length * 2, used + length));
                }
                in.readFully(bytes, used, length);
                used += length;
            }
        }
        position.value += 2 + 4L * width + used;
        return new Tuple(bytes, offsets, lengths, width);
    }

    private static final class Counter {
        private long value;

        private Counter(long value) {
            this.value = value;
        }
    }
}
