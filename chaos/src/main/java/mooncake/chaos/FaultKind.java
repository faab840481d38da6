package mooncake.chaos;

/// What is done to the system, with how often it is chosen.
enum FaultKind {
    /// `kill -9` of the engine at a random moment.
    ENGINE_KILL(30),
    /// The same several times, each soon after the engine's start.
    ENGINE_KILL_STARTING(10),
    /// The same while a snapshot is being written.
    ENGINE_KILL_FLUSHING(20),
    /// The engine stands still for some seconds and goes on.
    ENGINE_PAUSE(5),
    /// `kill -9` of the background worker: Postgres restarts all its processes.
    SUPERVISOR_KILL(5),
    /// `kill -9` of an ordinary backend: the same.
    BACKEND_KILL(3),
    /// `kill -9` of the postmaster, then a start.
    POSTMASTER_KILL(6),
    /// Immediate shutdown, then a start.
    POSTGRES_IMMEDIATE(5),
    /// Fast shutdown, a while without Postgres, then a start.
    POSTGRES_DOWN(2),
    /// The replication connection is cut.
    CONNECTION_CUT(10),
    /// The sender of the log stands still for some seconds and goes on.
    SENDER_PAUSE(4),
    /// The slot is dropped.
    SLOT_DROP(4),
    /// The slot is invalidated by `max_slot_wal_keep_size`.
    SLOT_INVALIDATE(2),
    /// The warehouse's disk is full for some seconds.
    DISK_FULL(5),
    /// Storage calls fail for some seconds.
    STORAGE_ERRORS(8),
    /// Storage calls hang for some seconds.
    STORAGE_HANGS(4);

    private final int weight;

    FaultKind(int weight) {
        this.weight = weight;
    }

    int weight() {
        return weight;
    }
}
