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
import org.jspecify.annotations.Nullable;

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

    private static final int BUFFER_BYTES = 1 << 14;

    private final Path directory;
    private @Nullable Open open;
    private long replayed;

    /// The file, made for the first change: mirrors that wait for their copy cost nothing.
    private record Open(Path file, DataOutputStream out) {}

    ChangeQueue(Path directory) {
        this.directory = directory;
    }

    private Open open() throws IOException {
        Open known = open;
        if (known == null) {
            Path file = Files.createTempFile(directory, "changes", ".queue");
            known = new Open(
                    file, new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES)));
            open = known;
        }
        return known;
    }

    void begin(int xid) {
        write(BEGIN, out -> out.writeInt(xid));
    }

    void append(Change change) {
        switch (change) {
            case Change.Insert insert -> write(INSERT, out -> write(out, insert.row()));
            case Change.Update update -> {
                Tuple old = update.old();
                write(old == null ? UPDATE : UPDATE_WITH_OLD, out -> {
                    if (old != null) {
                        write(out, old);
                    }
                    write(out, update.row());
                });
            }
            case Change.Delete delete -> write(DELETE, out -> write(out, delete.old()));
            case Change.Truncate _ -> write(TRUNCATE, _ -> {});
            case Change.Relation relation -> write(RELATION, out -> writeBlock(out, RelationBytes.write(relation)));
            case Change.Begin _, Change.Commit _, Change.Message _, Change.Progress _ ->
                throw new IllegalArgumentException("no row change: " + change);
        }
    }

    /// The mirror's definition changed here.
    void append(int generation, String definition) {
        write(DEFINITION, out -> {
            out.writeInt(generation);
            writeBlock(out, definition.getBytes(StandardCharsets.UTF_8));
        });
    }

    /// Makes everything appended so far replayable and returns its end.
    long mark() {
        Open known = open;
        if (known == null) {
            return 0;
        }
        try {
            known.out().flush();
            return Files.size(known.file());
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
        if (end == replayed) {
            return;
        }
        try (DataInputStream in =
                new DataInputStream(new java.io.BufferedInputStream(Files.newInputStream(open().file()), 1 << 16))) {
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
        Open known = open;
        if (known == null) {
            return;
        }
        open = null;
        try {
            known.out().close();
            Files.deleteIfExists(known.file());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Write {
        void to(DataOutputStream out) throws IOException;
    }

    private void write(int kind, Write body) {
        try {
            DataOutputStream out = open().out();
            out.writeByte(kind);
            body.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeBlock(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBlock(DataInputStream in, Counter position) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        position.value += 4 + bytes.length;
        return bytes;
    }

    private static void write(DataOutputStream out, Tuple tuple) throws IOException {
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
