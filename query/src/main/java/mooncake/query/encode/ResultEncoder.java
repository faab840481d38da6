package mooncake.query.encode;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import mooncake.duckdb.DuckChunk;
import mooncake.duckdb.DuckType;
import mooncake.duckdb.DuckVector;
import mooncake.model.Check;
import mooncake.model.Limits;
import mooncake.query.frame.BatchBuilder;
import mooncake.query.frame.Kind;
import mooncake.query.frame.Target;
import mooncake.query.tree.Oids;

/// Turns the chunks of one result into batches of the announced targets.
public final class ResultEncoder {
    private static final int FLOAT4 = 700;
    private static final int FLOAT8 = 701;
    private static final int DATE = 1082;
    private static final int TIME = 1083;
    private static final int TIMESTAMP = 1114;
    private static final int TIMESTAMPTZ = 1184;
    private static final int NUMERIC = 1700;

    private final List<ColumnEncoder> columns = new ArrayList<>();

    public ResultEncoder(List<Target> targets, List<DuckType> types) {
        Check.that(targets.size() == types.size(), "%d columns for %d targets", types.size(), targets.size());
        for (int i = 0; i < targets.size(); i++) {
            columns.add(encoder(targets.get(i), types.get(i)));
        }
    }

    private static ColumnEncoder encoder(Target target, DuckType type) {
        return switch (target.kind()) {
            case BYTES_1 -> target.type() == Oids.CHAR ? TextualEncoders.singleBytes(type) : FixedEncoders.copy(1);
            case BYTES_2 -> FixedEncoders.shorts(type);
            case BYTES_4 ->
                switch (target.type()) {
                    case FLOAT4 -> FixedEncoders.floats(type);
                    case DATE -> FixedEncoders.dates(type);
                    default ->
                        Oids.isReference(target.type()) ? FixedEncoders.references(type) : FixedEncoders.ints(type);
                };
            case BYTES_8 ->
                switch (target.type()) {
                    case FLOAT8 -> FixedEncoders.doubles(type);
                    case TIME -> FixedEncoders.copy(8);
                    case TIMESTAMP, TIMESTAMPTZ ->
                        type.id() == DuckType.Id.VARCHAR
                                ? TextualEncoders.timestamps()
                                : FixedEncoders.timestamps(type);
                    default -> FixedEncoders.longs(type);
                };
            case BYTES_16 -> FixedEncoders.uuids(type);
            case VARLENA -> target.type() == NUMERIC ? new NumericEncoder(type) : new TextEncoder(type);
            case CSTRING, RECEIVE -> new TextEncoder(type);
        };
    }

    /// Sends a full batch and empties it.
    public interface Sink<E extends Exception> {
        void send(BatchBuilder batch) throws E;
    }

    /// Appends all rows of the chunk, sending batches as they become full.
    public <E extends Exception> void append(DuckChunk chunk, BatchBuilder batch, Sink<E> sink) throws E {
        int step = step(chunk);
        for (int from = 0; from < chunk.rows(); ) {
            int count = Math.min(Math.min(step, chunk.rows() - from), Limits.FRAME_ROWS_MAX - batch.rows());
            int firstRow = batch.rows();
            for (int i = 0; i < columns.size(); i++) {
                columns.get(i).append(chunk.vector(i), from, count, batch.column(i), firstRow);
            }
            batch.endRows(count);
            from += count;
            if (batch.isFull()) {
                sink.send(batch);
            }
        }
    }

    /// Rows to append between two looks at the batch's size, so that long values do not make a frame grow far past
    /// its target.
    private static int step(DuckChunk chunk) {
        long bytes = 0;
        for (int i = 0; i < chunk.columnCount(); i++) {
            DuckVector vector = chunk.vector(i);
            if (vector.type().id() == DuckType.Id.VARCHAR || vector.type().id() == DuckType.Id.BLOB) {
                for (int row = 0; row < chunk.rows(); row++) {
                    bytes += vector.isValid(row) ? vector.stringLength(row) : 0;
                }
            }
        }
        long step = bytes <= Limits.FRAME_BYTES_TARGET
                ? chunk.rows()
                : chunk.rows() * (long) Limits.FRAME_BYTES_TARGET / bytes;
        return (int) Math.max(1, step);
    }

    /// The kinds of a batch for these targets. What DuckDB has as bytes and the backend expects as text is in its
    /// type's send format.
    public static List<Kind> kinds(List<Target> targets, List<DuckType> types) {
        return IntStream.range(0, targets.size())
                .mapToObj(i -> {
                    Kind kind = targets.get(i).kind();
                    return kind == Kind.CSTRING && types.get(i).id() == DuckType.Id.BLOB ? Kind.RECEIVE : kind;
                })
                .toList();
    }
}
