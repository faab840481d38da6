/// Measuring a whole line from Postgres' tables through mirrors to answers, each figure beside its baseline.
///
/// In: a private server with mirrors. Out: figures and whether all answers were equal. The caller's thread measures; a
/// live stream has a thread of its own and stands still whenever answers are compared.
@NullMarked
package mooncake.benchmarks;

import org.jspecify.annotations.NullMarked;
