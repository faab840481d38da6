package mooncake.duckdb;

import java.util.List;

/// Up to 2,048 rows of a result, one vector per column.
public final class DuckChunk {
    private final int rows;
    private final DuckVector[] vectors;

    DuckChunk(long chunk, int rows, List<DuckType> types) {
        this.rows = rows;
        this.vectors = new DuckVector[types.size()];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = new DuckVector(Api.CHUNK_VECTOR.call(chunk, i), types.get(i), rows);
        }
    }

    public int rows() {
        return rows;
    }

    public int columnCount() {
        return vectors.length;
    }

    public DuckVector vector(int column) {
        return vectors[column];
    }
}
