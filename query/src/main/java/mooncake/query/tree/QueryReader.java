package mooncake.query.tree;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import mooncake.query.tree.Query.From;
import mooncake.query.tree.Query.JoinKind;
import mooncake.query.tree.Query.SetKind;
import mooncake.query.tree.Query.SetOperation;

/// Reads a whole query.
public final class QueryReader {
    private static final int COMMAND_SELECT = 1;
    private static final int LIMIT_WITH_TIES = 1;
    private static final String TABLE = "r";

    private QueryReader() {}

    /// Reads the text form of a tree.
    ///
    /// @param numbers the number under which a parameter is known to those who read the query
    public static Query read(String text, IntUnaryOperator numbers) {
        return switch (ParamNumbers.renumber(TreeParser.parse(text), numbers)) {
            case Tree.Node node -> read(node);
            case Tree.Items(char _, List<Tree> items)
            when items.size() == 1 && items.getFirst() instanceof Tree.Node node -> read(node);
            case Tree.Items _, Tree.Word _, Tree.Nothing _, Tree.Datum _ ->
                throw Refusal.because("The tree is not a single query.");
        };
    }

    /// The OIDs of the relations that a tree reads, at any level, whether or not it can be translated.
    public static List<Integer> relations(String text) {
        Set<Integer> found = new LinkedHashSet<>();
        findRelations(TreeParser.parse(text), found);
        return List.copyOf(found);
    }

    private static void findRelations(Tree tree, Set<Integer> found) {
        switch (tree) {
            case Tree.Items(char _, List<Tree> items) -> items.forEach(item -> findRelations(item, found));
            case Tree.Node(String _, Map<String, Tree> fields) -> {
                if (fields.get("relkind") instanceof Tree.Word(String kind)
                        && kind.equals(TABLE)
                        && fields.get("relid") instanceof Tree.Word(String oid)) {
                    found.add(Integer.parseUnsignedInt(oid));
                }
                fields.values().forEach(value -> findRelations(value, found));
            }
            case Tree.Word _, Tree.Nothing _, Tree.Datum _ -> {}
        }
    }

    static Query read(Tree.Node node) {
        Fields in = new Fields(node);
        if (!node.tag().equals("QUERY") || in.integer("commandType") != COMMAND_SELECT) {
            throw Refusal.because("Only SELECT is translated.");
        }
        in.ignore("querySource", "canSetTag", "hasSubLinks", "hasRowSecurity", "override", "rteperminfos");
        in.ignore("stmt_location", "stmt_len", "hasWindowFuncs", "hasGroupRTE", "isReturn", "queryId");
        in.ignore("returningOldAlias", "returningNewAlias", "hasRecursive");
        in.unused("utilityStmt", "resultRelation", "hasModifyingCTE");
        in.unused("hasForUpdate", "onConflict", "returningList", "rowMarks");
        in.unused("withCheckOptions", "mergeActionList", "mergeTargetRelation", "mergeJoinCondition");
        in.unused("mergeUseOuterJoin", "constraintDeps");
        Fields joinTree = new Fields(in.someNode("jointree"));
        Tree.Node sets = in.node("setOperations");
        Query query = new Query(
                in.nodes("cteList").stream().map(QueryReader::commonTable).toList(),
                in.nodes("rtable").stream().map(RangeEntryReader::read).toList(),
                joinTree.nodes("fromlist").stream().map(QueryReader::from).toList(),
                ExprReader.readOptional(joinTree.node("quals")),
                in.nodes("targetList").stream().map(ExprReader::target).toList(),
                ExprReader.sortKeys(in.nodes("groupClause")),
                GroupingSets.expand(in.nodes("groupingSets"), in.flag("groupDistinct")),
                ExprReader.readOptional(in.node("havingQual")),
                in.nodes("windowClause").stream().map(QueryReader::window).toList(),
                ExprReader.sortKeys(in.nodes("distinctClause")),
                in.flag("hasDistinctOn"),
                ExprReader.sortKeys(in.nodes("sortClause")),
                ExprReader.readOptional(in.node("limitOffset")),
                ExprReader.readOptional(in.node("limitCount")),
                in.integer("limitOption") == LIMIT_WITH_TIES,
                sets == null ? null : setOperation(sets),
                in.flag("hasAggs"),
                in.flag("hasTargetSRFs"));
        joinTree.end();
        in.end();
        return query;
    }

    private static Query.CommonTable commonTable(Tree.Node node) {
        Fields in = new Fields(node);
        in.ignore("aliascolnames", "ctematerialized", "location", "cterefcount", "ctecolnames", "ctecoltypes");
        in.ignore("ctecoltypmods", "ctecolcollations");
        // SEARCH and CYCLE are part of the query already.
        in.ignore("search_clause", "cycle_clause");
        Query.CommonTable table =
                new Query.CommonTable(in.word("ctename"), read(in.someNode("ctequery")), in.flag("cterecursive"));
        in.end();
        return table;
    }

    private static From from(Tree.Node node) {
        Fields in = new Fields(node);
        From from = switch (node.tag()) {
            case "RANGETBLREF" -> new From.Table(in.integer("rtindex"));
            case "JOINEXPR" -> join(in);
            default -> throw Refusal.because("%s in FROM is not translated.", node.tag());
        };
        in.end();
        return from;
    }

    private static From join(Fields in) {
        in.ignore("isNatural", "usingClause", "join_using_alias", "alias", "rtindex");
        int kind = in.integer("jointype");
        JoinKind join = switch (kind) {
            case 0 -> JoinKind.INNER;
            case 1 -> JoinKind.LEFT;
            case 2 -> JoinKind.FULL;
            case 3 -> JoinKind.RIGHT;
            default -> throw Refusal.because("A join of kind %d is not translated.", kind);
        };
        return new From.Join(
                join, from(in.someNode("larg")), from(in.someNode("rarg")), ExprReader.readOptional(in.node("quals")));
    }

    private static Query.WindowClause window(Tree.Node node) {
        Fields in = new Fields(node);
        in.ignore("name", "refname", "copiedOrder", "startInRangeFunc", "endInRangeFunc", "inRangeColl");
        in.ignore("inRangeAsc", "inRangeNullsFirst");
        in.unused("runCondition");
        Query.WindowClause window = new Query.WindowClause(
                in.integer("winref"),
                ExprReader.sortKeys(in.nodes("partitionClause")),
                ExprReader.sortKeys(in.nodes("orderClause")),
                in.integer("frameOptions"),
                ExprReader.readOptional(in.node("startOffset")),
                ExprReader.readOptional(in.node("endOffset")));
        in.end();
        return window;
    }

    private static SetOperation setOperation(Tree.Node node) {
        Fields in = new Fields(node);
        if (node.tag().equals("RANGETBLREF")) {
            SetOperation leaf = new SetOperation.Leaf(in.integer("rtindex"));
            in.end();
            return leaf;
        }
        if (!node.tag().equals("SETOPERATIONSTMT")) {
            throw Refusal.because("%s in a set operation is not translated.", node.tag());
        }
        in.ignore("colTypmods", "groupClauses");
        int kind = in.integer("op");
        SetKind set = switch (kind) {
            case 1 -> SetKind.UNION;
            case 2 -> SetKind.INTERSECT;
            case 3 -> SetKind.EXCEPT;
            default -> throw Refusal.because("A set operation of kind %d is not translated.", kind);
        };
        SetOperation combined = new SetOperation.Combined(
                set,
                in.flag("all"),
                setOperation(in.someNode("larg")),
                setOperation(in.someNode("rarg")),
                new ArrayList<>(in.numbers("colTypes")),
                in.numbers("colCollations"));
        in.end();
        return combined;
    }
}
