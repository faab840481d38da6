package mooncake.query.exact;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import mooncake.duckdb.DuckVector;
import mooncake.duckdb.WritableVector;
import org.jspecify.annotations.Nullable;

/// Aggregates over window frames whose result depends on the order of the values: `mc_f8_frame` and
/// `mc_interval_frame`.
///
/// The arguments are the aggregate's name, the values of the whole partition in its order as lists, how many of them
/// lie from the frame's start to the partition's end, how many lie in the frame before rows are excluded, and which are
/// excluded: the positions, counted from 1, of the first one and of the one behind the last, and of one among them
/// that stays, or zeros.
final class FrameFunctions {
    private static final String TEXT = "VARCHAR";
    private static final String BIGINT = "BIGINT";
    private static final int PLACES = 5;

    private FrameFunctions() {}

    static List<ExactFunction> all() {
        return List.of(
                frame("mc_f8_frame", "DOUBLE", FrameFunctions::floats, "DOUBLE[]"),
                frame("mc_f8_frame", "DOUBLE", FrameFunctions::pairs, "DOUBLE[]", "DOUBLE[]"),
                frame("mc_interval_frame", "INTERVAL", FrameFunctions::intervals, "INTERVAL[]"));
    }

    /// Reads the lists of a call.
    private interface Reader {
        Fold read(DuckVector[] in);
    }

    /// Values that are added up one after another.
    private interface Fold {
        void restart(String name);

        /// @param at the value's place in a row's lists
        void add(int row, int at);

        void write(int row, WritableVector out);
    }

    private static ExactFunction frame(String name, String type, Reader reader, String... lists) {
        List<String> types = new ArrayList<>(List.of(TEXT));
        types.addAll(List.of(lists));
        types.addAll(Collections.nCopies(PLACES, BIGINT));
        return new ExactFunction(name, types, type, ExactFunction.Nulls.HANDLED, (in, rows, out) -> {
            Frames frames = new Frames(in, reader.read(in));
            for (int row = 0; row < rows; row++) {
                frames.add(row);
                frames.fold.write(row, out);
            }
        });
    }

    /// The frames of all rows of a call. What a frame has in common with the one before is added only once.
    private static final class Frames {
        private final DuckVector[] in;
        private final Fold fold;
        private int list = -1;
        private int from = -1;
        private int to = -1;

        Frames(DuckVector[] in, Fold fold) {
            this.in = in;
            this.fold = fold;
        }

        private int place(int row, int argument) {
            return Math.toIntExact(in[in.length - PLACES + argument].getLong(row));
        }

        void add(int row) {
            int start = in[1].listLength(row) - place(row, 0);
            int end = start + place(row, 1);
            int skipFrom = place(row, 2) - 1;
            int skipTo = place(row, 3) - 1;
            int kept = place(row, 4) - 1;
            boolean whole = skipFrom < 0;
            int offset = in[1].listOffset(row);
            boolean goesOn = whole && list == offset && from == start && to <= end;
            if (!goesOn) {
                fold.restart(in[0].getString(row));
            }
            for (int i = goesOn ? to : start; i < end; i++) {
                if (whole || i < skipFrom || i >= skipTo || i == kept) {
                    fold.add(row, i);
                }
            }
            list = offset;
            from = whole ? start : -1;
            to = end;
        }
    }

    private static Fold floats(DuckVector[] in) {
        DuckVector values = in[1].elements();
        return new FloatsFold() {
            @Override
            public void add(int row, int at) {
                int place = in[1].listOffset(row) + at;
                if (values.isValid(place)) {
                    fold.add(values.getDouble(place));
                }
            }
        };
    }

    private static Fold pairs(DuckVector[] in) {
        DuckVector y = in[1].elements();
        DuckVector x = in[2].elements();
        return new FloatsFold() {
            @Override
            public void add(int row, int at) {
                int placeY = in[1].listOffset(row) + at;
                int placeX = in[2].listOffset(row) + at;
                if (y.isValid(placeY) && x.isValid(placeX)) {
                    fold.add(y.getDouble(placeY), x.getDouble(placeX));
                }
            }
        };
    }

    private abstract static class FloatsFold implements Fold {
        FloatFold fold = new FloatFold("sum");

        @Override
        public void restart(String name) {
            fold = new FloatFold(name);
        }

        @Override
        public void write(int row, WritableVector out) {
            GatheredFunctions.put(out, row, fold.result());
        }
    }

    private static Fold intervals(DuckVector[] in) {
        DuckVector values = in[1].elements();
        return new Fold() {
            private IntervalFold fold = new IntervalFold("sum");

            @Override
            public void restart(String name) {
                fold = new IntervalFold(name);
            }

            @Override
            public void add(int row, int at) {
                int place = in[1].listOffset(row) + at;
                if (values.isValid(place)) {
                    fold.add(TimeFunctions.interval(values, place));
                }
            }

            @Override
            public void write(int row, WritableVector out) {
                @Nullable Interval result = fold.result();
                if (result == null) {
                    out.setNull(row);
                } else {
                    out.setInterval(row, result.months(), result.days(), result.micros());
                }
            }
        };
    }
}
