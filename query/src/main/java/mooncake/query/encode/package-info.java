/// Results of DuckDB as batches for a backend: in come vectors, out go the bytes of Datums as Postgres holds them.
///
/// Used by the one thread that answers a request. What is delivered has exactly the type that Postgres announced: a
/// value that does not fit it is an error, never a guess.
@NullMarked
package mooncake.query.encode;

import org.jspecify.annotations.NullMarked;
