package mooncake.benchmarks.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import mooncake.benchmarks.Figures;

/// Times one prepared statement again and again on one session.
final class Sampler {
    /// Before these the session's plan and the engine's code are not what they stay.
    private static final int WARM_UP = 50;

    private Sampler() {}

    /// @param argument the statement's one parameter in each turn, when it has one
    static List<Double> millis(Connection connection, String sql, int samples, LongUnaryOperator argument)
            throws SQLException {
        List<Double> millis = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            boolean parameter = statement.getParameterMetaData().getParameterCount() == 1;
            for (int i = 0; i < WARM_UP + samples; i++) {
                if (parameter) {
                    statement.setLong(1, argument.applyAsLong(i));
                }
                long start = System.nanoTime();
                read(statement);
                if (i >= WARM_UP) {
                    millis.add(Figures.millis(start));
                }
            }
        }
        return millis;
    }

    private static void read(PreparedStatement statement) throws SQLException {
        int rows = 0;
        try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                rows++;
            }
        }
        if (rows == 0) {
            throw new SQLException("no row came back");
        }
    }
}
