package mooncake.duckdb;

import static mooncake.duckdb.NativeCall.plain;
import static mooncake.duckdb.NativeCall.trivial;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// The functions of DuckDB's C interface that this package calls, by area.
final class Api {
    static final NativeCall LIBRARY_VERSION = plain("duckdb_library_version", 0);
    static final NativeCall CREATE_CONFIG = plain("duckdb_create_config", 1);
    static final NativeCall SET_CONFIG = plain("duckdb_set_config", 3);
    static final NativeCall DESTROY_CONFIG = plain("duckdb_destroy_config", 1);
    static final NativeCall OPEN = plain("duckdb_open_ext", 4);
    static final NativeCall CLOSE = plain("duckdb_close", 1);
    static final NativeCall CONNECT = plain("duckdb_connect", 2);
    static final NativeCall DISCONNECT = plain("duckdb_disconnect", 1);
    static final NativeCall INTERRUPT = plain("duckdb_interrupt", 1);
    static final NativeCall MALLOC = plain("duckdb_malloc", 1);
    static final NativeCall FREE = plain("duckdb_free", 1);

    static final NativeCall PREPARE = plain("duckdb_prepare", 3);
    static final NativeCall PREPARE_ERROR = plain("duckdb_prepare_error", 1);
    static final NativeCall DESTROY_PREPARE = plain("duckdb_destroy_prepare", 1);
    static final NativeCall PENDING_STREAMING = plain("duckdb_pending_prepared_streaming", 2);
    static final NativeCall PENDING_ERROR = plain("duckdb_pending_error", 1);
    static final NativeCall EXECUTE_PENDING = plain("duckdb_execute_pending", 2);
    static final NativeCall DESTROY_PENDING = plain("duckdb_destroy_pending", 1);

    static final NativeCall RESULT_ERROR = plain("duckdb_result_error", 1);
    static final NativeCall DESTROY_RESULT = plain("duckdb_destroy_result", 1);
    static final NativeCall COLUMN_COUNT = plain("duckdb_column_count", 1);
    static final NativeCall COLUMN_NAME = plain("duckdb_column_name", 2);
    static final NativeCall COLUMN_LOGICAL_TYPE = plain("duckdb_column_logical_type", 2);

    static final NativeCall CREATE_LOGICAL_TYPE = plain("duckdb_create_logical_type", 1);
    static final NativeCall CREATE_DECIMAL_TYPE = plain("duckdb_create_decimal_type", 2);
    static final NativeCall CREATE_LIST_TYPE = plain("duckdb_create_list_type", 1);
    static final NativeCall DESTROY_LOGICAL_TYPE = plain("duckdb_destroy_logical_type", 1);
    static final NativeCall TYPE_ID = plain("duckdb_get_type_id", 1);
    static final NativeCall DECIMAL_WIDTH = plain("duckdb_decimal_width", 1);
    static final NativeCall DECIMAL_SCALE = plain("duckdb_decimal_scale", 1);
    static final NativeCall LIST_ELEMENT_TYPE = plain("duckdb_list_type_child_type", 1);

    static final NativeCall DESTROY_CHUNK = plain("duckdb_destroy_data_chunk", 1);
    static final NativeCall CHUNK_COLUMN_COUNT = trivial("duckdb_data_chunk_get_column_count", 1);
    static final NativeCall CHUNK_SIZE = trivial("duckdb_data_chunk_get_size", 1);
    static final NativeCall CHUNK_SET_SIZE = trivial("duckdb_data_chunk_set_size", 2);
    static final NativeCall CHUNK_VECTOR = trivial("duckdb_data_chunk_get_vector", 2);
    static final NativeCall VECTOR_TYPE = plain("duckdb_vector_get_column_type", 1);
    static final NativeCall VECTOR_DATA = trivial("duckdb_vector_get_data", 1);
    static final NativeCall VECTOR_VALIDITY = trivial("duckdb_vector_get_validity", 1);
    static final NativeCall VECTOR_ENSURE_VALIDITY = plain("duckdb_vector_ensure_validity_writable", 1);
    static final NativeCall VECTOR_ASSIGN = plain("duckdb_vector_assign_string_element_len", 4);
    static final NativeCall LIST_CHILD = plain("duckdb_list_vector_get_child", 1);
    static final NativeCall LIST_SIZE = plain("duckdb_list_vector_get_size", 1);
    static final NativeCall LIST_RESERVE = plain("duckdb_list_vector_reserve", 2);
    static final NativeCall LIST_SET_SIZE = plain("duckdb_list_vector_set_size", 2);

    static final NativeCall CREATE_TABLE_FUNCTION = plain("duckdb_create_table_function", 0);
    static final NativeCall DESTROY_TABLE_FUNCTION = plain("duckdb_destroy_table_function", 1);
    static final NativeCall TABLE_FUNCTION_NAME = plain("duckdb_table_function_set_name", 2);
    static final NativeCall TABLE_FUNCTION_PARAMETER = plain("duckdb_table_function_add_parameter", 2);
    static final NativeCall TABLE_FUNCTION_EXTRA = plain("duckdb_table_function_set_extra_info", 3);
    static final NativeCall TABLE_FUNCTION_BIND = plain("duckdb_table_function_set_bind", 2);
    static final NativeCall TABLE_FUNCTION_INIT = plain("duckdb_table_function_set_init", 2);
    static final NativeCall TABLE_FUNCTION_LOCAL_INIT = plain("duckdb_table_function_set_local_init", 2);
    static final NativeCall TABLE_FUNCTION_FUNCTION = plain("duckdb_table_function_set_function", 2);
    static final NativeCall TABLE_FUNCTION_PROJECTION = plain("duckdb_table_function_supports_projection_pushdown", 2);
    static final NativeCall REGISTER_TABLE_FUNCTION = plain("duckdb_register_table_function", 2);
    static final NativeCall BIND_EXTRA = plain("duckdb_bind_get_extra_info", 1);
    static final NativeCall BIND_PARAMETER = plain("duckdb_bind_get_parameter", 2);
    static final NativeCall BIND_ADD_COLUMN = plain("duckdb_bind_add_result_column", 3);
    static final NativeCall BIND_CARDINALITY = plain("duckdb_bind_set_cardinality", 3);
    static final NativeCall BIND_DATA = plain("duckdb_bind_set_bind_data", 3);
    static final NativeCall BIND_ERROR = plain("duckdb_bind_set_error", 2);
    static final NativeCall INIT_BIND_DATA = plain("duckdb_init_get_bind_data", 1);
    static final NativeCall INIT_COLUMN_COUNT = plain("duckdb_init_get_column_count", 1);
    static final NativeCall INIT_COLUMN_INDEX = plain("duckdb_init_get_column_index", 2);
    static final NativeCall INIT_MAX_THREADS = plain("duckdb_init_set_max_threads", 2);
    static final NativeCall INIT_DATA = plain("duckdb_init_set_init_data", 3);
    static final NativeCall INIT_ERROR = plain("duckdb_init_set_error", 2);
    static final NativeCall SCAN_INIT_DATA = trivial("duckdb_function_get_init_data", 1);
    static final NativeCall SCAN_LOCAL_DATA = trivial("duckdb_function_get_local_init_data", 1);
    static final NativeCall SCAN_ERROR = plain("duckdb_function_set_error", 2);
    static final NativeCall VALUE_IS_NULL = plain("duckdb_is_null_value", 1);
    static final NativeCall VALUE_INT64 = plain("duckdb_get_int64", 1);
    static final NativeCall DESTROY_VALUE = plain("duckdb_destroy_value", 1);

    static final NativeCall CREATE_SCALAR = plain("duckdb_create_scalar_function", 0);
    static final NativeCall DESTROY_SCALAR = plain("duckdb_destroy_scalar_function", 1);
    static final NativeCall SCALAR_NAME = plain("duckdb_scalar_function_set_name", 2);
    static final NativeCall SCALAR_PARAMETER = plain("duckdb_scalar_function_add_parameter", 2);
    static final NativeCall SCALAR_RETURN = plain("duckdb_scalar_function_set_return_type", 2);
    static final NativeCall SCALAR_SPECIAL = plain("duckdb_scalar_function_set_special_handling", 1);
    static final NativeCall SCALAR_VOLATILE = plain("duckdb_scalar_function_set_volatile", 1);
    static final NativeCall SCALAR_EXTRA = plain("duckdb_scalar_function_set_extra_info", 3);
    static final NativeCall SCALAR_FUNCTION = plain("duckdb_scalar_function_set_function", 2);
    static final NativeCall SCALAR_GET_EXTRA = trivial("duckdb_scalar_function_get_extra_info", 1);
    static final NativeCall SCALAR_ERROR = plain("duckdb_scalar_function_set_error", 2);
    static final NativeCall CREATE_SCALAR_SET = plain("duckdb_create_scalar_function_set", 1);
    static final NativeCall ADD_TO_SCALAR_SET = plain("duckdb_add_scalar_function_to_set", 2);
    static final NativeCall REGISTER_SCALAR_SET = plain("duckdb_register_scalar_function_set", 2);
    static final NativeCall DESTROY_SCALAR_SET = plain("duckdb_destroy_scalar_function_set", 1);

    static final long RESULT_BYTES = 48;

    private Api() {}

    /// The next chunk of a result, 0 at its end or at an error.
    static long fetchChunk(long result) {
        try {
            return (long) Fetch.CHUNK.invokeExact(Memory.ALL.asSlice(result, RESULT_BYTES));
        } catch (Throwable t) {
            throw new MooncakeException(ErrorCode.BROKEN_INVARIANT, "calling duckdb_fetch_chunk failed: " + t, t);
        }
    }

    /// The only call that takes a struct by value.
    private static final class Fetch {
        private static final MethodHandle CHUNK = link();

        private static MethodHandle link() {
            MemoryLayout result =
                    MemoryLayout.structLayout(MemoryLayout.sequenceLayout(RESULT_BYTES / 8, ValueLayout.JAVA_LONG));
            MemorySegment symbol = NativeLibrary.symbol("duckdb_fetch_chunk");
            return Linker.nativeLinker().downcallHandle(symbol, FunctionDescriptor.of(ValueLayout.JAVA_LONG, result));
        }
    }
}
