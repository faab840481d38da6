package mooncake.source.replication;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mooncake.model.Change;
import mooncake.model.ErrorCode;
import mooncake.model.Limits;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.model.Tuple;
import org.jspecify.annotations.Nullable;

/// Turns pgoutput's messages (protocol version 2, streaming) into [Change]s in commit order. Strict: what it does not
/// know is an error.
///
/// What the server sends of a transaction in progress is kept as it is; once the transaction is committed, [#replay]
/// gives its changes as if they had only then been sent.
final class PgoutputDecoder {
    /// Microseconds from 1970-01-01 to 2000-01-01.
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

    private static final int KEY_FLAG = 1;
    private static final int TRANSACTIONAL_FLAG = 1;

    private final MessageReader in = new MessageReader();
    private final TupleReader oldTuple = new TupleReader();
    private final TupleReader newTuple = new TupleReader();
    private final Set<Integer> relations = new HashSet<>();
    private final StreamedTransactions streamed;
    private @Nullable Replay replay;
    private boolean inTransaction;
    private Lsn commitLsn = Lsn.NONE;

    /// A streamed transaction that was committed and is handed out now.
    private record Replay(StagedTransaction transaction, StagedReader reader, Change.Commit commit) {}

    PgoutputDecoder(StreamedTransactions streamed) {
        this.streamed = streamed;
    }

    /// Whether the server's next message belongs to something that is not complete yet.
    boolean inTransaction() {
        return inTransaction || streamed.inBlock();
    }

    /// Whether the next change comes from [#replay] and not from the server.
    boolean isReplaying() {
        return replay != null;
    }

    /// Null for a message that means nothing to a mirror.
    @Nullable
    Change decode(byte[] bytes, int from, int to) {
        in.reset(bytes, from, to);
        byte type = in.int8();
        if (streamed.inBlock()) {
            keep(type, bytes, from, to);
            return null;
        }
        Change change = switch (type) {
            case 'B' -> begin();
            case 'C' -> commit();
            case 'Y' -> type();
            case 'O' -> origin();
            case 'S' -> streamStart();
            case 'c' -> streamCommit();
            case 'A' -> streamAbort();
            default -> content(type);
        };
        in.expectEnd();
        return change;
    }

    private Change content(byte type) {
        return switch (type) {
            case 'I' -> insert();
            case 'U' -> update();
            case 'D' -> delete();
            case 'R' -> described();
            case 'T' -> truncate();
            case 'M' -> message();
            default -> throw violation("unknown message '" + (char) type + "'");
        };
    }

    /// A message inside of a block.
    private void keep(byte type, byte[] bytes, int from, int to) {
        switch (type) {
            case 'I', 'U', 'D', 'R', 'T', 'M' -> streamed.add(bytes, from, to);
            case 'E' -> {
                streamed.stop();
                in.expectEnd();
            }
            case 'Y', 'O' -> {
                // Names of types and of origins mean nothing to a mirror.
            }
            default -> throw violation("unknown message '" + (char) type + "' in a block");
        }
    }

    private @Nullable Change streamStart() {
        mustBeOutside();
        int xid = in.int32();
        in.int8();
        streamed.start(xid);
        return null;
    }

    private @Nullable Change streamAbort() {
        mustBeOutside();
        int xid = in.int32();
        streamed.abort(xid, in.int32());
        return null;
    }

    private Change streamCommit() {
        mustBeOutside();
        int xid = in.int32();
        in.int8();
        commitLsn = new Lsn(in.int64());
        Lsn end = new Lsn(in.int64());
        Change.Commit commit = new Change.Commit(commitLsn, end, in.int64() + POSTGRES_EPOCH_MICROS);
        StagedTransaction transaction = streamed.commit(xid);
        replay = new Replay(transaction, new StagedReader(transaction), commit);
        inTransaction = true;
        return new Change.Begin(xid, commitLsn);
    }

    /// The next change of the streamed transaction that was committed, or its end.
    Change replay() {
        Replay current = replay;
        if (current == null) {
            throw violation("nothing to replay");
        }
        StagedReader reader = current.reader();
        if (!reader.next()) {
            streamed.release(current.transaction());
            replay = null;
            inTransaction = false;
            return current.commit();
        }
        in.reset(reader.bytes(), reader.start(), reader.end());
        byte type = in.int8();
        in.int32();
        Change change = content(type);
        in.expectEnd();
        return change;
    }

    private Change begin() {
        mustBeOutside();
        commitLsn = new Lsn(in.int64());
        in.int64();
        inTransaction = true;
        return new Change.Begin(in.int32(), commitLsn);
    }

    private Change commit() {
        mustBeInTransaction();
        in.int8();
        Lsn committed = new Lsn(in.int64());
        Lsn end = new Lsn(in.int64());
        long micros = in.int64() + POSTGRES_EPOCH_MICROS;
        if (!committed.equals(commitLsn)) {
            throw violation("a commit at " + committed + " of a transaction that began as " + commitLsn);
        }
        inTransaction = false;
        return new Change.Commit(committed, end, micros);
    }

    private Change insert() {
        int relation = knownRelation();
        expect('N');
        Tuple row = newTuple.read(in);
        return new Change.Insert(relation, row);
    }

    private Change update() {
        int relation = knownRelation();
        byte kind = in.int8();
        Tuple old = null;
        if (kind == 'K' || kind == 'O') {
            old = oldTuple.read(in);
            kind = in.int8();
        }
        if (kind != 'N') {
            throw violation("an update without its new row");
        }
        Tuple row = newTuple.read(in);
        return new Change.Update(relation, old, row);
    }

    private Change delete() {
        int relation = knownRelation();
        byte kind = in.int8();
        if (kind != 'K' && kind != 'O') {
            throw violation("a delete without its old row");
        }
        Tuple old = oldTuple.read(in);
        return new Change.Delete(relation, old);
    }

    private Change truncate() {
        mustBeInTransaction();
        int count = in.int32();
        in.int8();
        List<Integer> truncated = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            truncated.add(in.int32());
        }
        return new Change.Truncate(List.copyOf(truncated));
    }

    private Change described() {
        mustBeInTransaction();
        int oid = in.int32();
        String schema = in.string();
        String name = in.string();
        char replicaIdentity = (char) in.int8();
        int width = in.uint16();
        if (width > Limits.COLUMNS_MAX) {
            throw violation("a relation with " + width + " columns");
        }
        List<Change.RelationColumn> columns = new ArrayList<>(width);
        for (int i = 0; i < width; i++) {
            boolean key = (in.int8() & KEY_FLAG) != 0;
            columns.add(new Change.RelationColumn(in.string(), in.int32(), in.int32(), key));
        }
        Change.Relation defined = new Change.Relation(
                oid, schema.isEmpty() ? "pg_catalog" : schema, name, replicaIdentity, List.copyOf(columns));
        relations.add(oid);
        return defined;
    }

    /// A message outside a transaction says nothing but how far the log was read.
    private Change message() {
        boolean transactional = (in.int8() & TRANSACTIONAL_FLAG) != 0;
        Lsn lsn = new Lsn(in.int64());
        String prefix = in.string();
        int length = in.int32();
        if (!transactional && inTransaction) {
            throw violation("a message outside of transactions inside of one");
        }
        if (!transactional) {
            in.skip(length);
            return new Change.Progress(lsn);
        }
        mustBeInTransaction();
        return new Change.Message(prefix, in.text(length));
    }

    private @Nullable Change type() {
        in.int32();
        in.string();
        in.string();
        return null;
    }

    private @Nullable Change origin() {
        in.int64();
        in.string();
        return null;
    }

    private int knownRelation() {
        mustBeInTransaction();
        int relation = in.int32();
        if (!relations.contains(relation)) {
            throw violation("a row of relation " + relation + ", which was not described");
        }
        return relation;
    }

    private void mustBeOutside() {
        if (inTransaction) {
            throw violation("a transaction begins or ends inside another");
        }
    }

    private void mustBeInTransaction() {
        if (!inTransaction) {
            throw violation("a change outside of any transaction");
        }
    }

    private void expect(char kind) {
        if (in.int8() != kind) {
            throw violation("a row without its values");
        }
    }

    private static MooncakeException violation(String what) {
        return new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, "replication stream: " + what);
    }
}
