package mooncake.query.exact;

import mooncake.duckdb.DuckVector;
import org.jspecify.annotations.Nullable;

/// Variances, covariances and regressions of floats by the method of Youngs and Cramer, one pair after another.
final class FloatStatistics {
    private double count;
    private double sumX;
    private double squaresX;
    private double sumY;
    private double squaresY;
    private double products;

    /// A value of a statistic of one variable.
    void add(double x) {
        double before = count;
        double sumBefore = sumX;
        count++;
        sumX += x;
        if (before == 0) {
            if (!Double.isFinite(x)) {
                squaresX = Double.NaN;
            }
            return;
        }
        double distance = x * count - sumX;
        squaresX += distance * distance / (count * before);
        if (Double.isInfinite(sumX) || Double.isInfinite(squaresX)) {
            if (!Double.isInfinite(sumBefore) && !Double.isInfinite(x)) {
                throw Errors.floatOverflow();
            }
            squaresX = Double.NaN;
        }
    }

    /// A pair of a statistic of two variables.
    void add(double y, double x) {
        double before = count;
        double sumXBefore = sumX;
        double sumYBefore = sumY;
        count++;
        sumX += x;
        sumY += y;
        if (before == 0) {
            addFirst(y, x);
            return;
        }
        double distanceX = x * count - sumX;
        double distanceY = y * count - sumY;
        double scale = 1.0 / (count * before);
        squaresX += distanceX * distanceX * scale;
        squaresY += distanceY * distanceY * scale;
        products += distanceX * distanceY * scale;
        boolean infiniteX = Double.isInfinite(sumX) || Double.isInfinite(squaresX);
        boolean infiniteY = Double.isInfinite(sumY) || Double.isInfinite(squaresY);
        if (infiniteX || infiniteY || Double.isInfinite(products)) {
            boolean finiteX = !Double.isInfinite(sumXBefore) && !Double.isInfinite(x);
            boolean finiteY = !Double.isInfinite(sumYBefore) && !Double.isInfinite(y);
            if ((infiniteX && finiteX)
                    || (infiniteY && finiteY)
                    || (Double.isInfinite(products) && finiteX && finiteY)) {
                throw Errors.floatOverflow();
            }
            squaresX = numberOrNaN(squaresX);
            squaresY = numberOrNaN(squaresY);
            products = numberOrNaN(products);
        }
    }

    private void addFirst(double y, double x) {
        if (!Double.isFinite(x)) {
            squaresX = Double.NaN;
            products = Double.NaN;
        }
        if (!Double.isFinite(y)) {
            squaresY = Double.NaN;
            products = Double.NaN;
        }
    }

    private static double numberOrNaN(double value) {
        return Double.isInfinite(value) ? Double.NaN : value;
    }

    /// The statistic that Postgres calls by this name; null where it is not defined.
    @Nullable
    Double result(String name) {
        if (count < 1) {
            return null;
        }
        return switch (name) {
            case "avg" -> sumX / count;
            case "var_pop" -> squaresX / count;
            case "var_samp" -> count > 1 ? squaresX / (count - 1) : null;
            case "stddev_pop" -> Math.sqrt(squaresX / count);
            case "stddev_samp" -> count > 1 ? Math.sqrt(squaresX / (count - 1)) : null;
            case "regr_sxx" -> squaresX;
            case "regr_syy" -> squaresY;
            case "regr_sxy" -> products;
            case "regr_avgx" -> sumX / count;
            case "regr_avgy" -> sumY / count;
            case "covar_pop" -> products / count;
            case "covar_samp" -> count > 1 ? products / (count - 1) : null;
            case "corr" -> squaresX == 0 || squaresY == 0 ? null : products / Math.sqrt(squaresX * squaresY);
            case "regr_r2" -> squaresX == 0 ? null : squaresY == 0 ? 1.0 : products * products / (squaresX * squaresY);
            case "regr_slope" -> squaresX == 0 ? null : products / squaresX;
            case "regr_intercept" -> squaresX == 0 ? null : (sumY - sumX * products / squaresX) / count;
            default -> throw new IllegalStateException("no statistic " + name);
        };
    }

    /// Pairs of which one is null do not count.
    static FloatStatistics of(DuckVector listsY, DuckVector listsX, int row) {
        FloatStatistics statistics = new FloatStatistics();
        DuckVector y = listsY.elements();
        DuckVector x = listsX.elements();
        int fromY = listsY.listOffset(row);
        int fromX = listsX.listOffset(row);
        for (int i = 0; i < listsY.listLength(row); i++) {
            if (y.isValid(fromY + i) && x.isValid(fromX + i)) {
                statistics.add(y.getDouble(fromY + i), x.getDouble(fromX + i));
            }
        }
        return statistics;
    }
}
