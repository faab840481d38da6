package mooncake.duckdb;

import java.security.SecureRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView;

/// Views that SQL may read, under numbers that cannot be guessed. Used from any thread.
///
/// A registration retains the view's holdings; a running scan retains them once more, so that releasing a handle never
/// pulls memory from under a scan.
public final class ViewHandles {
    private final SecureRandom random = new SecureRandom();
    private final ConcurrentMap<Long, ReadView> views = new ConcurrentHashMap<>();

    /// Makes a view readable; the caller holds it during this call. Returns a positive handle to be released.
    public long register(ReadView view) {
        view.holdings().retain();
        while (true) {
            long handle = random.nextLong() & Long.MAX_VALUE;
            if (handle != 0 && views.putIfAbsent(handle, view) == null) {
                return handle;
            }
        }
    }

    /// Ends a registration; later uses of the handle fail, scans that run go on.
    public void release(long handle) {
        ReadView view = views.remove(handle);
        if (view == null) {
            throw unknown();
        }
        view.holdings().release();
    }

    /// Views registered now.
    public int size() {
        return views.size();
    }

    /// The view of a handle, good for reading its deletes; its memory and files only while somebody holds them.
    ReadView view(long handle) {
        ReadView view = views.get(handle);
        if (view == null) {
            throw unknown();
        }
        return view;
    }

    /// The view of a handle with its holdings retained; the caller releases them.
    ReadView pin(long handle) {
        ReadView view = view(handle);
        if (!view.holdings().tryRetain()) {
            throw unknown();
        }
        return view;
    }

    private static MooncakeException unknown() {
        return new MooncakeException(ErrorCode.BROKEN_INVARIANT, "the view of this handle was released");
    }
}
