package mooncake.query.translate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import mooncake.model.ColumnRange;
import mooncake.model.ColumnType;
import mooncake.query.exact.TimeZones;
import mooncake.query.frame.Value;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// What one translation shares: the request, names given out, mirrors met.
final class Context {
    /// Surrounds a mirror's number in unfinished SQL; literals never hold it.
    static final String MARK = "\u0001";

    /// Stands before the number of a shipment between two marks.
    static final String SHIPPED = "s";

    private final List<Value> values;
    private final Session session;
    private final Collations collations;
    private final boolean allNumericsFree;
    private final MirrorTypes mirrorTypes;
    private final MirrorTypes shippedTypes;
    private final Types types;
    private final List<Use> uses = new ArrayList<>();
    private final Map<String, String> constants = new HashMap<>();
    private int names;
    private int outerUses;
    private boolean mayRefuse;

    private record Use(int relation, SortedSet<Integer> columns, List<ColumnRange> ranges) {}

    Context(List<Value> values, Translator.Settings settings) {
        this.values = values;
        this.session = Session.parse(settings.session());
        this.collations = new Collations(settings.collations());
        this.allNumericsFree = settings.allNumericsFree();
        this.mirrorTypes = settings.types();
        this.shippedTypes = settings.shippedTypes();
        this.types = new Types(settings.userTypes());
    }

    Collations collations() {
        return collations;
    }

    boolean allNumericsFree() {
        return allNumericsFree;
    }

    Value value(int number) {
        if (number < 1 || number > values.size()) {
            throw Refusal.because("Parameter %d is not among the %d values.", number, values.size());
        }
        return values.get(number - 1);
    }

    Scalar literal(Value value) {
        String text = value.text();
        if (text != null) {
            distinguish(value.type(), text);
        }
        Form form = value.type() == Oids.NUMERIC ? new Form.Free() : types.form(value.type(), value.typmod());
        Scalar scalar = form instanceof Form.Document document
                ? DocumentLiterals.of(value, document)
                : Literals.of(value, allNumericsFree);
        return value.error() == null ? scalar : Literals.failed(value.error(), scalar.form());
    }

    Types types() {
        return types;
    }

    /// The form of a type's values where nothing more is known than its modifier.
    Form form(int type, int typmod) {
        return types.form(type, typmod);
    }

    /// DuckDB takes expressions for the same when their constants are equal. So constants that are equal but not the
    /// same, one month and 30 days, or 0 and -0, must not meet in one query.
    private void distinguish(int type, String text) {
        String equal = switch (type) {
            case Oids.INTERVAL -> "interval " + DateTimes.parseInterval(text).size();
            case Oids.FLOAT4, Oids.FLOAT8 -> "float " + (Double.parseDouble(text) + 0.0);
            default -> "";
        };
        if (equal.isEmpty()) {
            return;
        }
        String same = type == Oids.INTERVAL
                ? DateTimes.parseInterval(text).toString()
                : Double.toString(Double.parseDouble(text));
        String known = constants.putIfAbsent(equal, same);
        if (known != null && !known.equals(same)) {
            throw Refusal.because("Two constants are equal without being the same.");
        }
    }

    /// The session's time zone as a literal.
    String zoneLiteral() {
        if (!TimeZones.isKnown(session.timeZone())) {
            throw Refusal.because("Time zone %s is not among the server's files.", session.timeZone());
        }
        return Literals.text(session.timeZone());
    }

    /// Counts a column of an outer query being used.
    void useOuter() {
        outerUses++;
    }

    int outerUses() {
        return outerUses;
    }

    Session session() {
        return session;
    }

    /// The major version of the asking server.
    int major() {
        return session.major();
    }

    /// A name that no other part of the SQL has.
    String name(String prefix) {
        return prefix + ++names;
    }

    int addMirror(int relation) {
        uses.add(new Use(relation, new TreeSet<>(), new ArrayList<>()));
        return uses.size() - 1;
    }

    /// Notes that a value which is not known yet may be none that DuckDB computes exactly.
    void noteLateRefusal() {
        mayRefuse = true;
    }

    boolean mayRefuse() {
        return mayRefuse;
    }

    private void noteColumn(Expr.Var column) {
        mayRefuse |= column.type() == Oids.INTERVAL && LateRefusals.hasInfiniteIntervals(major());
    }

    /// How a column is kept, empty when neither the mirror nor the type is known.
    Optional<ColumnType> columnType(int mirror, Expr.Var column) {
        noteColumn(column);
        return mirrorTypes
                .find(uses.get(mirror).relation(), column.attribute())
                .or(() -> ColumnType.of(column.type(), column.typmod()))
                .or(() -> ColumnType.of(types.base(column.type()), -1));
    }

    /// How a column of shipped rows is kept.
    Optional<ColumnType> shippedType(int shipment, Expr.Var column) {
        noteColumn(column);
        return shippedTypes.find(shipment, column.attribute());
    }

    void useColumn(int mirror, int attribute) {
        uses.get(mirror).columns().add(attribute);
    }

    /// Notes that only rows of a mirror with a column's value in the range are needed.
    void need(int mirror, ColumnRange range) {
        uses.get(mirror).ranges().add(range);
    }

    List<Translation.MirrorUse> mirrors() {
        return uses.stream()
                .map(use -> new Translation.MirrorUse(use.relation(), List.copyOf(use.columns()), use.ranges()))
                .toList();
    }
}
