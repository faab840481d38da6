/// `./mooncake chaos`: a random workload on mirrored tables, faults at random moments, and full comparisons.
///
/// In: a private Postgres with the extensions, a seed and a time. Out: how many faults there were, how long each
/// recovery took, and either no difference at all or the first one. Writers, the one that alters tables and the
/// observer have a thread each; faults and comparisons are the main thread's. What the threads do follows from the
/// seed; how they interleave does not. Only processes of its own server are ever signalled.
@NullMarked
package mooncake.chaos;

import org.jspecify.annotations.NullMarked;
