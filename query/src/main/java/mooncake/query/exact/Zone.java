package mooncake.query.exact;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/// A time zone.
record Zone(ZoneRules rules) {
    static Zone of(String name) {
        return new Zone(ZoneId.of(name).getRules());
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
        Instant instant = Instant.ofEpochSecond(Math.floorDiv(timestamp, Timestamps.SECOND));
        return rules.getOffset(instant).getTotalSeconds() * Timestamps.SECOND;
    }

    /// The instant of a local time: in a gap by the offset before it, in an overlap by the one after it.
    long fromLocal(long local) {
        if (!Timestamps.isFinite(local)) {
            return local;
        }
        LocalDateTime time = Timestamps.toLocal(local);
        ZoneOffsetTransition transition = rules.getTransition(time);
        ZoneOffset offset = transition == null
                ? rules.getOffset(time)
                : transition.isGap() ? transition.getOffsetBefore() : transition.getOffsetAfter();
        return shifted(local, -offset.getTotalSeconds() * Timestamps.SECOND);
    }

    static long shifted(long timestamp, long micros) {
        long moved = timestamp + micros;
        if (((timestamp ^ moved) & (micros ^ moved)) < 0) {
            throw Errors.timestampOutOfRange();
        }
        return Timestamps.of(Math.floorDiv(moved, Timestamps.DAY), Math.floorMod(moved, Timestamps.DAY));
    }
}
