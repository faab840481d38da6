/// Collations by the very libraries that Postgres asks: the C library's locales, and the ICU that the server has
/// loaded.
///
/// In: UTF-8 text and the name of a collation. Out: keys whose bytes order as Postgres orders, text in another case,
/// classes of characters. Everything here may be called by any thread.
///
/// Invariant: what a library does not know is refused when a query is translated, never replaced by something near.
@NullMarked
package mooncake.query.collate;

import org.jspecify.annotations.NullMarked;
