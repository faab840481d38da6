/*
 * path.c: scans of single mirrors, and of parts that run in DuckDB, under Postgres' planner.
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "catalog/pg_class_d.h"
#include "compat.h"
#include "lookup.h"
#include "mirror.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "optimizer/restrictinfo.h"
#include "optimizer/subselect.h"
#include "parser/parsetree.h"
#include "plan.h"
#include "rewrite/rewriteManip.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"

/* A request to the engine, and a row that DuckDB reads, in the planner's unit of one page read. */
#define SCAN_STARTUP_COST 100.0
#define ROW_IN_ENGINE_COST (cpu_operator_cost / 10)

/* The engine is asked for conditions one by one up to so many. */
#define CONDITIONS_MAX 64

/* custom_private of the paths */
#define PATH_SCAN 0				/* List: custom_private of the plan */
#define PATH_VALUES 1			/* List: custom_exprs of the plan */
#define PATH_PUSHED 2			/* List: the RestrictInfos that DuckDB evaluates */

static set_rel_pathlist_hook_type previous_hook = NULL;

static IvyPlanning *current_planning = NULL;

IvyPlanning *
ivy_set_planning(IvyPlanning *planning)
{
	IvyPlanning *before = current_planning;

	current_planning = planning;
	return before;
}

/* ---- plans ---- */

static CustomScan *
plan_of(CustomPath *path, List *tlist, List *clauses)
{
	CustomScan *scan = makeNode(CustomScan);
	List	   *local = list_difference_ptr(clauses, list_nth(path->custom_private, PATH_PUSHED));

	scan->scan.plan.targetlist = tlist;
	scan->scan.plan.qual = extract_actual_clauses(local, false);
	scan->flags = path->flags;
	scan->custom_private = list_nth(path->custom_private, PATH_SCAN);
	scan->custom_exprs = list_nth(path->custom_private, PATH_VALUES);
	return scan;
}

static Plan *
plan_scan(PlannerInfo *root, RelOptInfo *rel, CustomPath *path, List *tlist, List *clauses, List *custom_plans)
{
	CustomScan *scan = plan_of(path, tlist, clauses);

	scan->scan.scanrelid = rel->relid;
	scan->methods = &ivy_scan_methods;
	return &scan->scan.plan;
}

static Var *
column_of(PlannerInfo *root, const RelOptInfo *rel, int column)
{
	Oid			type;
	Oid			collation;
	int32		typmod;
	RangeTblEntry *rte = planner_rt_fetch(rel->relid, root);

	if (rte->rtekind == RTE_RELATION)
		get_atttypetypmodcoll(rte->relid, (AttrNumber) column, &type, &typmod, &collation);
	else
	{
		type = list_nth_oid(rte->coltypes, column - 1);
		typmod = list_nth_int(rte->coltypmods, column - 1);
		collation = list_nth_oid(rte->colcollations, column - 1);
	}
	return makeVar((int) rel->relid, (AttrNumber) column, type, typmod, collation, 0);
}

/* The columns that come, in their order, and after them the whole row if something names it. */
static Plan *
plan_part(PlannerInfo *root, RelOptInfo *rel, CustomPath *path, List *tlist, List *clauses, List *custom_plans)
{
	CustomScan *scan = plan_of(path, tlist, clauses);
	Bitmapset  *attributes = NULL;
	ListCell   *cell;

	scan->methods = &ivy_part_methods;
	foreach(cell, (List *) list_nth(scan->custom_private, IVY_SCAN_COLUMNS))
		scan->custom_scan_tlist = lappend(scan->custom_scan_tlist,
										  makeTargetEntry((Expr *) column_of(root, rel, lfirst_int(cell)),
														  (AttrNumber) (foreach_current_index(cell) + 1), NULL, false));
	pull_varattnos((Node *) rel->reltarget->exprs, rel->relid, &attributes);
	pull_varattnos((Node *) scan->scan.plan.qual, rel->relid, &attributes);
	if (bms_is_member(InvalidAttrNumber - FirstLowInvalidHeapAttributeNumber, attributes))
		scan->custom_scan_tlist = lappend(scan->custom_scan_tlist,
										  makeTargetEntry((Expr *) makeWholeRowVar(planner_rt_fetch(rel->relid, root),
																				   (int) rel->relid, 0, false),
														  (AttrNumber) (list_length(scan->custom_scan_tlist) + 1),
														  NULL, false));
	return &scan->scan.plan;
}

static const CustomPathMethods scan_path_methods = {
	.CustomName = IVY_SCAN_NAME,
	.PlanCustomPath = plan_scan
};

static const CustomPathMethods part_path_methods = {
	.CustomName = IVY_PART_NAME,
	.PlanCustomPath = plan_part
};

/* ---- what is asked of the engine ---- */

typedef struct Source
{
	PlannerInfo *root;
	RelOptInfo *rel;
	RangeTblEntry *rte;
	const IvyPart *part;		/* NULL: a mirror */
	Bitmapset  *executed;		/* init plans that the conditions may use */
	List	   *columns;		/* integers */
	bool		unread;			/* nothing reads them, only rows are counted */
	Query	   *query;			/* the tree's */
	IvyTree		tree;
	char	   *sql;			/* NULL: all rows of the mirror */
	List	   *pushed;			/* RestrictInfos */
	List	   *reasons;		/* Strings: why conditions stay with Postgres */
} Source;

/* Init plans of the outermost query run once, whatever is scanned again. */
static Bitmapset *
init_plan_parameters(PlannerInfo *root)
{
	Bitmapset  *parameters = NULL;
	ListCell   *cell;

	if (root->query_level > 1)
		return NULL;
	foreach(cell, root->init_plans)
	{
		SubPlan    *plan = lfirst_node(SubPlan, cell);
		ListCell   *parameter;

		if (plan->subLinkType != CTE_SUBLINK)
			foreach(parameter, plan->setParam)
				parameters = bms_add_member(parameters, lfirst_int(parameter));
	}
	return parameters;
}

static int
attributes_of(const Source *source)
{
	Relation	mirror;
	int			count;

	if (source->part != NULL)
		return list_length(source->rte->coltypes);
	mirror = RelationIdGetRelation(source->rte->relid);
	if (!RelationIsValid(mirror))
		elog(ERROR, "could not open relation with OID %u", source->rte->relid);
	count = RelationGetDescr(mirror)->natts;
	RelationClose(mirror);
	return count;
}

static bool
is_dropped(const Source *source, int column)
{
	return source->part == NULL && get_atttype(source->rte->relid, (AttrNumber) column) == InvalidOid;
}

/*
 * The attributes that Postgres needs besides those of `pushed` conditions. They are taken here and not from the plan's
 * target list, which may be left empty when the node above ignores it. A part's whole row only keeps its columns.
 */
static List *
needed_columns(Source *source, const List *pushed)
{
	Bitmapset  *attributes = NULL;
	List	   *columns = NIL;
	int			count = attributes_of(source);
	Index		relid = source->rel->relid;
	bool		whole;
	ListCell   *cell;

	pull_varattnos((Node *) source->rel->reltarget->exprs, relid, &attributes);
	foreach(cell, source->rel->baserestrictinfo)
		if (!list_member_ptr(pushed, lfirst(cell)))
			pull_varattnos((Node *) lfirst_node(RestrictInfo, cell)->clause, relid, &attributes);
	whole = source->part == NULL && bms_is_member(InvalidAttrNumber - FirstLowInvalidHeapAttributeNumber, attributes);
	for (int number = 1; number <= count; number++)
		if ((whole || bms_is_member(number - FirstLowInvalidHeapAttributeNumber, attributes)) &&
			!is_dropped(source, number))
			columns = lappend_int(columns, number);
	/* A query has at least one column; a request for all rows of a mirror may have none. */
	source->unread = columns == NIL;
	for (int number = 1; columns == NIL && (pushed != NIL || source->part != NULL); number++)
		if (!is_dropped(source, number))
			columns = lappend_int(columns, number);
	return columns;
}

/* SELECT columns FROM what is scanned WHERE conditions. */
static Query *
query_of(const Source *source, List *columns, List *conditions)
{
	Query	   *query = makeNode(Query);
	RangeTblEntry *rte;
	RangeTblRef *reference = makeNode(RangeTblRef);
	List	   *quals = copyObject(get_actual_clauses(conditions));
	ListCell   *cell;

	if (source->part == NULL)
	{
		rte = copyObject(source->rte);
		rte->securityQuals = NIL;	/* are among the conditions */
		ivy_rte_forget_permissions(rte);
	}
	else
	{
		rte = makeNode(RangeTblEntry);
		rte->rtekind = RTE_SUBQUERY;
		rte->subquery = copyObject(source->part->query);
		rte->eref = copyObject(source->rte->eref);
		rte->inFromCl = true;
	}
	query->commandType = CMD_SELECT;
	query->canSetTag = true;
	query->rtable = list_make1(rte);
	reference->rtindex = 1;
	ChangeVarNodes((Node *) quals, (int) source->rel->relid, 1, 0);
	query->jointree = makeFromExpr(list_make1(reference),
								   quals == NIL ? NULL : (Node *) make_ands_explicit(quals));
	foreach(cell, columns)
	{
		Var		   *var = column_of(source->root, source->rel, lfirst_int(cell));
		Expr	   *column = (Expr *) var;

		var->varno = 1;
		if (source->unread)
			column = (Expr *) makeNullConst(var->vartype, var->vartypmod, var->varcollid);
		query->targetList = lappend(query->targetList,
									makeTargetEntry(column, (AttrNumber) (foreach_current_index(cell) + 1),
													pstrdup("c"), false));
	}
	return query;
}

/* Asks whether DuckDB can evaluate these conditions; if so, they are what `source` pushes. */
static bool
push(Source *source, List *conditions, char **reason)
{
	List	   *columns = needed_columns(source, conditions);
	Query	   *query = query_of(source, columns, conditions);
	IvyTree		tree;
	char	   *sql = ivy_ask(query, source->executed, current_planning->parameters, &tree, reason);

	if (sql != NULL && current_planning->by_scans && tree.may_be_left)
	{
		*reason = pstrdup("a condition may have to be evaluated by Postgres");
		return false;
	}
	if (sql == NULL)
		return false;
	source->query = query;
	source->tree = tree;
	source->sql = sql;
	source->columns = columns;
	source->pushed = conditions;
	return true;
}

/* Does the expression have a parameter that another row may change? */
static bool
depends_on_row(Node *node, Source *source)
{
	if (node == NULL)
		return false;
	if (IsA(node, Param))
		return ((Param *) node)->paramkind == PARAM_EXEC && !bms_is_member(((Param *) node)->paramid, source->executed);
	return expression_tree_walker(node, depends_on_row, source);
}

/*
 * Conditions that may go by themselves. Row-level security and barriers give conditions levels: one of a higher level
 * that might show its argument must not run beside or before one of a lower level.
 */
static List *
candidates(Source *source)
{
	List	   *result = NIL;
	Index		lowest = UINT_MAX;
	const char *reason;
	ListCell   *cell;

	foreach(cell, source->rel->baserestrictinfo)
		lowest = Min(lowest, lfirst_node(RestrictInfo, cell)->security_level);
	foreach(cell, source->rel->baserestrictinfo)
	{
		RestrictInfo *condition = lfirst(cell);

		if (condition->pseudoconstant || (condition->security_level > lowest && !condition->leakproof))
			continue;
		reason = contain_subplans((Node *) condition->clause) ? "a condition has a sub-SELECT" :
			contain_volatile_functions((Node *) condition->clause) ? "a condition is volatile" :
			depends_on_row((Node *) condition->clause, source) ? "a condition depends on a row of another table" : NULL;
		if (reason == NULL)
			result = lappend(result, condition);
		else
			source->reasons = list_append_unique(source->reasons, makeString(pstrdup(reason)));
	}
	return result;
}

static void
push_conditions(Source *source)
{
	List	   *all = candidates(source);
	List	   *some = NIL;
	char	   *reason;
	ListCell   *cell;

	if (all == NIL || push(source, all, &reason))
		return;
	foreach(cell, list_length(all) > 1 && list_length(all) <= CONDITIONS_MAX ? all : NIL)
	{
		if (push(source, list_make1(lfirst(cell)), &reason))
			some = lappend(some, lfirst(cell));
		else
			source->reasons = list_append_unique(source->reasons, makeString(reason));
	}
	if (list_length(all) == 1 || some == NIL || (list_length(some) > 1 && !push(source, some, &reason)))
		source->reasons = list_append_unique(source->reasons, makeString(reason));
}

/* A part without conditions. One with an order is run as it is, so that its rows come in that order. */
static void
push_part(Source *source)
{
	List	   *columns = needed_columns(source, NIL);
	Query	   *query = source->part->query;
	char	   *reason;

	if (query->sortClause != NIL && list_length(columns) < attributes_of(source))
	{
		list_free(columns);
		columns = NIL;
		for (int number = 1; number <= attributes_of(source); number++)
			columns = lappend_int(columns, number);
	}
	if (list_length(columns) < attributes_of(source))
		query = query_of(source, columns, NIL);
	source->query = query;
	source->columns = columns;
	source->sql = ivy_ask(query, NULL, current_planning->parameters, &source->tree, &reason);
	if (source->sql == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("part of the query was refused after it had been accepted: %s", reason)));
}

/* ---- the hook ---- */

static CustomPath *
path_of(Source *source)
{
	RelOptInfo *rel = source->rel;
	CustomPath *path = makeNode(CustomPath);
	double		rows = rel->tuples * clauselist_selectivity(source->root, source->pushed, 0, JOIN_INNER, NULL);
	List	   *local = list_difference_ptr(rel->baserestrictinfo, source->pushed);
	QualCost	cost;
	List	   *private;
	Expr	   *value = NULL;

	cost_qual_eval(&cost, local, source->root);
	path->path.pathtype = T_CustomScan;
	path->path.parent = rel;
	path->path.pathtarget = rel->reltarget;
	/* Rows of what LATERAL columns refer to are the outer side's. */
	path->path.param_info = get_baserel_parampathinfo(source->root, rel, rel->lateral_relids);
	path->path.rows = path->path.param_info == NULL ? rel->rows : path->path.param_info->ppi_rows;
	path->path.startup_cost = SCAN_STARTUP_COST + cost.startup;
	path->path.total_cost = path->path.startup_cost + ROW_IN_ENGINE_COST * rel->tuples +
		(cpu_tuple_cost + cost.per_tuple) * rows;
	path->flags = CUSTOMPATH_SUPPORT_PROJECTION;
	private = list_make5(source->columns, makeString(pstrdup(current_planning->reason)),
						 makeString(source->sql == NULL ? pstrdup("") : source->tree.text),
						 makeString(source->sql == NULL ? pstrdup("") : source->sql), source->reasons);
	private = lappend(private, source->tree.shipments);
	private = lappend(private, ivy_lookup_plan(rel->relid, local, &value));
	private = lappend(private, source->query);
	path->custom_private = list_make3(private, list_make2(source->tree.values, value), source->pushed);
	current_planning->shipments = list_concat(current_planning->shipments, source->tree.shipments);
	path->methods = source->part == NULL ? &scan_path_methods : &part_path_methods;
	return path;
}

static const IvyPart *
part_of(const RangeTblEntry *rte)
{
	ListCell   *cell;

	if (rte->rtekind == RTE_NAMEDTUPLESTORE)
		foreach(cell, current_planning->parts)
		{
			IvyPart    *part = lfirst(cell);

			if (strcmp(part->name, rte->enrname) == 0)
				return part;
		}
	return NULL;
}

static void
replace_paths(PlannerInfo *root, RelOptInfo *rel, Index index, RangeTblEntry *rte)
{
	Source		source = {.root = root,.rel = rel,.rte = rte};

	if (previous_hook != NULL)
		previous_hook(root, rel, index, rte);
	if (current_planning == NULL || IS_DUMMY_REL(rel))
		return;
	source.part = part_of(rte);
	if (source.part == NULL && (rte->rtekind != RTE_RELATION || rte->relkind != RELKIND_RELATION ||
								rte->tablesample != NULL || !ivy_is_mirror(rte->relid)))
		return;
	source.executed = init_plan_parameters(root);
	if ((!current_planning->by_scans || current_planning->filtered) &&
		!(source.part != NULL && source.part->query->sortClause != NIL))
		push_conditions(&source);
	if (source.sql == NULL && source.part != NULL && !current_planning->by_scans)
		push_part(&source);
	else if (source.sql == NULL)
		source.columns = needed_columns(&source, NIL);
	rel->pathlist = NIL;
	rel->partial_pathlist = NIL;
	add_path(rel, &path_of(&source)->path);
}

void
ivy_path_init(void)
{
	previous_hook = set_rel_pathlist_hook;
	set_rel_pathlist_hook = replace_paths;
}
