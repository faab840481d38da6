/*
 * path.c: scans of single mirrors under Postgres' planner.
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "catalog/pg_class_d.h"
#include "mirror.h"
#include "nodes/makefuncs.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "optimizer/restrictinfo.h"
#include "parser/parsetree.h"
#include "plan.h"
#include "utils/rel.h"
#include "utils/relcache.h"

/* A request to the engine, in the planner's unit of one page read. */
#define SCAN_STARTUP_COST 100.0

static set_rel_pathlist_hook_type previous_hook = NULL;

/* Why the query that is being planned was not pushed. */
static char *current_reason = NULL;

char *
ivy_set_reason(char *reason)
{
	char	   *before = current_reason;

	current_reason = reason;
	return before;
}

static Plan *
plan_scan(PlannerInfo *root, RelOptInfo *rel, CustomPath *path, List *tlist, List *clauses, List *custom_plans)
{
	CustomScan *scan = makeNode(CustomScan);

	scan->scan.plan.targetlist = tlist;
	scan->scan.plan.qual = extract_actual_clauses(clauses, false);
	scan->scan.scanrelid = rel->relid;
	scan->flags = path->flags;
	scan->custom_private = path->custom_private;
	scan->methods = &ivy_scan_methods;
	return &scan->scan.plan;
}

static const CustomPathMethods path_methods = {
	.CustomName = IVY_SCAN_NAME,
	.PlanCustomPath = plan_scan
};

/*
 * The attributes that the query needs of the mirror. They are taken here and not from the plan's target list, which may
 * be left empty when the node above ignores it.
 */
static List *
needed_columns(RelOptInfo *rel, Oid relid)
{
	Bitmapset  *attributes = NULL;
	Relation	mirror = RelationIdGetRelation(relid);
	List	   *columns = NIL;
	bool		whole;
	ListCell   *cell;

	if (!RelationIsValid(mirror))
		elog(ERROR, "could not open relation with OID %u", relid);
	pull_varattnos((Node *) rel->reltarget->exprs, rel->relid, &attributes);
	foreach(cell, rel->baserestrictinfo)
		pull_varattnos((Node *) lfirst_node(RestrictInfo, cell)->clause, rel->relid, &attributes);
	whole = bms_is_member(InvalidAttrNumber - FirstLowInvalidHeapAttributeNumber, attributes);
	for (int number = 1; number <= RelationGetDescr(mirror)->natts; number++)
	{
		bool		wanted = whole || bms_is_member(number - FirstLowInvalidHeapAttributeNumber, attributes);

		if (wanted && !TupleDescAttr(RelationGetDescr(mirror), number - 1)->attisdropped)
			columns = lappend_int(columns, number);
	}
	RelationClose(mirror);
	return columns;
}

static void
replace_paths(PlannerInfo *root, RelOptInfo *rel, Index index, RangeTblEntry *rte)
{
	CustomPath *path;

	if (previous_hook != NULL)
		previous_hook(root, rel, index, rte);
	if (rte->rtekind != RTE_RELATION || rte->relkind != RELKIND_RELATION || rte->tablesample != NULL ||
		!ivy_is_mirror(rte->relid) || IS_DUMMY_REL(rel))
		return;
	path = makeNode(CustomPath);
	path->path.pathtype = T_CustomScan;
	path->path.parent = rel;
	path->path.pathtarget = rel->reltarget;
	path->path.rows = rel->rows;
	path->path.startup_cost = SCAN_STARTUP_COST + rel->baserestrictcost.startup;
	path->path.total_cost = path->path.startup_cost +
		(cpu_tuple_cost + rel->baserestrictcost.per_tuple) * rel->tuples;
	path->flags = CUSTOMPATH_SUPPORT_PROJECTION;
	path->custom_private = list_make2(needed_columns(rel, rte->relid),
									  makeString(pstrdup(current_reason == NULL ? "" : current_reason)));
	path->methods = &path_methods;
	rel->pathlist = NIL;
	rel->partial_pathlist = NIL;
	add_path(rel, &path->path);
}

void
ivy_path_init(void)
{
	previous_hook = set_rel_pathlist_hook;
	set_rel_pathlist_hook = replace_paths;
}
