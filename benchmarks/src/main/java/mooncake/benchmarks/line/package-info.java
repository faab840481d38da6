/// `./mooncake bench line`: the figures of the whole line, each as a ratio to a baseline of the same run.
///
/// In: a private server with TPC-H. Out: one table of figures with the machine they were measured on. One thread
/// measures at a time; the load beside it has a thread of its own.
@NullMarked
package mooncake.benchmarks.line;

import org.jspecify.annotations.NullMarked;
