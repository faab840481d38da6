/// `./mooncake bench write`: what following the log costs and how fast it goes, each as a ratio to a baseline of the
/// same run.
///
/// In: a private server. Out: one table of figures with the machine they were measured on. One thread measures at a
/// time; the programs that make load are Postgres' own.
@NullMarked
package mooncake.benchmarks.write;

import org.jspecify.annotations.NullMarked;
