package mooncake.duckdb;

import java.util.List;

/// Files that one scan can read by name: the asked columns have the same names and types in all of
/// them, or are lacking in all.
///
/// @param members the files' positions in the list they were chosen from, ascending
/// @param outputs an SQL expression for each asked column
record FileGroup(List<Integer> members, List<String> outputs) {
    FileGroup {
        members = List.copyOf(members);
        outputs = List.copyOf(outputs);
    }
}
