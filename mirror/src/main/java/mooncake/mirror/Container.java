package mooncake.mirror;

/// What a location's container number stands for: rows in memory or, after they were written, their part of a file.
/// The index keeps its locations when the one turns into the other.
sealed interface Container permits MemoryBatch, FileSlice {
    /// Marks a row deleted; false when it was deleted before.
    boolean delete(int row);
}
