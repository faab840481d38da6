/// Row filters: a boolean expression over the source's columns, read from its SQL text and evaluated
/// for rows of the log with Postgres' meaning. What is not certain to mean the same here is refused
/// when the filter is read.
@NullMarked
package mooncake.mirror.filter;

import org.jspecify.annotations.NullMarked;
