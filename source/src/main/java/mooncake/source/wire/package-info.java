/// Postgres' frontend protocol, as much of it as copying and replication need.
///
/// In: an [mooncake.source.Endpoint]. Out: an authenticated [mooncake.source.wire.ServerConnection] that runs simple
/// queries and reads copy data in place. One thread reads a connection; any thread may write copy data (writes are
/// serialised) or close it. Invariant: a payload handed out lies in the receive buffer and stays valid until the next
/// message is asked for.
@NullMarked
package mooncake.source.wire;

import org.jspecify.annotations.NullMarked;
