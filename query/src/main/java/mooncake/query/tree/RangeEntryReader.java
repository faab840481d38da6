package mooncake.query.tree;

import java.util.ArrayList;
import java.util.List;

/// Reads entries of range tables.
final class RangeEntryReader {
    private static final List<String> RELATION_KINDS = List.of("r", "m");

    private RangeEntryReader() {}

    static RangeEntry read(Tree.Node node) {
        Fields in = new Fields(node);
        if (!node.tag().equals("RANGETBLENTRY") && !node.tag().equals("RTE")) {
            throw Refusal.because("%s in a range table is not translated.", node.tag());
        }
        in.ignore("alias", "eref", "inFromCl", "requiredPerms", "checkAsUser", "selectedCols", "insertedCols");
        in.ignore("updatedCols", "extraUpdatedCols", "perminfoindex", "inh", "rellockmode");
        in.unused("securityQuals");
        int kind = in.integer("rtekind");
        boolean lateral = in.flag("lateral");
        RangeEntry entry = switch (kind) {
            case 0 -> relation(in);
            case 1 -> subSelect(in, lateral);
            case 2 -> join(in);
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
        in.unused("tablesample");
        String kind = in.word("relkind");
        int relation = in.integer("relid");
        // A view that was expanded stays in the range table, so that its privileges are checked.
        return kind.equals("v")
                ? new RangeEntry.Unusable("A view that was not expanded is not translated.")
                : !RELATION_KINDS.contains(kind)
                        ? new RangeEntry.Unusable("A relation of kind " + kind + " is not translated.")
                        : new RangeEntry.Relation(relation);
    }

    private static RangeEntry subSelect(Fields in, boolean lateral) {
        in.unused("security_barrier", "tablesample");
        in.ignore("relid", "relkind");
        return new RangeEntry.SubSelect(QueryReader.read(in.someNode("subquery")), lateral);
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
        if (lateral) {
            throw Refusal.because("LATERAL VALUES are not translated.");
        }
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
        return new RangeEntry.Rows(rows, in.numbers("coltypes"));
    }

    private static RangeEntry commonTable(Fields in) {
        in.unused("self_reference");
        in.ignore("coltypes", "coltypmods", "colcollations");
        return new RangeEntry.CommonTableUse(in.word("ctename"), in.integer("ctelevelsup"));
    }

    private static String kindName(int kind) {
        return switch (kind) {
            case 3 -> "A function";
            case 4 -> "XMLTABLE or JSON_TABLE";
            case 7 -> "A transition table";
            default -> "A table of kind " + kind;
        };
    }
}
