package mooncake.duckdb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import mooncake.model.Check;
import mooncake.model.Column;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView;

/// The table functions `mem(handle)` and `mem_ordered(handle)`: the live in-memory rows of a view, columns named
/// `c<field id>`. `mem` is read by all threads, one batch each; `mem_ordered` by one, in the order of batches and rows.
///
/// Every execution binds anew: binding pins the view, dropping the bind data, after the last scan state is gone, unpins
/// it. That is why string entries may point into the batches.
final class MemFunction {
    private final ViewHandles handles;
    private final boolean ordered;

    private MemFunction(ViewHandles handles, boolean ordered) {
        this.handles = handles;
        this.ordered = ordered;
    }

    static void register(DuckConnection connection, ViewHandles handles) {
        register(connection, "mem", new MemFunction(handles, false));
        register(connection, "mem_ordered", new MemFunction(handles, true));
    }

    private static void register(DuckConnection connection, String name, MemFunction function) {
        long table = Api.CREATE_TABLE_FUNCTION.call();
        long bigint = DuckType.of(DuckType.Id.BIGINT).create();
        try (Arena arena = Arena.ofConfined()) {
            Api.TABLE_FUNCTION_NAME.call(table, Memory.cString(arena, name));
            Api.TABLE_FUNCTION_PARAMETER.call(table, bigint);
            Api.TABLE_FUNCTION_EXTRA.call(table, JavaObjects.add(function), Upcalls.destroy());
            Api.TABLE_FUNCTION_BIND.call(table, Stubs.BIND);
            Api.TABLE_FUNCTION_INIT.call(table, Stubs.INIT);
            Api.TABLE_FUNCTION_LOCAL_INIT.call(table, Stubs.LOCAL_INIT);
            Api.TABLE_FUNCTION_FUNCTION.call(table, Stubs.SCAN);
            Api.TABLE_FUNCTION_PROJECTION.call(table, 1);
            long state = Api.REGISTER_TABLE_FUNCTION.call(connection.handle(), table);
            Check.that(NativeCall.asInt(state) == 0, "DuckDB refused table function %s", name);
            Api.DESTROY_TABLE_FUNCTION.call(
                    arena.allocateFrom(Memory.LONG, table).address());
        } finally {
            DuckType.destroy(bigint);
        }
    }

    private void bind(long info) {
        ReadView view = handles.pin(parameter(info));
        long bound = JavaObjects.add(new Bound(view, ordered));
        Api.BIND_DATA.call(info, bound, Upcalls.destroy());
        try (Arena arena = Arena.ofConfined()) {
            for (Column column : view.schema().columns()) {
                long type = DuckType.parse(column.type().duckType()).create();
                Api.BIND_ADD_COLUMN.call(info, Memory.cString(arena, ViewSql.name(column)), type);
                DuckType.destroy(type);
            }
        }
        long rows = 0;
        for (ReadView.BatchView batch : view.batches()) {
            rows += batch.rows() - batch.deletes().cardinality();
        }
        Api.BIND_CARDINALITY.call(info, rows, 1);
    }

    private static long parameter(long info) {
        long value = Api.BIND_PARAMETER.call(info, 0);
        try (Arena arena = Arena.ofConfined()) {
            try {
                if (NativeCall.isSet(Api.VALUE_IS_NULL.call(value))) {
                    throw new MooncakeException(ErrorCode.BROKEN_INVARIANT, "the handle of a view is null");
                }
                return Api.VALUE_INT64.call(value);
            } finally {
                MemorySegment out = arena.allocateFrom(Memory.LONG, value);
                Api.DESTROY_VALUE.call(out.address());
            }
        }
    }

    private static void init(long info) {
        Bound bound = JavaObjects.get(Api.INIT_BIND_DATA.call(info), Bound.class);
        int[] columns = new int[Math.toIntExact(Api.INIT_COLUMN_COUNT.call(info))];
        for (int i = 0; i < columns.length; i++) {
            long column = Api.INIT_COLUMN_INDEX.call(info, i);
            Check.that(column >= 0 && column < bound.view.schema().width(), "column %d of mem", column);
            columns[i] = (int) column;
        }
        MemScan scan = new MemScan(bound.view, columns);
        Api.INIT_MAX_THREADS.call(
                info, bound.ordered ? 1 : Math.max(1, bound.view.batches().size()));
        Api.INIT_DATA.call(info, JavaObjects.add(scan), Upcalls.destroy());
    }

    /// A view in use by one execution.
    private record Bound(ReadView view, boolean ordered) implements JavaObjects.Freed {
        @Override
        public void free() {
            view.holdings().release();
        }
    }

    /// The four callbacks.
    @SuppressWarnings("unused") // Called by DuckDB.
    private static final class Stubs {
        private static final long BIND = Upcalls.stub(MethodHandles.lookup(), "onBind", 1);
        private static final long INIT = Upcalls.stub(MethodHandles.lookup(), "onInit", 1);
        private static final long LOCAL_INIT = Upcalls.stub(MethodHandles.lookup(), "onLocalInit", 1);
        private static final long SCAN = Upcalls.stub(MethodHandles.lookup(), "onScan", 2);

        private static void onBind(long info) {
            try {
                JavaObjects.get(Api.BIND_EXTRA.call(info), MemFunction.class).bind(info);
            } catch (Throwable t) {
                Upcalls.fail(Api.BIND_ERROR, info, t);
            }
        }

        private static void onInit(long info) {
            try {
                init(info);
            } catch (Throwable t) {
                Upcalls.fail(Api.INIT_ERROR, info, t);
            }
        }

        private static void onLocalInit(long info) {
            try {
                Api.INIT_DATA.call(info, JavaObjects.add(new MemScan.Cursor()), Upcalls.destroy());
            } catch (Throwable t) {
                Upcalls.fail(Api.INIT_ERROR, info, t);
            }
        }

        private static void onScan(long info, long output) {
            try {
                MemScan scan = JavaObjects.get(Api.SCAN_INIT_DATA.call(info), MemScan.class);
                MemScan.Cursor cursor = JavaObjects.get(Api.SCAN_LOCAL_DATA.call(info), MemScan.Cursor.class);
                Api.CHUNK_SET_SIZE.call(output, scan.fill(cursor, output));
            } catch (Throwable t) {
                Upcalls.fail(Api.SCAN_ERROR, info, t);
            }
        }
    }
}
