package mooncake.query.tree;

import java.util.ArrayList;
import java.util.List;
import mooncake.query.tree.RangeEntry.Sample;
import org.jspecify.annotations.Nullable;

/// Reads entries of range tables.
final class RangeEntryReader {
    private static final List<String> RELATION_KINDS = List.of("r", "m");
    private static final int BERNOULLI = 3313;
    private static final int SYSTEM = 3314;

    /// What the extension writes instead of the kind of a table that it ships.
    private static final String SHIPPED = "h";

    private RangeEntryReader() {}

    static RangeEntry read(Tree.Node node) {
        Fields in = new Fields(node);
        if (!node.tag().equals("RANGETBLENTRY") && !node.tag().equals("RTE")) {
            throw Refusal.because("%s in a range table is not translated.", node.tag());
        }
        in.ignore("alias", "eref", "inFromCl", "requiredPerms", "checkAsUser", "selectedCols", "insertedCols");
        in.ignore("updatedCols", "extraUpdatedCols", "perminfoindex", "inh", "rellockmode");
        int kind = in.integer("rtekind");
        if (kind != 0) {
            in.unused("securityQuals");
        }
        boolean lateral = in.flag("lateral");
        RangeEntry entry = switch (kind) {
            case 0 -> relation(in);
            case 1 -> subSelect(in, lateral);
            case 2 -> join(in);
            case 3 -> functions(in, lateral);
            case 5 -> rows(in, lateral);
            case 6 -> commonTable(in);
            case 8 -> new RangeEntry.Unusable("An empty table is not translated.");
            case 9 -> new RangeEntry.Group(ExprReader.readAll(in.nodes("groupexprs")));
            default -> throw Refusal.because("%s in FROM is not translated.", kindName(kind));
        };
        in.end();
        return entry;
    }

    private static RangeEntry relation(Fields in) {
        RangeEntry.Sample sample = sample(in.node("tablesample"));
        String kind = in.word("relkind");
        int relation = in.integer("relid");
        List<Expr> policies = ExprReader.readAll(in.nodes("securityQuals"));
        // A view that was expanded stays in the range table, so that its privileges are checked.
        if (kind.equals(SHIPPED)) {
            return new RangeEntry.Shipped(relation);
        }
        return kind.equals("v")
                ? new RangeEntry.Unusable("A view that was not expanded is not translated.")
                : !RELATION_KINDS.contains(kind)
                        ? new RangeEntry.Unusable("A relation of kind " + kind + " is not translated.")
                        : new RangeEntry.Relation(relation, sample, policies);
    }

    private static RangeEntry.@Nullable Sample sample(Tree.@Nullable Node node) {
        if (node == null) {
            return null;
        }
        Fields in = new Fields(node);
        Sample.Method method = switch (in.integer("tsmhandler")) {
            case BERNOULLI -> Sample.Method.BERNOULLI;
            case SYSTEM -> Sample.Method.SYSTEM;
            default -> throw Refusal.because("A TABLESAMPLE method of an extension is not translated.");
        };
        List<Expr> args = ExprReader.readAll(in.nodes("args"));
        Sample sample = new Sample(method, args.getFirst(), ExprReader.readOptional(in.node("repeatable")));
        in.end();
        return sample;
    }

    private static RangeEntry functions(Fields in, boolean lateral) {
        List<RangeEntry.TableFunction> functions = new ArrayList<>();
        for (Tree.Node node : in.nodes("functions")) {
            Fields function = new Fields(node);
            function.ignore("funcparams");
            // A list of columns is given for functions that return rows of any type.
            function.unused("funccolnames", "funccoltypes", "funccoltypmods", "funccolcollations");
            functions.add(new RangeEntry.TableFunction(
                    ExprReader.read(function.someNode("funcexpr")), function.integer("funccolcount")));
            function.end();
        }
        return new RangeEntry.Functions(functions, in.flag("funcordinality"), lateral);
    }

    private static RangeEntry subSelect(Fields in, boolean lateral) {
        in.unused("tablesample");
        in.ignore("relid", "relkind");
        boolean barrier = in.flag("security_barrier");
        return new RangeEntry.SubSelect(QueryReader.read(in.someNode("subquery")), lateral, barrier);
    }

    private static RangeEntry join(Fields in) {
        in.ignore("jointype", "joinmergedcols", "joinleftcols", "joinrightcols", "join_using_alias");
        List<Expr> columns = new ArrayList<>();
        for (Tree item : in.list("joinaliasvars")) {
            if (!(item instanceof Tree.Node column)) {
                throw Refusal.because("A join has a column that was dropped.");
            }
            columns.add(ExprReader.read(column));
        }
        return new RangeEntry.Join(columns);
    }

    private static RangeEntry rows(Fields in, boolean lateral) {
        in.ignore("coltypmods", "colcollations");
        List<List<Expr>> rows = new ArrayList<>();
        for (Tree item : in.list("values_lists")) {
            if (!(item instanceof Tree.Items(char _, List<Tree> cells))) {
                throw Refusal.because("VALUES have an unexpected shape.");
            }
            List<Expr> row = new ArrayList<>();
            for (Tree cell : cells) {
                if (!(cell instanceof Tree.Node node)) {
                    throw Refusal.because("VALUES have an unexpected shape.");
                }
                row.add(ExprReader.read(node));
            }
            rows.add(row);
        }
        return new RangeEntry.Rows(rows, in.numbers("coltypes"), lateral);
    }

    private static RangeEntry commonTable(Fields in) {
        in.ignore("self_reference", "coltypes", "coltypmods", "colcollations");
        return new RangeEntry.CommonTableUse(in.word("ctename"), in.integer("ctelevelsup"));
    }

    private static String kindName(int kind) {
        return switch (kind) {
            case 4 -> "XMLTABLE or JSON_TABLE";
            case 7 -> "A transition table";
            default -> "A table of kind " + kind;
        };
    }
}
