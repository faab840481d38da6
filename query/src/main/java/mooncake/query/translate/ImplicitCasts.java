package mooncake.query.translate;

import java.util.List;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// The functions of casts that Postgres adds by itself where no tree shows them.
final class ImplicitCasts {
    /// @param function OID of the function
    private record Cast(int from, int to, int function) {}

    private static final List<Cast> CASTS = List.of(
            new Cast(Oids.INT2, Oids.INT4, 313),
            new Cast(Oids.INT2, Oids.INT8, 754),
            new Cast(Oids.INT4, Oids.INT8, 481),
            new Cast(Oids.INT2, Oids.NUMERIC, 1782),
            new Cast(Oids.INT4, Oids.NUMERIC, 1740),
            new Cast(Oids.INT8, Oids.NUMERIC, 1781),
            new Cast(Oids.INT2, Oids.FLOAT4, 236),
            new Cast(Oids.INT4, Oids.FLOAT4, 318),
            new Cast(Oids.INT8, Oids.FLOAT4, 652),
            new Cast(Oids.INT2, Oids.FLOAT8, 235),
            new Cast(Oids.INT4, Oids.FLOAT8, 316),
            new Cast(Oids.INT8, Oids.FLOAT8, 482),
            new Cast(Oids.FLOAT4, Oids.FLOAT8, 311),
            new Cast(Oids.NUMERIC, Oids.FLOAT4, 1745),
            new Cast(Oids.NUMERIC, Oids.FLOAT8, 1746),
            new Cast(Oids.BPCHAR, Oids.TEXT, 401),
            new Cast(Oids.BPCHAR, Oids.VARCHAR, 401),
            new Cast(Oids.DATE, Oids.TIMESTAMP, 2024),
            new Cast(Oids.DATE, Oids.TIMESTAMPTZ, 1174),
            new Cast(Oids.TIMESTAMP, Oids.TIMESTAMPTZ, 2028),
            new Cast(Oids.TIME, Oids.INTERVAL, 1370));

    private ImplicitCasts() {}

    /// The OID of the function that casts values of one type to another.
    static int find(int from, int to) {
        return CASTS.stream()
                .filter(cast -> cast.from() == from && cast.to() == to)
                .findFirst()
                .orElseThrow(() -> Refusal.because("Columns of types %d and %d are not brought together.", from, to))
                .function();
    }
}
