package mooncake.query.frame;

/// What one column of the delivered rows must hold: a Postgres type and the [Kind] of its bytes in a batch.
public record Target(int type, int typmod, Kind kind) {}
