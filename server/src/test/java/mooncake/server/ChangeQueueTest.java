package mooncake.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mooncake.model.Change;
import mooncake.model.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeQueueTest {
    @TempDir
    Path directory;

    @Test
    void replaysWhatWasAppendedInOrderAndOnlyOnce() {
        try (ChangeQueue queue = new ChangeQueue(directory)) {
            queue.begin(7);
            queue.append(new Change.Insert(1, tuple("a", null, "")));
            queue.append(new Change.Update(1, null, tuple("b", "unchanged", "x")));
            long firstEnd = queue.mark();
            queue.append(new Change.Update(1, tuple("old"), tuple("new")));
            queue.begin(8);
            queue.append(new Change.Delete(1, tuple("gone")));
            queue.append(new Change.Truncate(List.of(1, 2)));

            assertThat(replay(queue, firstEnd))
                    .containsExactly("begin 7", "insert [a, null, ]", "update null [b, -, x]");
            assertThat(queue.remaining()).isPositive();
            assertThat(replay(queue, queue.mark()))
                    .containsExactly("update [old] [new]", "begin 8", "delete [gone]", "truncate");
            assertThat(queue.remaining()).isZero();
            queue.rewind();
            assertThat(replay(queue, queue.mark())).hasSize(7);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void keepsDescriptionsAndDefinitionsInOrderWithRows() {
        Change.Relation relation = new Change.Relation(
                1,
                "public",
                "r",
                'f',
                List.of(
                        new Change.RelationColumn("id", 23, -1, true),
                        new Change.RelationColumn("prïce", 1700, 786438, false)));
        try (ChangeQueue queue = new ChangeQueue(directory)) {
            queue.append(relation);
            queue.begin(7);
            queue.append(new Change.Insert(1, tuple("a", "b")));
            queue.append(3, "{\"columns\": []}");
            assertThat(replay(queue, queue.mark()))
                    .containsExactly(
                            "relation " + relation, "begin 7", "insert [a, b]", "definition 3 {\"columns\": []}");
        }
    }

    @Test
    void keepsLargeValues() throws Exception {
        String large = "x".repeat(3_000_000);
        try (ChangeQueue queue = new ChangeQueue(directory)) {
            queue.begin(1);
            queue.append(new Change.Insert(1, tuple(large, "y")));
            assertThat(replay(queue, queue.mark())).containsExactly("begin 1", "insert [" + large + ", y]");
            try (var files = Files.list(directory)) {
                assertThat(files).hasSize(1);
            }
        }
    }

    private static List<String> replay(ChangeQueue queue, long end) {
        List<String> seen = new ArrayList<>();
        queue.replay(1, end, new ChangeQueue.Replay() {
            @Override
            public void begin(int xid) {
                seen.add("begin " + xid);
            }

            @Override
            public void change(Change change) {
                seen.add(text(change));
            }

            @Override
            public void relation(Change.Relation relation) {
                seen.add("relation " + relation);
            }

            @Override
            public void definition(int generation, String definition) {
                seen.add("definition " + generation + " " + definition);
            }
        });
        return seen;
    }

    private static String text(Change change) {
        return switch (change) {
            case Change.Insert insert -> "insert " + values(insert.row());
            case Change.Update update ->
                "update " + (update.old() == null ? "null" : values(update.old())) + " " + values(update.row());
            case Change.Delete delete -> "delete " + values(delete.old());
            case Change.Truncate _ -> "truncate";
            case Change.Begin _, Change.Commit _, Change.Relation _, Change.Message _, Change.Progress _ -> "other";
        };
    }

    private static List<String> values(Tuple tuple) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < tuple.width(); i++) {
            if (tuple.isNull(i)) {
                values.add("null");
            } else if (tuple.isUnchanged(i)) {
                values.add("-");
            } else {
                values.add(new String(tuple.bytes(), tuple.offset(i), tuple.length(i), StandardCharsets.UTF_8));
            }
        }
        return values;
    }

    /// A tuple of texts: null stands for NULL, `unchanged` for an unchanged TOASTed value.
    private static Tuple tuple(@Nullable String... values) {
        StringBuilder bytes = new StringBuilder();
        int[] offsets = new int[values.length];
        int[] lengths = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            offsets[i] = bytes.length();
            String value = values[i];
            if (value == null) {
                lengths[i] = Tuple.NULL;
            } else if (value.equals("unchanged")) {
                lengths[i] = Tuple.UNCHANGED;
            } else {
                bytes.append(value);
                lengths[i] = value.length();
            }
        }
        return new Tuple(bytes.toString().getBytes(StandardCharsets.UTF_8), offsets, lengths, values.length);
    }
}
