package mooncake.benchmarks;

import java.util.Arrays;
import java.util.Collection;

/// Percentiles and means.
public final class Figures {
    private Figures() {}

    /// The smallest value that at least this share of all values does not exceed.
    public static double percentile(Collection<Double> values, double share) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int index = (int) Math.ceil(share * sorted.length) - 1;
        return sorted[Math.clamp(index, 0, sorted.length - 1)];
    }

    public static double geometricMean(Collection<Double> values) {
        return Math.exp(values.stream().mapToDouble(Math::log).average().orElse(Double.NaN));
    }

    public static double millis(long nanosStart) {
        return (System.nanoTime() - nanosStart) / 1e6;
    }
}
