package mooncake.chaos;

/// Parts of the workload that can be left out, to narrow down what a difference comes from.
enum Feature {
    /// A table without a key, with duplicates.
    NO_KEY,
    /// A partitioned table with rows that move.
    PARTITIONS,
    /// Columns added, dropped, renamed and changed; tables renamed.
    DDL,
    /// Mirrors dropped and created under load.
    MIRRORS,
    PREPARED,
    TRUNCATE,
    SAVEPOINTS,
    /// Transactions of a hundred thousand rows.
    LARGE,
    /// Types that are kept as text.
    TEXT_TYPES
}
