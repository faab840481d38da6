package mooncake.query.exact;

import java.util.ArrayList;
import java.util.List;
import mooncake.duckdb.DuckVector;
import mooncake.duckdb.WritableVector;
import mooncake.query.exact.Numeric.Special;
import org.jspecify.annotations.Nullable;

/// `mc_edge_*`: the [FrameEdge]s of each type.
final class FrameEdges {
    private static final String INTERVAL = "INTERVAL";
    private static final String TEXT = "VARCHAR";

    private FrameEdges() {}

    /// Makes an edge of the arguments of a call.
    private interface Maker {
        FrameEdge of(DuckVector[] in);
    }

    static List<ExactFunction> all() {
        return List.of(
                edge("mc_edge_f8", "DOUBLE", "DOUBLE", OfFloats::new),
                edge("mc_edge_timestamp", "TIMESTAMP", INTERVAL, OfTimestamps::new),
                edge("mc_edge_timestamptz", "TIMESTAMPTZ", INTERVAL, OfTimestamps::new, TEXT),
                edge("mc_edge_time", "TIME", INTERVAL, OfTimes::new),
                edge("mc_edge_interval", INTERVAL, INTERVAL, OfIntervals::new),
                edge("mc_edge_numeric", TEXT, TEXT, OfNumerics::new));
    }

    private static ExactFunction edge(String name, String value, String distance, Maker maker, String... more) {
        List<String> types = new ArrayList<>(List.of(value + "[]", "BIGINT", distance, "INTEGER"));
        types.addAll(List.of(more));
        return new ExactFunction(
                name, types, "BIGINT", ExactFunction.Nulls.HANDLED, (DuckVector[] in, int rows, WritableVector out) -> {
                    FrameEdge edge = maker.of(in);
                    for (int row = 0; row < rows; row++) {
                        out.setLong(row, edge.find(row));
                    }
                });
    }

    private static final class OfFloats extends FrameEdge {
        private final DuckVector distances;
        private boolean endless;
        private double sum;

        OfFloats(DuckVector[] in) {
            super(in);
            this.distances = in[2];
        }

        @Override
        void stand(int row, int base) {
            double distance = distances.getDouble(row);
            double value = values.getDouble(base);
            if (Double.isNaN(distance) || distance < 0) {
                throw invalidSize();
            }
            endless = Double.isInfinite(distance) && Double.isInfinite(value) && (back() ? value > 0 : value < 0);
            sum = back() ? value - distance : value + distance;
        }

        @Override
        boolean reaches(int value) {
            double x = values.getDouble(value);
            if (endless) {
                return !Double.isNaN(x) || !less();
            }
            // Java's order of floats has NaN last, and 0 behind -0.
            return within(Double.compare(x + 0.0, sum + 0.0));
        }
    }

    private static final class OfTimestamps extends FrameEdge {
        private final DuckVector distances;
        private final @Nullable LastSeen<Zone> zone;
        private long sum;

        OfTimestamps(DuckVector[] in) {
            super(in);
            this.distances = in[2];
            this.zone = in.length > 4 ? new LastSeen<>(in[4], Zone::of) : null;
        }

        @Override
        void stand(int row, int base) {
            Interval by = distance(distances, row, back());
            if (isMixed(by)) {
                throw Errors.notComputed("a frame by an interval with a negative part");
            }
            LastSeen<Zone> zones = zone;
            long value = values.getLong(base);
            sum = zones == null
                    ? Timestamps.add(value, by.months(), by.days(), by.micros())
                    : Timestamps.add(value, by.months(), by.days(), by.micros(), zones.get(row));
        }

        @Override
        boolean reaches(int value) {
            return within(Long.compare(values.getLong(value), sum));
        }
    }

    /// Whether an interval leads from some moments forward and from others back.
    private static boolean isMixed(Interval interval) {
        boolean back = interval.months() < 0 || interval.days() < 0 || interval.micros() < 0;
        return back && (interval.months() > 0 || interval.days() > 0 || interval.micros() > 0);
    }

    /// Only the hours of the distance count.
    private static final class OfTimes extends FrameEdge {
        private final DuckVector distances;
        private long sum;

        OfTimes(DuckVector[] in) {
            super(in);
            this.distances = in[2];
        }

        @Override
        void stand(int row, int base) {
            long distance = TimeFunctions.interval(distances, row).micros();
            if (distance < 0) {
                throw invalidSize();
            }
            long value = values.getLong(base);
            sum = back() ? value - distance : Math.min(value, Long.MAX_VALUE - distance) + distance;
        }

        @Override
        boolean reaches(int value) {
            return within(Long.compare(values.getLong(value), sum));
        }
    }

    private static final class OfIntervals extends FrameEdge {
        private final DuckVector distances;
        private Interval sum = new Interval(0, 0, 0);

        OfIntervals(DuckVector[] in) {
            super(in);
            this.distances = in[2];
        }

        @Override
        void stand(int row, int base) {
            sum = TimeFunctions.interval(values, base).plus(distance(distances, row, back()));
        }

        @Override
        boolean reaches(int value) {
            return within(TimeFunctions.interval(values, value).key().compareTo(sum.key()));
        }
    }

    /// A distance with its direction.
    private static Interval distance(DuckVector distances, int row, boolean back) {
        Interval distance = TimeFunctions.interval(distances, row);
        if (distance.key().signum() < 0) {
            throw FrameEdge.invalidSize();
        }
        return back ? distance.negated() : distance;
    }

    private static final class OfNumerics extends FrameEdge {
        private final NumericReader reader = new NumericReader();
        private final DuckVector distances;
        private boolean endless;
        private Numeric sum = Numeric.ZERO;

        OfNumerics(DuckVector[] in) {
            super(in);
            this.distances = in[2];
        }

        @Override
        void stand(int row, int base) {
            Numeric distance = reader.read(distances, row);
            Numeric value = reader.read(values, base);
            if (distance == Special.NAN || distance.signum() < 0) {
                throw invalidSize();
            }
            endless = distance == Special.INFINITY && value == (back() ? Special.INFINITY : Special.NEGATIVE_INFINITY);
            if (!endless) {
                sum = back() ? NumericMath.subtract(value, distance) : NumericMath.add(value, distance);
            }
        }

        @Override
        boolean reaches(int value) {
            Numeric x = reader.read(values, value);
            return endless ? x != Special.NAN || !less() : within(NumericTheory.compare(x, sum));
        }
    }
}
