package mooncake.model;

/// A finished, synced Parquet file of a mirror; never changed after it was written.
///
/// @param path absolute path in the local file system
/// @param rows rows it holds, dead ones included
/// @param bytes its size
public record DataFile(String path, long rows, long bytes) {}
