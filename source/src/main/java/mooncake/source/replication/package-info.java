/// A logical slot and the stream of changes that comes out of it.
///
/// In: the name of a slot and of a publication. Out: [mooncake.model.Change]s in commit order, pulled one by one by the
/// one thread that owns the stream; a virtual thread of the stream's own sends what the server needs to hear.
/// Invariant: no LSN leaves here, to the engine or to the server, that passes a change which was not delivered.
@NullMarked
package mooncake.source.replication;

import org.jspecify.annotations.NullMarked;
