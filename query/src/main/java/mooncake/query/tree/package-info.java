/// Postgres' analysed query as it prints it (`nodeToString`), read into sealed records.
///
/// In: the text of a tree of Postgres 15 to 18. Out: [mooncake.query.tree.Query] with its
/// [mooncake.query.tree.Expr]essions. Values only, no threads. Invariant: every field of every node is either
/// understood or has its default; anything else refuses the query.
@NullMarked
package mooncake.query.tree;

import org.jspecify.annotations.NullMarked;
