package mooncake.duckdb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mooncake.model.Check;

/// Makes [VectorFunction]s known to a database and calls them.
final class VectorFunctions {
    private VectorFunctions() {}

    static void register(DuckConnection connection, List<? extends VectorFunction> functions) {
        Map<String, List<VectorFunction>> byName = new LinkedHashMap<>();
        for (VectorFunction function : functions) {
            byName.computeIfAbsent(function.name(), name -> new ArrayList<>()).add(function);
        }
        byName.forEach((name, overloads) -> registerOverloads(connection, name, overloads));
    }

    private static void registerOverloads(DuckConnection connection, String name, List<VectorFunction> overloads) {
        try (Arena arena = Arena.ofConfined()) {
            long cName = Memory.cString(arena, name);
            MemorySegment set = arena.allocateFrom(Memory.LONG, Api.CREATE_SCALAR_SET.call(cName));
            try {
                for (VectorFunction overload : overloads) {
                    MemorySegment scalar = arena.allocateFrom(Memory.LONG, create(cName, overload));
                    long state = Api.ADD_TO_SCALAR_SET.call(set.get(Memory.LONG, 0), scalar.get(Memory.LONG, 0));
                    Check.that(NativeCall.asInt(state) == 0, "two functions %s%s", name, overload.argumentTypes());
                    Api.DESTROY_SCALAR.call(scalar.address());
                }
                long state = Api.REGISTER_SCALAR_SET.call(connection.handle(), set.get(Memory.LONG, 0));
                Check.that(NativeCall.asInt(state) == 0, "DuckDB refused function %s", name);
            } finally {
                Api.DESTROY_SCALAR_SET.call(set.address());
            }
        }
    }

    private static long create(long name, VectorFunction function) {
        long scalar = Api.CREATE_SCALAR.call();
        Api.SCALAR_NAME.call(scalar, name);
        List<DuckType> arguments =
                function.argumentTypes().stream().map(DuckType::parse).toList();
        for (DuckType argument : arguments) {
            long type = argument.create();
            Api.SCALAR_PARAMETER.call(scalar, type);
            DuckType.destroy(type);
        }
        DuckType result = DuckType.parse(function.resultType());
        long type = result.create();
        Api.SCALAR_RETURN.call(scalar, type);
        DuckType.destroy(type);
        if (function.nulls() == VectorFunction.Nulls.HANDLED) {
            Api.SCALAR_SPECIAL.call(scalar);
        }
        if (function.isVolatile()) {
            Api.SCALAR_VOLATILE.call(scalar);
        }
        Registered registered = new Registered(function, arguments, result);
        Api.SCALAR_EXTRA.call(scalar, JavaObjects.add(registered), Upcalls.destroy());
        Api.SCALAR_FUNCTION.call(scalar, Stub.CALL);
        return scalar;
    }

    /// A function with its types, as DuckDB knows it.
    private record Registered(VectorFunction function, List<DuckType> arguments, DuckType result) {
        void call(long input, long output) {
            int rows = (int) Api.CHUNK_SIZE.call(input);
            DuckVector[] vectors = new DuckVector[arguments.size()];
            for (int i = 0; i < vectors.length; i++) {
                long vector = Api.CHUNK_VECTOR.call(input, i);
                DuckType declared = arguments.get(i);
                DuckType type =
                        declared.id() == DuckType.Id.ANY ? DuckType.take(Api.VECTOR_TYPE.call(vector)) : declared;
                vectors[i] = new DuckVector(vector, type, rows);
            }
            WritableVector out = new WritableVector(output, result, rows);
            function.apply(vectors, rows, out);
            if (function.nulls() == VectorFunction.Nulls.PROPAGATE) {
                propagateNulls(vectors, rows, out);
            }
        }

        private static void propagateNulls(DuckVector[] vectors, int rows, WritableVector out) {
            for (DuckVector vector : vectors) {
                if (vector.mayHaveNulls()) {
                    for (int i = 0; i < (rows + 63) / 64; i++) {
                        out.andValidityWord(i, vector.validityWord(i));
                    }
                }
            }
        }
    }

    /// The callback.
    @SuppressWarnings("unused") // Called by DuckDB.
    private static final class Stub {
        private static final long CALL = Upcalls.stub(MethodHandles.lookup(), "onCall", 3);

        private static void onCall(long info, long input, long output) {
            try {
                JavaObjects.get(Api.SCALAR_GET_EXTRA.call(info), Registered.class)
                        .call(input, output);
            } catch (Throwable t) {
                Upcalls.fail(Api.SCALAR_ERROR, info, t);
            }
        }
    }
}
