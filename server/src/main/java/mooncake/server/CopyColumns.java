package mooncake.server;

import java.util.List;
import mooncake.model.Tuple;
import mooncake.server.Definition.DefinedColumn;

/// The columns that a copy reads, and their places in the mirror: columns that the source has lost
/// are NULL.
final class CopyColumns {
    private final List<String> names;
    private final boolean whole;
    private final TupleMapper mapper;

    private CopyColumns(List<String> names, int[] positions) {
        this.names = names;
        this.whole = names.size() == positions.length;
        this.mapper = new TupleMapper(positions);
    }

    static CopyColumns of(Definition definition) {
        List<DefinedColumn> columns = definition.columns();
        int[] positions = new int[columns.size()];
        int next = 0;
        for (int i = 0; i < positions.length; i++) {
            positions[i] = columns.get(i).source() == 0 ? TupleMapper.ABSENT : next++;
        }
        List<String> names = columns.stream()
                .filter(column -> column.source() != 0)
                .map(DefinedColumn::sourceName)
                .toList();
        return new CopyColumns(names, positions);
    }

    /// The names in the source, in the order in which values are to come.
    List<String> names() {
        return names;
    }

    /// A row of the copy as one of the mirror, valid until the next call.
    Tuple inOrder(Tuple row) {
        return whole ? row : mapper.map(row);
    }
}
