package mooncake.duckdb;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Java objects that native code holds as opaque pointers: numbers that are never followed and never reused.
final class JavaObjects {
    private static final AtomicLong NEXT = new AtomicLong(1);
    private static final ConcurrentMap<Long, Object> OBJECTS = new ConcurrentHashMap<>();

    private JavaObjects() {}

    static long add(Object object) {
        long pointer = NEXT.getAndIncrement();
        OBJECTS.put(pointer, object);
        return pointer;
    }

    static <T> T get(long pointer, Class<T> type) {
        Object object = OBJECTS.get(pointer);
        if (object == null) {
            throw new MooncakeException(
                    ErrorCode.BROKEN_INVARIANT, "no " + type.getSimpleName() + " behind native pointer " + pointer);
        }
        return type.cast(object);
    }

    /// Forgets an object and frees what it holds.
    static void remove(long pointer) {
        if (OBJECTS.remove(pointer) instanceof Freed freed) {
            freed.free();
        }
    }

    static int count() {
        return OBJECTS.size();
    }

    /// An object that holds something until native code is done with it.
    interface Freed {
        void free();
    }
}
