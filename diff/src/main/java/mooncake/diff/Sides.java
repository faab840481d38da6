package mooncake.diff;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Sessions on the tables, on their mirrors, and on the tables in another order with other plans, which tells whether
/// SQL determines an answer at all.
record Sides(Session heap, Session mirror, Session other) implements AutoCloseable {
    private static final List<String> SETTINGS =
            List.of("SET jit = off", "SET statement_timeout = '60s'", "SET client_min_messages = error");
    private static final List<String> OTHER_PLANS =
            List.of("SET enable_hashagg = off", "SET enable_hashjoin = off", "SET enable_indexscan = off");

    /// @param settings of all three sessions
    /// @param shared schemas in which all of them look last
    static Sides open(Place place, List<String> settings, String... shared) throws SQLException {
        Session heap = session(place, settings, List.of(place.heap()), shared);
        Session mirror = session(place, settings, List.of(place.mirror(), place.heap()), shared);
        List<String> otherSettings = new ArrayList<>(settings);
        otherSettings.addAll(OTHER_PLANS);
        Session other = session(place, otherSettings, List.of(place.other(), place.heap()), shared);
        return new Sides(heap, mirror, other);
    }

    private static Session session(Place place, List<String> settings, List<String> schemas, String... shared)
            throws SQLException {
        List<String> all = new ArrayList<>(SETTINGS);
        all.addAll(settings);
        List<String> path = new ArrayList<>(schemas);
        path.addAll(List.of(shared));
        all.add("SET search_path = " + String.join(", ", path));
        return new Session(place.server()::connect, all);
    }

    @Override
    public void close() throws SQLException {
        heap.close();
        mirror.close();
        other.close();
    }
}
