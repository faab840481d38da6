package mooncake.server;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mooncake.model.Change;
import mooncake.model.Check;
import mooncake.model.Tuple;

/// Changes of one source that arrive while its mirror is still being copied, kept in a file so that memory stays
/// bounded however long the copy takes.
///
/// One thread appends, one (other) thread replays what was appended before [#mark]. The file goes with [#close].
final class ChangeQueue implements AutoCloseable {
    private static final int BEGIN = 1;
    private static final int INSERT = 2;
    private static final int UPDATE = 3;
    private static final int UPDATE_WITH_OLD = 4;
    private static final int DELETE = 5;
    private static final int TRUNCATE = 6;

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
            case Change.Truncate truncate -> write(TRUNCATE, () -> {});
            case Change.Begin _, Change.Commit _, Change.Relation _, Change.Message _, Change.Progress _ ->
                throw new IllegalArgumentException("no row change: " + change);
        }
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
