package mooncake.server;

import java.lang.foreign.ValueLayout;
import mooncake.lake.ParquetRows;
import mooncake.model.Check;
import mooncake.model.DataFile;
import mooncake.model.KeyScan;

/// Lets the mirror read its files' keys through the lake.
record KeyColumns(ParquetRows rows) implements KeyScan {
    @Override
    public void scan(DataFile file, int[] columns, Chunks into) {
        rows.scan(file, columns, (entries, valid, positions, count) -> {
            long first = positions.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, 0);
            long last = positions.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, count - 1);
            Check.that(last - first == count - 1, "%s was not read in order", file.path());
            into.accept(first, count, entries, valid);
        });
    }
}
