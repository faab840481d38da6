package mooncake.query.tree;

import java.util.List;
import java.util.Map;

/// A value in the printed tree, before anything is known about its meaning.
public sealed interface Tree {
    /// `{TAG :field value ...}`
    record Node(String tag, Map<String, Tree> fields) implements Tree {}

    /// `(...)`: nodes and words, or numbers after a mark (`i`, `o`, `x` for lists of integers, OIDs and transaction
    /// ids, `b` for sets); the mark is a blank for a list of nodes.
    record Items(char mark, List<Tree> items) implements Tree {
        public Items {
            items = List.copyOf(items);
        }
    }

    /// A number, name, or string with its escapes resolved.
    record Word(String text) implements Tree {}

    /// `<>`
    record Nothing() implements Tree {}

    /// The raw bytes of a constant: `4 [ 1 0 0 0 0 0 0 0 ]`.
    record Datum(List<Integer> bytes) implements Tree {
        public Datum {
            bytes = List.copyOf(bytes);
        }
    }
}
