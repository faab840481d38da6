package mooncake.query.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import mooncake.query.tree.Expr.BoolTest.Test;
import org.jspecify.annotations.Nullable;

/// Reads expression nodes.
final class ExprReader {
    private static final int PARAM_EXTERN = 0;
    private static final int PARAM_SUBLINK = 2;

    /// Functions that take any number of values of any types, for which VARIADIC means an array of them; for others it
    /// is how the last argument was written.
    private static final Set<Integer> TAKE_ANY = Set.of(438, 440, 3058, 3059, 3198, 3200, 3271, 3273, 3539);

    private ExprReader() {}

    static @Nullable Expr readOptional(Tree.@Nullable Node node) {
        return node == null ? null : read(node);
    }

    static List<Expr> readAll(List<Tree.Node> nodes) {
        return nodes.stream().map(ExprReader::read).toList();
    }

    static Expr read(Tree.Node node) {
        Fields in = new Fields(node);
        in.ignore("location");
        Expr expr = switch (node.tag()) {
            case "VAR" -> variable(in);
            case "PARAM" -> param(in);
            case "FUNCEXPR" -> function(in);
            case "OPEXPR" -> operator(in);
            case "DISTINCTEXPR" -> distinct(in);
            case "NULLIFEXPR" -> nullIf(in);
            case "SCALARARRAYOPEXPR" -> arrayTest(in);
            case "BOOLEXPR" -> bool(in);
            case "SUBLINK" -> subLink(in);
            case "AGGREF" -> aggregate(in);
            case "GROUPINGFUNC", "GROUPING" -> {
                in.ignore("args", "cols");
                yield new Expr.Grouping(in.numbers("refs"), in.integer("agglevelsup"));
            }
            case "ROWEXPR", "ROW" -> row(in);
            case "ROWCOMPAREEXPR", "ROWCOMPARE" -> rowCompare(in);
            case "WINDOWFUNC" -> window(in);
            case "CASEEXPR", "CASE" -> caseOf(in);
            case "CASETESTEXPR" ->
                new Expr.CaseValue(in.integer("typeId"), in.integer("typeMod"), in.integer("collation"));
            case "COALESCEEXPR", "COALESCE" ->
                new Expr.Coalesce(in.integer("coalescetype"), in.integer("coalescecollid"), readAll(in.nodes("args")));
            case "MINMAXEXPR", "MINMAX" ->
                new Expr.MinMax(
                        in.integer("op") == 0,
                        in.integer("minmaxtype"),
                        in.integer("minmaxcollid"),
                        in.integer("inputcollid"),
                        readAll(in.nodes("args")));
            case "NULLTEST" -> nullTest(in);
            case "BOOLEANTEST" -> new Expr.BoolTest(read(in.someNode("arg")), boolTest(in.integer("booltesttype")));
            case "RELABELTYPE" -> relabel(in);
            case "COERCETODOMAIN" -> {
                in.ignore("coercionformat", "resulttypmod");
                yield new Expr.ToDomain(read(in.someNode("arg")), in.integer("resulttype"), in.integer("resultcollid"));
            }
            case "COERCEVIAIO" -> viaText(in);
            case "ARRAYEXPR", "ARRAY" -> array(in);
            case "ARRAYCOERCEEXPR" -> arrayCast(in);
            case "SUBSCRIPTINGREF" -> subscript(in);
            case "COLLATEEXPR" -> new Expr.Collate(read(in.someNode("arg")), in.integer("collOid"));
            default -> throw Refusal.because("%s is not translated.", node.tag());
        };
        in.end();
        return expr;
    }

    static Target target(Tree.Node node) {
        Fields in = new Fields(node);
        in.ignore("resname", "resorigtbl", "resorigcol");
        Target target = new Target(
                read(in.someNode("expr")), in.integer("resno"), in.integer("ressortgroupref"), in.flag("resjunk"));
        in.end();
        return target;
    }

    static List<SortKey> sortKeys(List<Tree.Node> nodes) {
        List<SortKey> keys = new ArrayList<>();
        for (Tree.Node node : nodes) {
            Fields in = new Fields(node);
            in.ignore("hashable", "reverse_sort");
            keys.add(new SortKey(
                    in.integer("tleSortGroupRef"), in.integer("eqop"), in.integer("sortop"), in.flag("nulls_first")));
            in.end();
        }
        return keys;
    }

    private static Expr variable(Fields in) {
        in.ignore("varnosyn", "varattnosyn", "varnullingrels");
        in.unused("varreturningtype");
        return new Expr.Var(
                in.integer("varno"),
                in.integer("varattno"),
                in.integer("vartype"),
                in.integer("vartypmod"),
                in.integer("varcollid"),
                in.integer("varlevelsup"));
    }

    private static Expr param(Fields in) {
        int kind = in.integer("paramkind");
        int id = in.integer("paramid");
        int type = in.integer("paramtype");
        int typmod = in.integer("paramtypmod");
        int collation = in.integer("paramcollid");
        return switch (kind) {
            case PARAM_EXTERN -> new Expr.Param(id, type, typmod, collation);
            case PARAM_SUBLINK -> new Expr.SubLinkColumn(id, type, typmod, collation);
            default -> throw Refusal.because("A parameter of kind %d is not translated.", kind);
        };
    }

    private static Expr function(Fields in) {
        in.ignore("funcformat");
        int function = in.integer("funcid");
        return new Expr.Call(
                function,
                in.integer("funcresulttype"),
                in.integer("funccollid"),
                in.integer("inputcollid"),
                readAll(in.nodes("args")),
                in.flag("funcretset"),
                in.flag("funcvariadic") && TAKE_ANY.contains(function));
    }

    private static Expr operator(Fields in) {
        in.unused("opretset");
        in.ignore("opno");
        return new Expr.Call(
                operatorFunction(in),
                in.integer("opresulttype"),
                in.integer("opcollid"),
                in.integer("inputcollid"),
                readAll(in.nodes("args")),
                false,
                false);
    }

    private static Expr distinct(Fields in) {
        in.unused("opretset");
        in.ignore("opno", "opresulttype", "opcollid");
        List<Expr> args = two(in);
        return new Expr.Distinct(operatorFunction(in), in.integer("inputcollid"), args.get(0), args.get(1));
    }

    private static Expr nullIf(Fields in) {
        in.unused("opretset");
        in.ignore("opno");
        List<Expr> args = two(in);
        return new Expr.NullIf(
                operatorFunction(in),
                in.integer("opresulttype"),
                in.integer("opcollid"),
                in.integer("inputcollid"),
                args.get(0),
                args.get(1));
    }

    private static Expr arrayTest(Fields in) {
        in.ignore("opno", "hashfuncid", "negfuncid");
        List<Expr> args = two(in);
        return new Expr.ArrayTest(
                operatorFunction(in), in.flag("useOr"), in.integer("inputcollid"), args.get(0), args.get(1));
    }

    private static int operatorFunction(Fields in) {
        int function = in.integer("opfuncid");
        if (function == 0) {
            throw Refusal.because("Operator %s has no function.", in.word("opno"));
        }
        return function;
    }

    private static List<Expr> two(Fields in) {
        List<Expr> args = readAll(in.nodes("args"));
        if (args.size() != 2) {
            throw Refusal.because("%s has %d arguments.", in.tag(), args.size());
        }
        return args;
    }

    private static Expr bool(Fields in) {
        Expr.Logic logic = switch (in.word("boolop")) {
            case "and" -> Expr.Logic.AND;
            case "or" -> Expr.Logic.OR;
            case "not" -> Expr.Logic.NOT;
            default -> throw Refusal.because("A boolean operator is not known.");
        };
        return new Expr.Bool(logic, readAll(in.nodes("args")));
    }

    private static Expr subLink(Fields in) {
        in.ignore("operName", "subLinkId");
        Expr test = readOptional(in.node("testexpr"));
        Query query = QueryReader.read(in.someNode("subselect"));
        int kind = in.integer("subLinkType");
        return switch (kind) {
            case 0 -> new Expr.SubLink(Expr.SubLinkKind.EXISTS, null, query);
            case 1 -> new Expr.SubLink(Expr.SubLinkKind.ALL, test, query);
            case 2 -> new Expr.SubLink(Expr.SubLinkKind.ANY, test, query);
            case 3 -> new Expr.SubLink(Expr.SubLinkKind.ROW, test, query);
            case 4 -> new Expr.SubLink(Expr.SubLinkKind.VALUE, null, query);
            case 6 -> new Expr.SubLink(Expr.SubLinkKind.ARRAY, null, query);
            default -> throw Refusal.because("A sub-SELECT of kind %d is not translated.", kind);
        };
    }

    private static Expr aggregate(Fields in) {
        in.ignore("aggtranstype", "aggargtypes", "aggno", "aggtransno", "aggsplit", "aggpresorted");
        in.unused("aggvariadic");
        Expr.AggregateKind kind = switch (in.word("aggkind")) {
            case "n" -> Expr.AggregateKind.NORMAL;
            case "o" -> Expr.AggregateKind.ORDERED;
            case "h" -> Expr.AggregateKind.HYPOTHETICAL;
            default -> throw Refusal.because("An aggregate's kind is not known.");
        };
        return new Expr.Aggregate(
                in.integer("aggfnoid"),
                in.integer("aggtype"),
                in.integer("aggcollid"),
                in.integer("inputcollid"),
                kind,
                readAll(in.nodes("aggdirectargs")),
                in.nodes("args").stream().map(ExprReader::target).toList(),
                sortKeys(in.nodes("aggorder")),
                sortKeys(in.nodes("aggdistinct")),
                readOptional(in.node("aggfilter")),
                in.flag("aggstar"),
                in.integer("agglevelsup"));
    }

    private static Expr row(Fields in) {
        in.ignore("row_format", "colnames");
        return new Expr.Row(readAll(in.nodes("args")), in.integer("row_typeid"));
    }

    private static Expr rowCompare(Fields in) {
        in.ignore("opfamilies");
        int kind = in.has("cmptype") ? in.integer("cmptype") : in.integer("rctype");
        Expr.RowOrder order = switch (kind) {
            case 1 -> Expr.RowOrder.LESS;
            case 2 -> Expr.RowOrder.LESS_OR_EQUAL;
            case 4 -> Expr.RowOrder.GREATER_OR_EQUAL;
            case 5 -> Expr.RowOrder.GREATER;
            default -> throw Refusal.because("Rows are compared in an unknown way.");
        };
        return new Expr.RowCompare(
                order,
                in.numbers("opnos"),
                in.numbers("inputcollids"),
                readAll(in.nodes("largs")),
                readAll(in.nodes("rargs")));
    }

    private static Expr window(Fields in) {
        in.ignore("winagg");
        in.unused("runCondition");
        return new Expr.Window(
                in.integer("winfnoid"),
                in.integer("wintype"),
                in.integer("wincollid"),
                in.integer("inputcollid"),
                readAll(in.nodes("args")),
                readOptional(in.node("aggfilter")),
                in.integer("winref"),
                in.flag("winstar"));
    }

    private static Expr caseOf(Fields in) {
        List<Expr.When> whens = new ArrayList<>();
        for (Tree.Node node : in.nodes("args")) {
            Fields when = new Fields(node);
            when.ignore("location");
            whens.add(new Expr.When(read(when.someNode("expr")), read(when.someNode("result"))));
            when.end();
        }
        return new Expr.Case(
                in.integer("casetype"),
                in.integer("casecollid"),
                readOptional(in.node("arg")),
                whens,
                readOptional(in.node("defresult")));
    }

    private static Expr nullTest(Fields in) {
        return new Expr.NullTest(read(in.someNode("arg")), in.integer("nulltesttype") == 0, in.flag("argisrow"));
    }

    private static Test boolTest(int kind) {
        return switch (kind) {
            case 0 -> Test.IS_TRUE;
            case 1 -> Test.IS_NOT_TRUE;
            case 2 -> Test.IS_FALSE;
            case 3 -> Test.IS_NOT_FALSE;
            case 4 -> Test.IS_UNKNOWN;
            case 5 -> Test.IS_NOT_UNKNOWN;
            default -> throw Refusal.because("A boolean test of kind %d is not translated.", kind);
        };
    }

    private static Expr relabel(Fields in) {
        in.ignore("relabelformat");
        return new Expr.Relabel(
                read(in.someNode("arg")),
                in.integer("resulttype"),
                in.integer("resulttypmod"),
                in.integer("resultcollid"));
    }

    private static Expr viaText(Fields in) {
        in.ignore("coerceformat");
        return new Expr.ViaText(read(in.someNode("arg")), in.integer("resulttype"), in.integer("resultcollid"));
    }

    private static Expr arrayCast(Fields in) {
        in.ignore("coerceformat", "resulttypmod");
        return new Expr.ArrayCast(
                read(in.someNode("arg")),
                read(in.someNode("elemexpr")),
                in.integer("resulttype"),
                in.integer("resultcollid"));
    }

    private static Expr subscript(Fields in) {
        in.unused("refassgnexpr");
        in.ignore("refcontainertype");
        return new Expr.Subscript(
                read(in.someNode("refexpr")),
                readSome(in.list("reflowerindexpr")),
                readSome(in.list("refupperindexpr")),
                in.integer("refrestype"),
                in.integer("refelemtype"),
                in.integer("reftypmod"),
                in.integer("refcollid"));
    }

    private static List<@Nullable Expr> readSome(List<Tree> trees) {
        List<@Nullable Expr> some = new ArrayList<>();
        for (Tree tree : trees) {
            some.add(tree instanceof Tree.Node node ? read(node) : null);
        }
        return some;
    }

    private static Expr array(Fields in) {
        in.ignore("list_start", "list_end");
        return new Expr.Array(
                in.integer("array_typeid"),
                in.integer("element_typeid"),
                in.integer("array_collid"),
                in.flag("multidims"),
                readAll(in.nodes("elements")));
    }
}
