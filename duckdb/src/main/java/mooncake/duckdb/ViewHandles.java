package mooncake.duckdb;

import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import mooncake.model.Deletes;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView;

/// Views that SQL may read, under numbers that cannot be guessed. Used from any thread.
///
/// A registration retains the view's holdings; a running scan retains them once more, so that releasing
/// a handle never pulls memory from under a scan.
public final class ViewHandles {
    private final SecureRandom random = new SecureRandom();
    private final ConcurrentMap<Long, Registered> views = new ConcurrentHashMap<>();

    /// A view, and lists of positions of some of its files that scans were made for.
    private record Registered(ReadView view, List<List<Integer>> groups) {}

    /// Makes a view readable; the caller holds it during this call. Returns a positive handle to be
    /// released.
    public long register(ReadView view) {
        view.holdings().retain();
        Registered registered = new Registered(view, new CopyOnWriteArrayList<>());
        while (true) {
            long handle = random.nextLong() & Long.MAX_VALUE;
            if (handle != 0 && views.putIfAbsent(handle, registered) == null) {
                return handle;
            }
        }
    }

    /// Ends a registration; later uses of the handle fail, scans that run go on.
    public void release(long handle) {
        Registered registered = views.remove(handle);
        if (registered == null) {
            throw unknown();
        }
        registered.view().holdings().release();
    }

    /// A number for some files of a view, given by their positions, that `keep` takes.
    int group(long handle, List<Integer> files) {
        List<List<Integer>> groups = registered(handle).groups();
        synchronized (groups) {
            int known = groups.indexOf(files);
            if (known < 0) {
                groups.add(files);
            }
            return known < 0 ? groups.size() - 1 : known;
        }
    }

    /// Views registered now.
    public int size() {
        return views.size();
    }

    /// The view of a handle, good for reading its deletes; its memory and files only while somebody
    /// holds them.
    ReadView view(long handle) {
        return registered(handle).view();
    }

    /// The deleted rows of a file, counted within a group, or with -1 within all.
    Deletes deletes(long handle, long group, long file) {
        Registered registered = registered(handle);
        int index = Math.toIntExact(file);
        int position = group < 0
                ? index
                : registered.groups().get(Math.toIntExact(group)).get(index);
        return registered.view().files().get(position).deletes();
    }

    private Registered registered(long handle) {
        Registered registered = views.get(handle);
        if (registered == null) {
            throw unknown();
        }
        return registered;
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
