package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import mooncake.model.ColumnRange;

/// What became of a query.
public sealed interface Translation {
    /// Left to Postgres' own executor; the reason is one sentence.
    record Refused(String reason) implements Translation {}

    /// SQL whose tables are still to be filled in.
    ///
    /// @param countOf the mirror whose rows alone are counted, so that the answer can come from metadata
    /// @param mayRefuse whether values may be met, while it runs, that only Postgres computes exactly
    record Pushed(List<Part> parts, List<MirrorUse> mirrors, OptionalInt countOf, boolean mayRefuse)
            implements Translation {
        public Pushed {
            parts = List.copyOf(parts);
            mirrors = List.copyOf(mirrors);
        }

        /// The SQL to run.
        public String render(MirrorSource source) {
            StringBuilder sql = new StringBuilder();
            for (Part part : parts) {
                switch (part) {
                    case Part.Text(String text) -> sql.append(text);
                    case Part.Shipped(int shipment) ->
                        sql.append('(').append(source.shipped(shipment)).append(')');
                    case Part.Mirror(int use) ->
                        sql.append('(').append(source.select(mirrors.get(use))).append(')');
                }
            }
            return sql.toString();
        }

        /// The SQL to show, with `mirror(OID)` for the mirrors and `shipment(NUMBER)` for what is shipped.
        public String explain() {
            StringBuilder sql = new StringBuilder();
            for (Part part : parts) {
                switch (part) {
                    case Part.Text(String text) -> sql.append(text);
                    case Part.Shipped(int shipment) ->
                        sql.append("shipment(").append(shipment).append(')');
                    case Part.Mirror(int use) ->
                        sql.append("mirror(")
                                .append(Integer.toUnsignedString(
                                        mirrors.get(use).relation()))
                                .append(')');
                }
            }
            return sql.toString();
        }
    }

    /// Gives the sub-SELECT for one use of a mirror: its rows with columns named `c` and the attribute number, at
    /// least those the use asks for (none are asked for when only rows count).
    interface MirrorSource {
        String select(MirrorUse use);

        /// The same for rows that are shipped with the query: all their columns, or one that is named `c0`.
        default String shipped(int shipment) {
            throw new IllegalStateException("shipment " + shipment + " of a query that nothing is shipped with");
        }
    }

    /// A mirror in FROM.
    ///
    /// @param relation the mirror's OID
    /// @param columns the attribute numbers that the query reads, ascending
    /// @param ranges what the query's conditions say of columns: rows outside of any of them are not needed
    record MirrorUse(int relation, List<Integer> columns, List<ColumnRange> ranges) {
        public MirrorUse {
            columns = List.copyOf(columns);
            ranges = List.copyOf(ranges);
        }

        public MirrorUse(int relation, List<Integer> columns) {
            this(relation, columns, List.of());
        }
    }

    /// A piece of the SQL.
    sealed interface Part {
        record Text(String text) implements Part {}

        /// The place of a use of a mirror, by its position.
        record Mirror(int use) implements Part {}

        /// The place of a shipment, by its position in the request.
        record Shipped(int shipment) implements Part {}

        /// Cuts SQL at its marks.
        static List<Part> split(String sql) {
            List<Part> parts = new ArrayList<>();
            String[] pieces = sql.split(Context.MARK, -1);
            for (int i = 0; i < pieces.length; i++) {
                parts.add(i % 2 == 0 ? new Text(pieces[i]) : marked(pieces[i]));
            }
            return parts;
        }

        private static Part marked(String mark) {
            return mark.startsWith(Context.SHIPPED)
                    ? new Shipped(Integer.parseInt(mark.substring(Context.SHIPPED.length())))
                    : new Mirror(Integer.parseInt(mark));
        }
    }
}
