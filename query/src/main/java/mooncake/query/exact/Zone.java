package mooncake.query.exact;

/// A time zone under Postgres' rules: the functions `localsub` and `pg_next_dst_boundary` of localtime.c, and
/// `DetermineTimeZoneOffset` of datetime.c for the way back.
final class Zone {
    private static final long DAY_SECONDS = 86_400;

    private final ZoneRules rules;

    Zone(ZoneRules rules) {
        this.rules = rules;
    }

    /// The zone of a name that [TimeZones] knows.
    static Zone of(String name) {
        Zone zone = TimeZones.find(name);
        if (zone == null) {
            throw Errors.notComputed("time zone " + name);
        }
        return zone;
    }

    /// The local time at an instant.
    long toLocal(long timestamp) {
        if (!Timestamps.isFinite(timestamp)) {
            return timestamp;
        }
        return shifted(timestamp, offset(timestamp));
    }

    /// Microseconds that the zone is ahead of UTC at an instant.
    long offset(long timestamp) {
        return typeAt(timestamp).offset() * Timestamps.SECOND;
    }

    /// What the zone's time is called at an instant, like `CEST`.
    String abbreviation(long timestamp) {
        return typeAt(timestamp).abbreviation();
    }

    private ZoneRules.LocalType typeAt(long timestamp) {
        return rules.at(Math.floorDiv(timestamp, Timestamps.SECOND));
    }

    /// The instant of a local time: in a gap by the offset before it, in an overlap by the one after it. Only the
    /// first change of the offset after the day before that time is looked at.
    long fromLocal(long local) {
        if (!Timestamps.isFinite(local)) {
            return local;
        }
        return shifted(local, -offsetOfLocal(Math.floorDiv(local, Timestamps.SECOND)) * Timestamps.SECOND);
    }

    /// When the zone's time changes next after an instant, infinity when never.
    long nextChange(long timestamp) {
        ZoneRules.Boundary boundary = rules.next(Math.floorDiv(timestamp, Timestamps.SECOND));
        return boundary.after() == null ? Timestamps.INFINITY : boundary.instant() * Timestamps.SECOND;
    }

    private long offsetOfLocal(long local) {
        ZoneRules.Boundary boundary = rules.next(local - DAY_SECONDS);
        long before = boundary.before().offset();
        if (boundary.after() == null) {
            return before;
        }
        long after = boundary.after().offset();
        long instantBefore = local - before;
        long instantAfter = local - after;
        if (instantBefore < boundary.instant() && instantAfter < boundary.instant()) {
            return before;
        }
        if (instantBefore >= boundary.instant() && instantAfter >= boundary.instant()) {
            return after;
        }
        return instantBefore > instantAfter ? before : after;
    }

    static long shifted(long timestamp, long micros) {
        long moved = timestamp + micros;
        if (((timestamp ^ moved) & (micros ^ moved)) < 0) {
            throw Errors.timestampOutOfRange();
        }
        return Timestamps.of(Math.floorDiv(moved, Timestamps.DAY), Math.floorMod(moved, Timestamps.DAY));
    }
}
