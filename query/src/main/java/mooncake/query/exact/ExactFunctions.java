package mooncake.query.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import mooncake.duckdb.DuckDb;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// All functions of this package.
public final class ExactFunctions {
    private ExactFunctions() {}

    /// Makes them known to a database, once.
    public static void register(DuckDb database) {
        database.register(all());
    }

    /// Their names, for tests.
    public static Set<String> names() {
        return all().stream().map(ExactFunction::name).collect(Collectors.toUnmodifiableSet());
    }

    private static List<ExactFunction> all() {
        List<ExactFunction> all = new ArrayList<>();
        all.addAll(NumericFunctions.all());
        all.addAll(NumberFunctions.all());
        all.addAll(FloatFunctions.all());
        all.addAll(IntegerFunctions.all());
        all.addAll(CastFunctions.all());
        all.addAll(MomentFunctions.all());
        all.addAll(GatheredFunctions.all());
        all.addAll(FrameFunctions.all());
        all.addAll(FrameEdges.all());
        all.addAll(FormatFunctions.all());
        all.addAll(Overlaps.all());
        all.addAll(TextFunctions.all());
        all.addAll(CollationFunctions.all());
        all.addAll(RegexFunctions.all());
        all.addAll(StringFunctions.all());
        all.addAll(ByteFunctions.all());
        all.addAll(TimeFunctions.dates());
        all.addAll(TimeFunctions.timestamps());
        all.addAll(TimeFunctions.intervals());
        all.addAll(PartFunctions.all());
        all.addAll(UnitNames.all());
        all.addAll(CountFunctions.all());
        all.addAll(PercentileFunctions.all());
        all.addAll(SeriesFunctions.all());
        all.addAll(ArrayFunctions.all());
        all.addAll(ArraySearch.all());
        all.addAll(MomentTextFunctions.all());
        all.addAll(JsonFunctions.all());
        all.addAll(JsonChanges.all());
        all.addAll(JsonTextFunctions.all());
        all.addAll(JsonMaking.all());
        all.addAll(RangeFunctions.all());
        all.addAll(NetworkFunctions.all());
        all.add(failed());
        all.addAll(NameFunctions.all());
        all.addAll(ZonedTimeFunctions.all());
        all.addAll(EncodingFunctions.all());
        all.addAll(MomentReadFunctions.all());
        all.addAll(QuoteFunctions.all());
        all.addAll(MoneyFunctions.all());
        return all;
    }

    /// Stands for a value that Postgres could not compute; its argument is Postgres' error.
    private static ExactFunction failed() {
        return ExactFunction.ofRows("mc_failed", List.of("VARCHAR"), "VARCHAR", (in, row, _) -> {
            throw new MooncakeException(ErrorCode.VALUE_FAILED, in[0].getString(row));
        });
    }
}
