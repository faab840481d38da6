package mooncake.server;

import mooncake.model.MooncakeException;
import mooncake.source.copy.CopySnapshot;

/// Where a mirror stands.
///
/// ```
/// Copying ──► CatchingUp ──► Live
///    │             │           │
///    └─────────────┴───────────┼──► Failed        any ──► Dropped
///                              └──► Broken
/// ```
///
/// A mirror that is copied anew gets a new [MirrorPipeline] at that point of the log; the one before is dropped.
sealed interface MirrorState {
    /// The initial copy runs; changes of the source wait in the queue.
    record Copying(ChangeQueue queue) implements MirrorState {}

    /// The copy is in; transactions that its snapshot saw are skipped until the log has passed the
    /// snapshot.
    record CatchingUp(CopySnapshot snapshot) implements MirrorState {}

    /// Every transaction is applied; queries see the mirror.
    record Live() implements MirrorState {}

    /// A change could not be applied; the mirror is about to be copied anew and shows its last rows
    /// until then.
    record Broken(MooncakeException cause) implements MirrorState {}

    /// A change could not be applied: the mirror shows its error until it is resynced or dropped;
    /// others go on.
    record Failed(MooncakeException cause) implements MirrorState {}

    record Dropped() implements MirrorState {}

    default String label() {
        return switch (this) {
            case Copying _ -> "copying";
            case CatchingUp _ -> "catching up";
            case Live _ -> "live";
            case Broken _ -> "resync";
            case Failed _ -> "failed";
            case Dropped _ -> "dropped";
        };
    }
}
