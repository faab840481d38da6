package mooncake.benchmarks.read;

/// One query of a race.
///
/// @param sql its text for Postgres, on heap tables and on mirrors
/// @param bare its text for DuckDB by itself
record RaceQuery(String name, String sql, String bare) {}
