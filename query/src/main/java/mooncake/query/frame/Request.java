package mooncake.query.frame;

import java.util.List;
import mooncake.model.Lsn;

/// What a backend asks. Each request is answered by any number of batches and exactly one other [Reply].
///
/// Timeouts are milliseconds, 0 for none; pin 0 lets the engine pin a snapshot for this request alone.
public sealed interface Request {
    /// The first frame of a connection.
    ///
    /// @param collation the database's default collation: `C`, the name of its LC_COLLATE, or `icu:NAME`
    record Hello(int version, int backendPid, int database, String databaseName, String collation) implements Request {}

    /// May this query run whole in DuckDB?
    ///
    /// @param session the time zone and the settings that results depend on, one a line
    /// @param shipments tables whose rows the backend will ship
    record Plan(String session, String tree, List<Value> values, List<Target> targets, List<Shipment> shipments)
            implements Request {
        public Plan {
            values = List.copyOf(values);
            targets = List.copyOf(targets);
            shipments = List.copyOf(shipments);
        }
    }

    record Execute(
            long pin,
            Lsn target,
            int timeoutMillis,
            String session,
            String tree,
            List<Value> values,
            List<Target> targets,
            List<Shipment> shipments)
            implements Request {
        public Execute {
            values = List.copyOf(values);
            targets = List.copyOf(targets);
            shipments = List.copyOf(shipments);
        }
    }

    /// Rows of a shipment of the EXECUTE with the same number, which is answered for all of them; no rows end it.
    ///
    /// @param shipment its position among the shipments
    record Ship(int shipment, BatchReader rows) implements Request {}

    /// Rows of one mirror in no order.
    ///
    /// @param columns attribute numbers; none asks for row counts only
    record Scan(long pin, Lsn target, int timeoutMillis, int mirror, List<Integer> columns, List<Target> targets)
            implements Request {
        public Scan {
            columns = List.copyOf(columns);
            targets = List.copyOf(targets);
        }
    }

    /// Waits for the LSN and pins one snapshot.
    ///
    /// @param mirrors OIDs of the mirrors that must be readable in the snapshot
    record Pin(Lsn target, int timeoutMillis, List<Integer> mirrors) implements Request {
        public Pin {
            mirrors = List.copyOf(mirrors);
        }
    }

    record Unpin(long pin) implements Request {}

    record Snapshot(int mirror, Lsn lsn, int timeoutMillis) implements Request {}

    record Status() implements Request {}

    record Wake() implements Request {}

    /// What would a mirror of a table of another server be?
    ///
    /// @param table its name as the other server understands it
    /// @param config `table_config`, empty for none
    record Describe(String uri, String table, String config) implements Request {}
}
