package mooncake.query.exact;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import mooncake.duckdb.DuckVector;
import mooncake.duckdb.VectorFunction;
import mooncake.duckdb.WritableVector;
import org.jspecify.annotations.Nullable;

/// `mc_num_*`: arithmetic and aggregates of numerics in text form.
final class NumericFunctions {
    private static final String TEXT = "VARCHAR";

    private NumericFunctions() {}

    /// What a numeric and an integer make.
    private interface WithInteger {
        Numeric apply(Numeric value, int number);
    }

    /// Writes one row.
    private interface TextRow {
        void apply(int row, TextOut text);
    }

    static List<ExactFunction> all() {
        return List.of(
                binary("mc_num_add", NumericMath::add),
                binary("mc_num_sub", NumericMath::subtract),
                binary("mc_num_mul", NumericMath::multiply),
                new ExactFunction("mc_num_div", List.of(TEXT, TEXT), TEXT, NumericFunctions::divide),
                new ExactFunction("mc_num_avg", List.of(TEXT, TEXT), TEXT, NumericFunctions::average),
                binary("mc_num_mod", NumericMath::mod),
                unary("mc_num_neg", NumericMath::negate),
                unary("mc_num_abs", NumericMath::abs),
                unary("mc_num_ceil", NumericMath::ceil),
                unary("mc_num_floor", NumericMath::floor),
                unary("mc_num_sqrt", NumericMath::sqrt),
                unary("mc_num_exp", NumericPowers::exp),
                unary("mc_num_ln", NumericPowers::ln),
                binary("mc_num_log", NumericPowers::log),
                new ExactFunction("mc_num_power", List.of(TEXT, TEXT, "INTEGER"), TEXT, NumericFunctions::power),
                unary("mc_num_sign", NumericTheory::sign),
                binary("mc_num_quotient", NumericTheory::div),
                binary("mc_num_gcd", NumericTheory::gcd),
                binary("mc_num_lcm", NumericTheory::lcm),
                unary("mc_num_trim", NumericTheory::trimScale),
                toInteger("mc_num_scale", NumericTheory::scale),
                toInteger("mc_num_min_scale", NumericTheory::minScale),
                new ExactFunction("mc_num_cmp", List.of(TEXT, TEXT), "INTEGER", NumericFunctions::compare),
                new ExactFunction(
                        "mc_num_bucket",
                        List.of(TEXT, TEXT, TEXT, "INTEGER", "INTEGER"),
                        "INTEGER",
                        NumericFunctions::bucket),
                new ExactFunction("mc_num_factorial", List.of("BIGINT"), TEXT, NumericFunctions::factorial),
                withInteger("mc_num_round", NumericMath::round),
                withInteger("mc_num_trunc", NumericMath::trunc),
                withInteger("mc_num_shown", NumericMath::shown),
                ExactFunction.ofRows(
                        "mc_num_scale_of",
                        List.of(TEXT, "INTEGER"),
                        "INTEGER",
                        (in, row, out) -> out.setInt(row, scale(in[0].getString(row), in[1].getInt(row)))),
                withInteger("mc_num_typmod", NumericMath::typmod),
                new ExactFunction("mc_num_key", List.of(TEXT), "BLOB", NumericFunctions::key),
                new ExactFunction("mc_num_sum", List.of(TEXT), TEXT, NumericFunctions::sum),
                new ExactFunction(
                        "mc_num_variance",
                        List.of(TEXT, TEXT, "BIGINT", "BOOLEAN", "BOOLEAN"),
                        TEXT,
                        NumericFunctions::variance));
    }

    private static ExactFunction unary(String name, UnaryOperator<Numeric> operator) {
        return new ExactFunction(name, List.of(TEXT), TEXT, (in, rows, out) -> {
            NumericReader reader = new NumericReader();
            eachText(in, rows, out, (row, text) -> text.put(row, operator.apply(reader.read(in[0], row))));
        });
    }

    private static ExactFunction binary(String name, BinaryOperator<Numeric> operator) {
        return new ExactFunction(name, List.of(TEXT, TEXT), TEXT, (in, rows, out) -> {
            NumericReader reader = new NumericReader();
            eachText(
                    in,
                    rows,
                    out,
                    (row, text) -> text.put(row, operator.apply(reader.read(in[0], row), reader.read(in[1], row))));
        });
    }

    private static ExactFunction withInteger(String name, WithInteger operator) {
        return new ExactFunction(name, List.of(TEXT, "INTEGER"), TEXT, (in, rows, out) -> {
            NumericReader reader = new NumericReader();
            eachText(
                    in,
                    rows,
                    out,
                    (row, text) -> text.put(row, operator.apply(reader.read(in[0], row), in[1].getInt(row))));
        });
    }

    private static ExactFunction toInteger(String name, Function<Numeric, @Nullable Integer> function) {
        return new ExactFunction(name, List.of(TEXT), "INTEGER", (in, rows, out) -> {
            NumericReader reader = new NumericReader();
            VectorFunction.eachRow(in, rows, out, row -> {
                Integer result = function.apply(reader.read(in[0], row));
                if (result == null) {
                    out.setNull(row);
                } else {
                    out.setInt(row, result);
                }
            });
        });
    }

    private static void compare(DuckVector[] in, int rows, WritableVector out) {
        NumericReader reader = new NumericReader();
        VectorFunction.eachRow(
                in,
                rows,
                out,
                row -> out.setInt(row, NumericTheory.compare(reader.read(in[0], row), reader.read(in[1], row))));
    }

    private static void power(DuckVector[] in, int rows, WritableVector out) {
        NumericReader reader = new NumericReader();
        eachText(
                in,
                rows,
                out,
                (row, text) -> text.put(
                        row, NumericPowers.power(reader.read(in[0], row), reader.read(in[1], row), in[2].getInt(row))));
    }

    private static void bucket(DuckVector[] in, int rows, WritableVector out) {
        NumericReader reader = new NumericReader();
        VectorFunction.eachRow(
                in,
                rows,
                out,
                row -> out.setInt(
                        row,
                        NumericTheory.widthBucket(
                                reader.read(in[0], row),
                                reader.read(in[1], row),
                                reader.read(in[2], row),
                                in[3].getInt(row),
                                in[4].getInt(row))));
    }

    private static void factorial(DuckVector[] in, int rows, WritableVector out) {
        eachText(in, rows, out, (row, text) -> text.put(row, NumericTheory.factorial(in[0].getLong(row))));
    }

    /// The display scale of a numeric that a DuckDB decimal of a larger or equal scale holds.
    private static int scale(String text, int most) {
        int point = text.indexOf('.');
        int scale = point < 0 ? 0 : text.length() - point - 1;
        if (scale > most || Numeric.parse(text) instanceof Numeric.Special) {
            throw Errors.outOfRange("Overflow in a conversion to DECIMAL(38," + most + ")");
        }
        return scale;
    }

    private static void divide(DuckVector[] in, int rows, WritableVector out) {
        NumericReader a = new NumericReader();
        NumericReader b = new NumericReader();
        ShortQuotient quotient = new ShortQuotient();
        eachText(in, rows, out, (row, text) -> quotient(in, row, a, b, quotient, text));
    }

    private static void average(DuckVector[] in, int rows, WritableVector out) {
        NumericReader a = new NumericReader();
        NumericReader b = new NumericReader();
        ShortQuotient quotient = new ShortQuotient();
        eachText(in, rows, out, (row, text) -> {
            if (b.readShort(in[1], row) && b.unscaled() == 0) {
                out.setNull(row);
            } else {
                quotient(in, row, a, b, quotient, text);
            }
        });
    }

    private static void quotient(
            DuckVector[] in, int row, NumericReader a, NumericReader b, ShortQuotient quotient, TextOut out) {
        boolean shortNumbers = a.readShort(in[0], row) && b.readShort(in[1], row) && b.unscaled() != 0;
        if (shortNumbers && quotient.divide(a.unscaled(), a.scale(), b.unscaled(), b.scale())) {
            quotient.put(out, row);
        } else {
            out.put(row, NumericMath.divide(a.read(in[0], row), b.read(in[1], row)));
        }
    }

    private static void key(DuckVector[] in, int rows, WritableVector out) {
        NumericReader reader = new NumericReader();
        eachText(in, rows, out, (row, text) -> text.put(row, NumericKey.of(reader.read(in[0], row))));
    }

    private static void sum(DuckVector[] in, int rows, WritableVector out) {
        NumericReader reader = new NumericReader();
        eachText(in, rows, out, (row, text) -> {
            int length = reader.load(in[0], row);
            text.put(row, NumericAggregates.sum(reader.bytes(), length));
        });
    }

    private static void variance(DuckVector[] in, int rows, WritableVector out) {
        NumericReader reader = new NumericReader();
        eachText(in, rows, out, (row, text) -> {
            long count = in[2].getLong(row);
            boolean sample = in[3].getBoolean(row);
            if (count < (sample ? 2 : 1)) {
                out.setNull(row);
                return;
            }
            Numeric sum = reader.read(in[0], row);
            Numeric squares = reader.read(in[1], row);
            text.put(row, NumericAggregates.variance(sum, squares, count, sample, in[4].getBoolean(row)));
        });
    }

    private static void eachText(DuckVector[] in, int rows, WritableVector out, TextRow body) {
        try (TextOut text = new TextOut(out)) {
            VectorFunction.eachRow(in, rows, out, row -> body.apply(row, text));
        }
    }
}
