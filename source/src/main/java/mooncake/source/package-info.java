/// Where a Postgres server is and how to reach it: endpoints, connection strings, pass files, sockets for pgjdbc.
///
/// In: a conninfo string. Out: [mooncake.source.Endpoint], which the wire protocol and JDBC open connections from.
/// Everything here is immutable or owned by the thread that opened it, except that a socket may be closed by any
/// thread. Invariant: no text made here, error or log, holds a password.
@NullMarked
package mooncake.source;

import org.jspecify.annotations.NullMarked;
