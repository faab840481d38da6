package mooncake.query.translate;

import java.util.List;
import java.util.OptionalInt;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.query.collate.CollationCatalog;
import mooncake.query.frame.Target;
import mooncake.query.frame.Value;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Query;
import mooncake.query.tree.QueryReader;
import mooncake.query.tree.RangeEntry;
import mooncake.query.tree.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Translates whole queries.
public final class Translator {
    private static final Logger LOG = LoggerFactory.getLogger(Translator.class);
    private static final int COUNT_ROWS = 2803;

    private Translator() {}

    /// What a query is translated with: the [Session] in its text form, the database's collations,
    /// whether every numeric is computed by Postgres' own rules on text, how mirrors keep their
    /// columns, and what types are that are not built in. Numerics on text are slower but know no limit of
    /// digits; they are for a query that failed because DuckDB's decimals were too small, or because of rows
    /// that Postgres would not have looked at: then every function counts as one that fails. Columns of
    /// shipped rows are found by the shipment's number.
    public record Settings(
            String session,
            CollationCatalog collations,
            boolean allNumericsFree,
            MirrorTypes types,
            MirrorTypes shippedTypes,
            UserTypes userTypes) {
        public Settings(String session, CollationCatalog collations, boolean allNumericsFree, MirrorTypes types) {
            this(session, collations, allNumericsFree, types, MirrorTypes.UNKNOWN, UserTypes.UNKNOWN);
        }
    }

    /// Translates a tree in Postgres' text form. `targets` are what the result must deliver.
    public static Translation translate(String tree, List<Value> values, List<Target> targets, Settings settings) {
        try {
            Context context = new Context(values, settings);
            return push(QueryReader.read(tree, number -> first(values, number)), targets, context);
        } catch (MooncakeException e) {
            if (e.code() != ErrorCode.NOT_PUSHED) {
                throw e;
            }
            return new Translation.Refused(e.text());
        } catch (RuntimeException | StackOverflowError e) {
            LOG.warn("event=translation-failed", e);
            return new Translation.Refused("The translator failed: " + e + ".");
        }
    }

    /// The number of the first value that is the same as the one with this number.
    private static int first(List<Value> values, int number) {
        if (number < 1 || number > values.size() || !values.get(number - 1).known()) {
            return number;
        }
        return values.indexOf(values.get(number - 1)) + 1;
    }

    private static Translation push(Query query, List<Target> targets, Context context) {
        List<mooncake.query.tree.Target> outputs = query.outputs();
        if (outputs.isEmpty() || outputs.size() != targets.size()) {
            throw Refusal.because("The query has %d columns and %d are asked for.", outputs.size(), targets.size());
        }
        for (int i = 0; i < outputs.size(); i++) {
            int type = outputs.get(i).expr().type();
            // A target names the type below a domain.
            if (type < Oids.CATALOGUED && type != targets.get(i).type()) {
                throw Refusal.because("Column %d does not have the type that is asked for.", i + 1);
            }
        }
        Selected select = new QuerySql(context, query, null).translateForDelivery();
        boolean mayRefuse = context.mayRefuse() || LateRefusals.inSql(select.sql(), context.major());
        return new Translation.Pushed(
                Translation.Part.split(select.sql()), context.mirrors(), countOf(query), mayRefuse);
    }

    /// The mirror whose rows are counted when the query is nothing but `SELECT count(*) FROM mirror`.
    private static OptionalInt countOf(Query query) {
        boolean bare = query.targets().size() == 1
                && query.targets().getFirst().expr() instanceof Expr.Aggregate count
                && count.function() == COUNT_ROWS
                && count.filter() == null
                && query.from().size() == 1
                && query.where() == null
                && query.group().isEmpty()
                && query.groupingSets().isEmpty()
                && query.having() == null
                && query.limit() == null
                && query.offset() == null
                && query.distinct().isEmpty()
                && query.sets() == null;
        if (bare
                && query.from().getFirst() instanceof Query.From.Table(int table)
                && query.tables().get(table - 1) instanceof RangeEntry.Relation(int relation, var sample, var policies)
                && sample == null
                && policies.isEmpty()) {
            return OptionalInt.of(relation);
        }
        return OptionalInt.empty();
    }
}
