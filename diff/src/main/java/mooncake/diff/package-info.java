/// `./mooncake diff`: the same queries on tables and on their mirrors, compared row by row. `Sides` has the sessions,
/// `Judge` decides whether two answers are the same, each `DiffPart` brings queries, `Tally` counts.
@NullMarked
package mooncake.diff;

import org.jspecify.annotations.NullMarked;
