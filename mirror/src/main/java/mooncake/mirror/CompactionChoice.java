package mooncake.mirror;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mooncake.model.Check;

/// Which files of a table are worth writing anew: those of which most rows are dead, and small ones
/// when there are enough of about the same size. So each row is rewritten about once per
/// multiplication of the files' size.
final class CompactionChoice {
    /// A file with fewer rows is not rewritten for its dead ones alone.
    private static final long ROWS_MIN = 1_024;

    private CompactionChoice() {}

    /// Files in the table's order, none when nothing is worth it.
    static List<MirrorFile> choose(List<MirrorFile> files, long maxRows, int minFiles) {
        Check.that(maxRows > 0 && maxRows <= Integer.MAX_VALUE, "a file of %d rows", maxRows);
        List<MirrorFile> bySize = new ArrayList<>();
        for (MirrorFile file : files) {
            if (file.liveRows() > 0 && (isDead(file) || file.liveRows() <= maxRows / 2)) {
                bySize.add(file);
            }
        }
        bySize.sort(Comparator.comparingLong(MirrorFile::liveRows));
        Set<MirrorFile> chosen = new HashSet<>();
        long rows = 0;
        for (MirrorFile file : bySize) {
            boolean alike = chosen.size() < minFiles || isDead(file) || file.liveRows() <= rows;
            if (alike && rows + file.liveRows() <= maxRows) {
                chosen.add(file);
                rows += file.liveRows();
            }
        }
        if (chosen.size() < minFiles) {
            chosen = dead(bySize, maxRows);
        }
        return files.stream().filter(chosen::contains).toList();
    }

    private static Set<MirrorFile> dead(List<MirrorFile> bySize, long maxRows) {
        Set<MirrorFile> chosen = new HashSet<>();
        long rows = 0;
        for (MirrorFile file : bySize) {
            if (isDead(file) && (chosen.isEmpty() || rows + file.liveRows() <= maxRows)) {
                chosen.add(file);
                rows += file.liveRows();
            }
        }
        return chosen;
    }

    private static boolean isDead(MirrorFile file) {
        return file.file().rows() >= ROWS_MIN && file.liveRows() < file.file().rows() / 2;
    }
}
