package mooncake.diff;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Sessions on the tables, on their mirrors, and on the tables in another order with other plans, which tells whether
/// SQL determines an answer at all.
record Sides(Session heap, Session mirror, Session other) implements AutoCloseable {
    private static final List<String> SETTINGS =
            List.of("SET jit = off", "SET statement_timeout = '60s'", "SET client_min_messages = debug1");
    private static final List<String> OTHER_PLANS =
            List.of("SET enable_hashagg = off", "SET enable_hashjoin = off", "SET enable_indexscan = off");

    /// @param settings of all three sessions
    /// @param bases where all of them look last
    static Sides open(Place place, List<String> settings, Place... bases) throws SQLException {
        List<String> heaps = new ArrayList<>(List.of(place.heap()));
        List<String> mirrors = new ArrayList<>(List.of(place.mirror()));
        List<String> others = new ArrayList<>(List.of(place.other()));
        for (Place base : bases) {
            heaps.add(base.heap());
            mirrors.add(base.mirror());
            others.add(base.other());
        }
        mirrors.addAll(heaps);
        others.addAll(heaps);
        List<String> otherSettings = new ArrayList<>(settings);
        otherSettings.addAll(OTHER_PLANS);
        return new Sides(
                session(place, settings, heaps),
                session(place, settings, mirrors),
                session(place, otherSettings, others));
    }

    private static Session session(Place place, List<String> settings, List<String> path) throws SQLException {
        List<String> all = new ArrayList<>(SETTINGS);
        all.addAll(settings);
        all.add("SET search_path = " + String.join(", ", path));
        return new Session(place.server()::connect, all);
    }

    /// Lets the other side plan as the heap does.
    void usualPlans() throws SQLException {
        for (String setting : OTHER_PLANS) {
            other.execute(setting.replace("= off", "= on"));
        }
    }

    void otherPlans() throws SQLException {
        for (String setting : OTHER_PLANS) {
            other.execute(setting);
        }
    }

    @Override
    public void close() throws SQLException {
        heap.close();
        mirror.close();
        other.close();
    }
}
