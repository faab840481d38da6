package mooncake.mirror;

import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import mooncake.model.Check;
import mooncake.model.ErrorCode;
import mooncake.model.Identity;
import mooncake.model.MooncakeException;
import mooncake.model.StoredRows;
import mooncake.model.TableSchema;
import mooncake.model.Tuple;
import org.jspecify.annotations.Nullable;

/// Applies row changes to a table while it has one shape. A change that throws has changed nothing.
final class RowChanges implements AutoCloseable {
    private final String name;
    private final TableSchema schema;
    private final MissingValues lacking;
    private final RowStore rows;
    private final RowIndex index;
    private final RowKey key;
    private final RowWriter writer;
    private final ScratchRow scratch;

    RowChanges(
            String name,
            TableSchema schema,
            StoredRows storedRows,
            RowStore rows,
            RowIndex index,
            RowKey.Secret secret) {
        this.name = name;
        this.schema = schema;
        this.lacking = new MissingValues(storedRows);
        this.rows = rows;
        this.index = index;
        this.key = new RowKey(schema, secret);
        this.writer = new RowWriter(name, schema);
        this.scratch = new ScratchRow(schema);
    }

    TableSchema schema() {
        return schema;
    }

    RowKey key() {
        return key;
    }

    ScratchRow scratch() {
        return scratch;
    }

    void insert(Tuple row) {
        MemoryBatch tail = rows.tail();
        int missing = writer.write(row, null, tail);
        Check.that(missing == 0, "\"%s\": an inserted row came without %d of its values", name, missing);
        addTail(tail);
    }

    /// Replaces a row by its next version; values that the log left out keep the old row's.
    void update(@Nullable Tuple old, Tuple row) {
        switch (schema.identity()) {
            case KEY -> updateByKey(old, row);
            case FULL_ROW -> updateWhole(old, row);
            case APPEND_ONLY -> throw appendOnly("an UPDATE");
        }
    }

    void delete(Tuple old) {
        if (schema.identity() == Identity.APPEND_ONLY) {
            throw appendOnly("a DELETE");
        }
        if (!deleteIfThere(old)) {
            throw broken("delete of a " + what() + " that is not there", scratch.data(), scratch.validity(), 0);
        }
    }

    /// Removes the row that the old one names, if the table has it.
    boolean deleteIfThere(Tuple old) {
        writer.writeKey(old, scratch);
        key.read(scratch.data(), scratch.validity(), 0);
        long location = index.remove(key.low(), key.high());
        if (location == KeyIndex.NONE) {
            return false;
        }
        drop(location);
        return true;
    }

    /// Makes `row` the next version of the old row, or a new row if the table does not have that one.
    void upsert(@Nullable Tuple old, Tuple row) {
        if (schema.identity() == Identity.APPEND_ONLY) {
            throw appendOnly("an UPDATE");
        }
        Tuple before = old == null ? row : old;
        checkWhole(old);
        checkKeyIsThere(before);
        writer.writeKey(before, scratch);
        key.read(scratch.data(), scratch.validity(), 0);
        if (index.get(key.low(), key.high()) != KeyIndex.NONE) {
            update(old, row);
            return;
        }
        MemoryBatch tail = rows.tail();
        if (writer.write(row, old, tail) > 0) {
            throw new MooncakeException(
                    ErrorCode.VALUE_NOT_LOGGED,
                    "a row of \"" + name + "\" came to pass the filter by an UPDATE that left out a large value",
                    "The mirror is copied again. REPLICA IDENTITY FULL on the source avoids that.",
                    null);
        }
        addTail(tail);
    }

    /// The table's rows whose keys these columns hold, of the location behind `location`, are there.
    private void addTail(MemoryBatch tail) {
        index(tail.keyData(), tail.keyValidity(), tail.rows(), rows.nextLocation(), "insert of");
        tail.commitRow();
    }

    /// Takes a row into the index.
    void index(MemorySegment[] data, @Nullable MemorySegment[] validity, int row, long location, String what) {
        switch (schema.identity()) {
            case KEY -> {
                key.read(data, validity, row);
                if (index.putIfAbsent(key.low(), key.high(), location) != KeyIndex.NONE) {
                    throw broken(what + " a key that is there already", data, validity, row);
                }
            }
            case FULL_ROW -> {
                key.read(data, validity, row);
                index.add(key.low(), key.high(), location);
            }
            case APPEND_ONLY -> {}
        }
    }

    private void updateByKey(@Nullable Tuple old, Tuple row) {
        MemoryBatch tail = rows.tail();
        int at = tail.rows();
        int missing = writer.write(row, old, tail);
        long oldLocation = KeyIndex.NONE;
        if (old != null) {
            writer.writeKey(old, scratch);
            key.read(scratch.data(), scratch.validity(), 0);
            oldLocation = find(scratch.data(), scratch.validity(), 0);
        }
        long oldLow = key.low();
        long oldHigh = key.high();
        if (missing > 0) {
            if (old == null) {
                checkKeyIsThere(row);
                key.read(tail.keyData(), tail.keyValidity(), at);
                oldLocation = find(tail.keyData(), tail.keyValidity(), at);
            }
            keepUnchanged(row, old, oldLocation, tail);
        }
        key.read(tail.keyData(), tail.keyValidity(), at);
        boolean moved = old != null && (key.low() != oldLow || key.high() != oldHigh);
        if (moved) {
            if (index.putIfAbsent(key.low(), key.high(), rows.nextLocation()) != KeyIndex.NONE) {
                throw broken("update to a key that is there already", tail.keyData(), tail.keyValidity(), at);
            }
            index.remove(oldLow, oldHigh);
        } else {
            oldLocation = index.replace(key.low(), key.high(), rows.nextLocation());
            if (oldLocation == KeyIndex.NONE) {
                throw broken("update of a key that is not there", tail.keyData(), tail.keyValidity(), at);
            }
        }
        drop(oldLocation);
        tail.commitRow();
        if (lacking.isFull()) {
            lacking.fetch();
        }
    }

    private void drop(long location) {
        rows.delete(location);
        lacking.forget(location);
    }

    /// An UPDATE that leaves the row equal in all columns changes nothing here either.
    private void updateWhole(@Nullable Tuple old, Tuple row) {
        checkWhole(old);
        if (old == null) {
            return;
        }
        MemoryBatch tail = rows.tail();
        int at = tail.rows();
        int missing = writer.write(row, old, tail);
        writer.writeKey(old, scratch);
        key.read(scratch.data(), scratch.validity(), 0);
        long oldLow = key.low();
        long oldHigh = key.high();
        long oldLocation = find(scratch.data(), scratch.validity(), 0);
        if (missing > 0) {
            keepUnchanged(row, old, oldLocation, tail);
            lacking.fetch(); // the key is made of them
        }
        key.read(tail.keyData(), tail.keyValidity(), at);
        if (key.low() != oldLow || key.high() != oldHigh) {
            index.add(key.low(), key.high(), rows.nextLocation());
            drop(index.remove(oldLow, oldHigh));
            tail.commitRow();
        }
    }

    private long find(MemorySegment[] data, @Nullable MemorySegment[] validity, int row) {
        long location = index.get(key.low(), key.high());
        if (location == KeyIndex.NONE) {
            throw broken("update of a " + what() + " that is not there", data, validity, row);
        }
        return location;
    }

    private void checkWhole(@Nullable Tuple old) {
        Check.that(
                old != null || schema.identity() != Identity.FULL_ROW,
                "\"%s\" has no key, and an UPDATE came without the old row",
                name);
    }

    private void checkKeyIsThere(Tuple row) {
        for (int column : schema.key()) {
            Check.that(
                    !row.isUnchanged(column),
                    "\"%s\": an updated row came without its key column \"%s\"",
                    name,
                    schema.column(column).name());
        }
    }

    /// Fetches what rows in memory still lack. Nobody may see them before that.
    void complete() {
        lacking.fetch();
    }

    /// Forgets all rows.
    void truncate() {
        lacking.clear();
    }

    /// Fills in the values that the log left out, from the old row in memory; those in a file are fetched later.
    private void keepUnchanged(Tuple row, @Nullable Tuple old, long oldLocation, MemoryBatch tail) {
        int at = tail.rows();
        int oldRow = RowStore.row(oldLocation);
        int[] columns = IntStream.range(0, row.width())
                .filter(column -> row.isUnchanged(column) && writer.isMissing(old, column))
                .toArray();
        switch (rows.container(oldLocation)) {
            case MemoryBatch batch -> {
                for (int column : columns) {
                    tail.copyValue(batch, oldRow, column, at);
                }
                lacking.inherit(oldLocation, rows.nextLocation(), columns, tail, at);
            }
            case FileSlice slice -> {
                for (int column : columns) {
                    tail.setStored(column, at, null);
                }
                lacking.add(
                        rows.nextLocation(),
                        new MissingValues.Row(
                                tail,
                                at,
                                slice.file().file(),
                                slice.position(oldRow),
                                IntStream.of(columns).boxed().toList()));
            }
        }
    }

    private String what() {
        return schema.identity() == Identity.FULL_ROW ? "row" : "key";
    }

    private MooncakeException appendOnly(String what) {
        return new MooncakeException(
                ErrorCode.NOT_APPEND_ONLY,
                what + " came for \"" + name + "\", whose mirror was created append-only",
                "Drop the mirror and create it without append_only.",
                null);
    }

    private MooncakeException broken(String what, MemorySegment[] data, @Nullable MemorySegment[] validity, int row) {
        return new MooncakeException(
                ErrorCode.BROKEN_INVARIANT,
                "\"" + name + "\": " + what + ": " + KeyText.of(schema, data, validity, row));
    }

    @Override
    public void close() {
        lacking.clear();
        scratch.close();
    }
}
