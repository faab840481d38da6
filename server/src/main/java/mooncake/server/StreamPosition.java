package mooncake.server;

import mooncake.model.Lsn;

/// Where the applier of one database stands; written by the applier under the database's lock.
final class StreamPosition {
    private int xid;
    private Lsn commitLsn = Lsn.NONE;
    private boolean inTransaction;
    private volatile Lsn applied = Lsn.NONE;

    void begin(int newXid, Lsn newCommitLsn) {
        xid = newXid;
        commitLsn = newCommitLsn;
        inTransaction = true;
    }

    void commit(Lsn end) {
        inTransaction = false;
        applied = Lsn.max(applied, end);
    }

    void progress(Lsn lsn) {
        applied = Lsn.max(applied, lsn);
    }

    /// The connection broke: the transaction in progress will be sent again from its start.
    void abandonTransaction() {
        inTransaction = false;
    }

    int xid() {
        return xid;
    }

    /// Start of the commit record of the transaction being applied.
    Lsn commitLsn() {
        return commitLsn;
    }

    boolean inTransaction() {
        return inTransaction;
    }

    /// Every transaction that ended before this is applied.
    Lsn applied() {
        return applied;
    }
}
