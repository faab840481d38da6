package mooncake.query.exact;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// When a zone's offset changes. Instants are seconds since 1970 in UTC.
final class ZoneRules {
    /// The Gregorian calendar repeats after 400 years.
    static final long REPEAT_SECONDS = 146_097L * 86_400;

    private final long[] instants;
    private final int[] types;
    private final List<LocalType> known;
    private final int earliest;
    private final boolean repeatsBefore;
    private final boolean repeatsAfter;

    /// What local time is like for a while: seconds ahead of UTC, whether it is summer time, what it is called.
    record LocalType(int offset, boolean daylight, String abbreviation) {}

    /// A change of the offset; without one `after` is null.
    record Boundary(
            long instant, LocalType before, @Nullable LocalType after) {}

    /// @param instants when the local time changes, ascending
    /// @param types what it changes to, positions in `known`
    /// @param earliest what it is before the first change
    ZoneRules(long[] instants, int[] types, List<LocalType> known, int earliest) {
        this.instants = instants;
        this.types = types;
        this.known = List.copyOf(known);
        this.earliest = earliest;
        this.repeatsBefore = repeats(0);
        this.repeatsAfter = repeats(instants.length - 1);
    }

    /// Whether a change stands 400 years from this one and leads to the same local time.
    private boolean repeats(int at) {
        if (instants.length < 2) {
            return false;
        }
        long other = at == 0 ? instants[at] + REPEAT_SECONDS : instants[at] - REPEAT_SECONDS;
        int found = Arrays.binarySearch(instants, other);
        return found >= 0 && known.get(types[found]).equals(known.get(types[at]));
    }

    List<LocalType> known() {
        return known;
    }

    long[] instants() {
        return instants.clone();
    }

    int[] types() {
        return types.clone();
    }

    /// The local time at an instant.
    LocalType at(long instant) {
        int count = instants.length;
        if (count == 0) {
            return known.get(earliest);
        }
        int found = Arrays.binarySearch(instants, instant + shift(instant));
        int index = found >= 0 ? found : -found - 2;
        return known.get(index < 0 ? earliest : types[index]);
    }

    /// The first change after an instant.
    Boundary next(long instant) {
        int count = instants.length;
        if (count == 0) {
            return new Boundary(0, lowestStandard(), null);
        }
        long shift = shift(instant);
        long seen = instant + shift;
        if (seen >= instants[count - 1]) {
            return new Boundary(0, known.get(types[count - 1]), null);
        }
        if (seen < instants[0]) {
            return new Boundary(instants[0] - shift, lowestStandard(), known.get(types[0]));
        }
        int found = Arrays.binarySearch(instants, seen);
        int index = found >= 0 ? found + 1 : -found - 1;
        return new Boundary(instants[index] - shift, known.get(types[index - 1]), known.get(types[index]));
    }

    private LocalType lowestStandard() {
        return known.stream().filter(type -> !type.daylight()).findFirst().orElse(known.getFirst());
    }

    /// What to add to an instant to find it among the known changes, when these repeat.
    private long shift(long instant) {
        long first = instants[0];
        long last = instants[instants.length - 1];
        if (repeatsBefore && instant < first) {
            return ((first - instant - 1) / REPEAT_SECONDS + 1) * REPEAT_SECONDS;
        }
        if (repeatsAfter && instant > last) {
            return -((instant - last - 1) / REPEAT_SECONDS + 1) * REPEAT_SECONDS;
        }
        return 0;
    }
}
