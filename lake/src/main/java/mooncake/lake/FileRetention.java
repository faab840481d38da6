package mooncake.lake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Which data and deletion vector files may not be deleted yet: those that a snapshot reaches and those that the
/// mirror or a reader's view needs. A file is deleted by whoever lets go of it last. Safe for any thread.
///
/// Iceberg's own expiry is not trusted with these: it deletes a Puffin file as soon as one of the vectors in it
/// has gone, and a data file that was removed and added again. A file that left the table is kept instead until
/// every snapshot that is left is younger than the commit it left with.
final class FileRetention {
    private static final int NEEDED = 1;
    private static final int REACHED = 2;

    private final Map<String, Integer> holds = new HashMap<>();

    /// Files that the current snapshot does not have but older ones may: the sequence number of the first
    /// without.
    private final Map<String, Long> retired = new HashMap<>();

    private final Consumer<String> delete;

    FileRetention(Consumer<String> delete) {
        this.delete = delete;
    }

    /// The mirror has the file.
    synchronized void needed(String path) {
        holds.merge(path, NEEDED, (a, b) -> a | b);
    }

    /// Neither the mirror nor a view needs the file any more.
    void unneeded(String path) {
        deleteAll(letGo(Set.of(path), NEEDED));
    }

    /// The snapshot with this sequence number has exactly these of all files.
    synchronized void current(Set<String> paths, long sequence) {
        for (Map.Entry<String, Integer> hold : holds.entrySet()) {
            if ((hold.getValue() & REACHED) != 0 && !paths.contains(hold.getKey())) {
                retired.putIfAbsent(hold.getKey(), sequence);
            }
        }
        for (String path : paths) {
            holds.merge(path, REACHED, (a, b) -> a | b);
            retired.remove(path);
        }
    }

    /// A snapshot older than the current one may have the file.
    synchronized void retired(String path, long sequence) {
        holds.merge(path, REACHED, (a, b) -> a | b);
        retired.put(path, sequence);
    }

    /// Snapshots before this sequence number do not exist any more.
    void expired(long oldest) {
        List<String> gone = new ArrayList<>();
        synchronized (this) {
            for (Iterator<Map.Entry<String, Long>> i = retired.entrySet().iterator(); i.hasNext(); ) {
                Map.Entry<String, Long> entry = i.next();
                if (entry.getValue() <= oldest) {
                    gone.add(entry.getKey());
                    i.remove();
                }
            }
        }
        deleteAll(letGo(gone, REACHED));
    }

    private synchronized List<String> letGo(Iterable<String> paths, int hold) {
        List<String> last = new ArrayList<>();
        for (String path : paths) {
            int left = holds.getOrDefault(path, 0) & ~hold;
            if (left == 0) {
                holds.remove(path);
                last.add(path);
            } else {
                holds.put(path, left);
            }
        }
        return last;
    }

    private void deleteAll(List<String> paths) {
        paths.forEach(delete);
    }
}
