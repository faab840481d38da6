package mooncake.duckdb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import mooncake.model.Check;
import mooncake.model.Column;
import mooncake.model.ColumnRange;
import mooncake.model.DataFile;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView;
import mooncake.model.TableSchema;

/// An in-memory database: the engine opens one and every connection shares its threads, memory and
/// footer cache.
///
/// Arithmetic and the order of nulls are set to Postgres' rules; extensions are never fetched; files
/// are taken to be immutable, so their footers are cached without looking at the files again.
public final class DuckDb implements AutoCloseable {
    private static final List<String> AFTER_OPEN = List.of(
            "SET GLOBAL integer_division = true",
            "SET GLOBAL default_null_order = 'postgres'",
            "SET GLOBAL ieee_floating_point_ops = false",
            "SET GLOBAL parquet_metadata_cache = true",
            "SET GLOBAL validate_external_file_cache = 'NO_VALIDATION'");

    private final long database;
    private final AtomicInteger connections = new AtomicInteger();
    private final ViewHandles views = new ViewHandles();
    private final FileColumns fileColumns = new FileColumns();
    private final FileRanges fileRanges = new FileRanges();

    private DuckDb(long database) {
        this.database = database;
    }

    public static DuckDb open(DuckSettings settings) {
        NativeLibrary.load(settings.library());
        Map<String, String> options = new LinkedHashMap<>();
        options.put("memory_limit", settings.memoryLimit());
        options.put("threads", Integer.toString(settings.threads()));
        options.put("temp_directory", settings.temporaryDirectory().toString());
        options.put("max_temp_directory_size", settings.temporaryDirectoryLimit());
        options.put("autoinstall_known_extensions", "false");
        options.put("autoload_known_extensions", "false");
        DuckDb db = new DuckDb(openNative(options));
        try (DuckConnection connection = db.connect()) {
            AFTER_OPEN.forEach(connection::execute);
            MemFunction.register(connection, db.views);
            VectorFunctions.register(connection, KeepFunction.all(db.views));
        } catch (RuntimeException e) {
            db.close();
            throw e;
        }
        return db;
    }

    /// A new connection, in the time zone UTC until told otherwise.
    public DuckConnection connect() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(Memory.LONG);
            if (NativeCall.asInt(Api.CONNECT.call(database, out.address())) != 0) {
                throw new MooncakeException(ErrorCode.DUCKDB_FAILED, "DuckDB refused a connection");
            }
            connections.incrementAndGet();
            DuckConnection connection = new DuckConnection(out.get(Memory.LONG, 0), connections::decrementAndGet);
            try {
                connection.setTimeZone("UTC");
                return connection;
            } catch (RuntimeException e) {
                connection.close();
                throw e;
            }
        }
    }

    /// The views that `mem`, `mem_ordered` and `keep` read.
    public ViewHandles views() {
        return views;
    }

    /// A `SELECT` (without parentheses) of the columns at the given positions of a view, in that order,
    /// named by [ViewSql#name]. The registration under `handle` must last until the statement's result
    /// is closed. The footers of files that were not seen before are read through `connection`, which
    /// must have no open result.
    public String select(DuckConnection connection, ReadView view, long handle, List<Integer> positions) {
        return select(connection, view, handle, positions, List.of()).sql();
    }

    /// A `SELECT` that reads a view.
    ///
    /// @param files how many of the view's files it reads
    /// @param rows how many rows these and the memory hold, deleted ones of the files included
    public record Selection(String sql, int files, long rows) {}

    /// The same without files that hold no row within all of the ranges; for a query whose own conditions leave
    /// such rows out.
    public Selection select(
            DuckConnection connection, ReadView view, long handle, List<Integer> positions, List<ColumnRange> ranges) {
        List<Column> columns = positions.stream().map(view.schema()::column).toList();
        List<String> paths = paths(view);
        List<FileGroup> groups = ranges.isEmpty()
                ? fileColumns.groups(connection, paths, columns, false)
                : chosenGroups(connection, paths, columns, ranges);
        String sql = ViewSql.union(view, handle, columns, ViewSql.files(view, handle, views, columns, groups));
        int files = groups.stream().mapToInt(group -> group.members().size()).sum();
        return new Selection(sql, files, rows(view, groups));
    }

    private static long rows(ReadView view, List<FileGroup> groups) {
        return groups.stream()
                        .flatMap(group -> group.members().stream())
                        .mapToLong(file -> view.files().get(file).file().rows())
                        .sum()
                + view.batches().stream()
                        .mapToLong(batch -> batch.rows() - batch.deletes().cardinality())
                        .sum();
    }

    private List<FileGroup> chosenGroups(
            DuckConnection connection, List<String> paths, List<Column> columns, List<ColumnRange> ranges) {
        fileColumns.see(connection, paths);
        List<Integer> chosen = fileRanges.choose(
                connection, paths, ranges, (path, fieldId) -> fileColumns.stored(connection, path, fieldId));
        List<String> files = chosen.stream().map(paths::get).toList();
        return fileColumns.groups(connection, files, columns, false).stream()
                .map(group ->
                        new FileGroup(group.members().stream().map(chosen::get).toList(), group.outputs()))
                .toList();
    }

    /// The same of all columns of a view that has no rows in memory, with the rows in the order of the
    /// files and of their positions there.
    public String selectOrdered(DuckConnection connection, ReadView view, long handle) {
        Check.that(view.batches().isEmpty(), "rows in memory have no order");
        List<Column> columns = view.schema().columns();
        List<FileGroup> groups = fileColumns.groups(connection, paths(view), columns, true);
        return ViewSql.union(view, handle, columns, ViewSql.files(view, handle, views, columns, groups));
    }

    /// A `SELECT` of some columns of all rows of one file, deleted ones included, and after them of
    /// each row's position there as `position`. A `WHERE` on `file_row_number` can follow.
    public String selectFile(DuckConnection connection, TableSchema schema, DataFile file, int[] positions) {
        List<Column> columns = IntStream.of(positions).mapToObj(schema::column).toList();
        List<String> paths = List.of(file.path());
        FileGroup group = fileColumns.groups(connection, paths, columns, false).getFirst();
        String outputs = columns.isEmpty() ? "" : ViewSql.outputs(group, columns) + ", ";
        return "SELECT " + outputs + "file_row_number::BIGINT AS position FROM " + ViewSql.scan(paths);
    }

    private static List<String> paths(ReadView view) {
        return view.files().stream().map(file -> file.file().path()).toList();
    }

    /// Makes functions known to all connections; once per name, with all its overloads.
    public void register(List<? extends VectorFunction> functions) {
        try (DuckConnection connection = connect()) {
            VectorFunctions.register(connection, functions);
        }
    }

    /// Ends the database; every connection must have been closed before.
    @Override
    public void close() {
        int open = connections.get();
        Check.that(open == 0, "database closed with %d open connections", open);
        try (Arena arena = Arena.ofConfined()) {
            Api.CLOSE.call(arena.allocateFrom(Memory.LONG, database).address());
        }
    }

    private static long openNative(Map<String, String> options) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment config = arena.allocate(Memory.LONG);
            Api.CREATE_CONFIG.call(config.address());
            try {
                options.forEach((name, value) -> setOption(arena, config.get(Memory.LONG, 0), name, value));
                MemorySegment out = arena.allocate(Memory.LONG);
                MemorySegment error = arena.allocate(Memory.LONG);
                if (NativeCall.asInt(Api.OPEN.call(0, out.address(), config.get(Memory.LONG, 0), error.address()))
                        != 0) {
                    String text = Memory.string(error.get(Memory.LONG, 0));
                    Api.FREE.call(error.get(Memory.LONG, 0));
                    throw new MooncakeException(ErrorCode.BAD_CONFIGURATION, "DuckDB did not open: " + text);
                }
                return out.get(Memory.LONG, 0);
            } finally {
                Api.DESTROY_CONFIG.call(config.address());
            }
        }
    }

    private static void setOption(Arena arena, long config, String name, String value) {
        long state = Api.SET_CONFIG.call(config, Memory.cString(arena, name), Memory.cString(arena, value));
        if (NativeCall.asInt(state) != 0) {
            throw new MooncakeException(
                    ErrorCode.BAD_CONFIGURATION, "DuckDB does not take " + name + " = '" + value + "'");
        }
    }
}
