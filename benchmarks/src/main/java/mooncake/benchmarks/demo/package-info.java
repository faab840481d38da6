/// The demonstration: what the product does, shown on a TPC-H database of one's own.
///
/// In: the command line. Out: lines for a person and an exit code. The main thread does everything but the live stream;
/// a shutdown hook ends what runs when Ctrl-C comes.
@NullMarked
package mooncake.benchmarks.demo;

import org.jspecify.annotations.NullMarked;
