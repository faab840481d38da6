/// Frames between a backend and the engine, as `docs/internals/protocol.md` defines them.
///
/// In: bytes of a socket. Out: [mooncake.query.frame.Request]s; and the other way round
/// [mooncake.query.frame.Reply]s and column batches. Each reader, writer and batch builder belongs to one thread, the
/// one that serves the connection. Invariant: nothing that exceeds a limit of the protocol is read or written.
@NullMarked
package mooncake.query.frame;

import org.jspecify.annotations.NullMarked;
