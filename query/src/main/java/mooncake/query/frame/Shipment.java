package mooncake.query.frame;

import java.util.List;

/// The columns of rows that a backend ships with a query: a table of Postgres' own, of which it sends what the query
/// needs.
public record Shipment(List<Column> columns) {
    public Shipment {
        columns = List.copyOf(columns);
    }

    /// A column of a shipment.
    ///
    /// @param attribute its attribute number in the table; 0 for the one column of rows that only count
    /// @param type below domains
    public record Column(int attribute, int type, int typmod, Kind kind) {}
}
