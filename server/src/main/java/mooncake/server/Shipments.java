package mooncake.server;

import java.util.ArrayList;
import java.util.List;
import mooncake.duckdb.DuckConnection;
import mooncake.duckdb.DuckDb;
import mooncake.model.ErrorCode;
import mooncake.model.Limits;
import mooncake.model.MemoryBudget;
import mooncake.model.MooncakeException;
import mooncake.model.TableSchema;
import mooncake.query.frame.Request;
import mooncake.query.frame.Shipment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a backend ships for one query.
final class Shipments {
    private static final Logger log = LoggerFactory.getLogger(Shipments.class);

    private final List<ShippedTable> tables = new ArrayList<>();

    /// @param schemas what is expected of each
    Shipments(DuckDb duckDb, DuckConnection connection, List<Shipment> shipments, List<TableSchema> schemas) {
        MemoryBudget budget = new MemoryBudget(Limits.FRAME_BYTES_MAX);
        for (int i = 0; i < shipments.size(); i++) {
            tables.add(new ShippedTable(duckDb, connection, budget, shipments.get(i), schemas.get(i), "shipped_" + i));
        }
    }

    /// Takes in frames until all shipments are complete.
    void receive(ActiveRequest active) throws InterruptedException {
        Wait wait = Wait.of(0, active::isCancelled);
        int open = tables.size();
        while (open > 0) {
            wait.checkCancelled();
            Request.Ship frame = active.shipped().take(wait);
            if (frame.shipment() < 0 || frame.shipment() >= tables.size()) {
                throw new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, "rows of an unknown shipment");
            }
            ShippedTable table = tables.get(frame.shipment());
            table.append(frame.rows());
            open -= table.isComplete() ? 1 : 0;
        }
    }

    /// How the rows that came are kept.
    List<TableSchema> schemas() {
        return tables.stream().map(ShippedTable::schema).toList();
    }

    String select(int shipment) {
        return tables.get(shipment).select();
    }

    /// Drops all rows; false when that failed and the connection still has some of them.
    boolean end() {
        boolean dropped = true;
        for (ShippedTable table : tables) {
            try {
                table.close();
            } catch (MooncakeException e) {
                log.warn("event=shipment-not-dropped", e);
                dropped = false;
            }
        }
        return dropped;
    }
}
