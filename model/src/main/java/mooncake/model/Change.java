package mooncake.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the log says happened, in commit order: [Begin], row changes, [Commit]; [Progress] stands between transactions.
public sealed interface Change {
    /// A committed transaction's changes follow. `xid` is the 32-bit transaction id.
    record Begin(int xid, Lsn commitLsn) implements Change {}

    /// The transaction is complete. `end` is the LSN that reads wait for and that a slot may be advanced to.
    record Commit(Lsn commitLsn, Lsn end, long commitMicros) implements Change {}

    /// Sent before the first change of a relation and again whenever its definition changed.
    record Relation(int oid, String schema, String name, char replicaIdentity, List<RelationColumn> columns)
            implements Change {}

    record RelationColumn(String name, int typeOid, int typmod, boolean key) {}

    record Insert(int relation, Tuple row) implements Change {}

    /// `old` is null when the key did not change; else the old key columns (all others null) or, with
    /// `REPLICA IDENTITY FULL`, the whole old row.
    record Update(int relation, @Nullable Tuple old, Tuple row) implements Change {}

    record Delete(int relation, Tuple old) implements Change {}

    record Truncate(List<Integer> relations) implements Change {}

    /// A transactional message written with `pg_logical_emit_message`.
    record Message(String prefix, String content) implements Change {}

    /// Everything before `lsn` has been received: the log held nothing more for this slot up to there.
    record Progress(Lsn lsn) implements Change {}
}
