/*
 * push.c: rewrites a query that is refused, so that parts of it run in DuckDB.
 *
 * From the outside in: what goes as a whole at some level of the query becomes a part; a level that does not is split
 * (level.c, join.c), and the sub-SELECTs that are left are looked at in the same way. A part's place in the query is
 * taken by an entry of the range table whose rows come from the engine. Its kind is that of transition tables: these
 * have columns of any types, belong to no relation and no function, and are never inlined.
 */
#include "postgres.h"

#include "catalog/pg_class_d.h"
#include "catalog/pg_type_d.h"
#include "compat.h"
#include "mirror.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "push.h"

/* A part that needs more rows of other tables is left to Postgres. */
#define SHIPPED_ROWS_MAX 100000

/* ---- questions about a query ---- */

static bool
reads_walker(Node *node, bool *mirrors)
{
	if (node == NULL)
		return false;
	if (IsA(node, RangeTblEntry))
	{
		RangeTblEntry *rte = (RangeTblEntry *) node;

		/* Views stay behind as entries that nothing scans. */
		return rte->rtekind == RTE_RELATION && rte->relkind != RELKIND_VIEW &&
			ivy_is_mirror(rte->relid) == *mirrors;
	}
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, reads_walker, mirrors, QTW_EXAMINE_RTES_BEFORE);
	return expression_tree_walker(node, reads_walker, mirrors);
}

bool
ivy_reads_mirror(Node *node)
{
	bool		mirrors = true;

	return reads_walker(node, &mirrors);
}

bool
ivy_reads_other(Node *node)
{
	bool		mirrors = false;

	return reads_walker(node, &mirrors);
}

static bool
refers_outside_walker(Node *node, Index *depth)
{
	bool		result;

	if (node == NULL)
		return false;
	if (IsA(node, Var) && ((Var *) node)->varlevelsup > *depth)
		return true;
	if (IsA(node, Aggref) && ((Aggref *) node)->agglevelsup > *depth)
		return true;
	if (IsA(node, GroupingFunc) && ((GroupingFunc *) node)->agglevelsup > *depth)
		return true;
	if (IsA(node, RangeTblEntry))
		return ((RangeTblEntry *) node)->rtekind == RTE_CTE && ((RangeTblEntry *) node)->ctelevelsup > *depth;
	if (IsA(node, Query))
	{
		++*depth;
		result = query_tree_walker((Query *) node, refers_outside_walker, depth, QTW_EXAMINE_RTES_BEFORE);
		--*depth;
		return result;
	}
	return expression_tree_walker(node, refers_outside_walker, depth);
}

bool
ivy_refers_outside(Query *query)
{
	Index		depth = 0;

	return query_tree_walker(query, refers_outside_walker, &depth, QTW_EXAMINE_RTES_BEFORE);
}

bool
ivy_names_outside(Node *expression)
{
	Index		depth = 0;

	return refers_outside_walker(expression, &depth);
}

/* ---- WITH ---- */

typedef struct Count
{
	const char *name;
	Index		depth;
	int			found;
} Count;

static bool
count_walker(Node *node, Count *count)
{
	if (node == NULL)
		return false;
	if (IsA(node, RangeTblEntry))
	{
		RangeTblEntry *rte = (RangeTblEntry *) node;

		if (rte->rtekind == RTE_CTE && rte->ctelevelsup == count->depth && strcmp(rte->ctename, count->name) == 0)
			count->found++;
		return false;
	}
	if (IsA(node, Query))
	{
		count->depth++;
		(void) query_tree_walker((Query *) node, count_walker, count, QTW_EXAMINE_RTES_BEFORE);
		count->depth--;
		return false;
	}
	return expression_tree_walker(node, count_walker, count);
}

/* From the last one: only later ones refer to an earlier one. */
void
ivy_recount_ctes(Query *query)
{
	List	   *kept = NIL;

	for (int i = list_length(query->cteList) - 1; i >= 0; i--)
	{
		CommonTableExpr *cte = list_nth_node(CommonTableExpr, query->cteList, i);
		Count		count = {.name = cte->ctename};
		ListCell   *cell;

		(void) query_tree_walker(query, count_walker, &count, QTW_EXAMINE_RTES_BEFORE | QTW_IGNORE_CTE_SUBQUERIES);
		foreach(cell, kept)
			(void) count_walker(lfirst_node(CommonTableExpr, cell)->ctequery, &count);
		cte->cterefcount = count.found;
		if (count.found > 0)
			kept = lcons(cte, kept);
	}
	query->cteList = kept;
}

/* ---- columns of joins ---- */

static void
flatten_entries(Query *query, bool groups)
{
	ListCell   *cell;

	foreach(cell, query->rtable)
	{
		RangeTblEntry *rte = lfirst(cell);

		if (rte->rtekind == RTE_SUBQUERY && rte->lateral)
			rte->subquery = (Query *) ivy_flatten_join_columns(query, (Node *) rte->subquery);
		else if (rte->rtekind == RTE_FUNCTION && rte->lateral)
			rte->functions = (List *) ivy_flatten_join_columns(query, (Node *) rte->functions);
		else if (rte->rtekind == RTE_TABLEFUNC && rte->lateral)
			rte->tablefunc = (TableFunc *) ivy_flatten_join_columns(query, (Node *) rte->tablefunc);
		else if (rte->rtekind == RTE_VALUES && rte->lateral)
			rte->values_lists = (List *) ivy_flatten_join_columns(query, (Node *) rte->values_lists);
		else if (rte->rtekind == RTE_RELATION && rte->tablesample != NULL)
			rte->tablesample = (TableSampleClause *) ivy_flatten_join_columns(query, (Node *) rte->tablesample);
		else if (groups && ivy_is_group_step(rte))
			lfirst(cell) = ivy_empty_entry();
		else
			ivy_flatten_group_step(query, rte);
	}
}

Query *
ivy_flatten(Query *query, bool groups)
{
	if (groups)
	{
		query->targetList = (List *) ivy_flatten_group_columns(query, (Node *) query->targetList);
		query->havingQual = ivy_flatten_group_columns(query, query->havingQual);
		ivy_forget_group_step(query);
	}
	query->targetList = (List *) ivy_flatten_join_columns(query, (Node *) query->targetList);
	query->returningList = (List *) ivy_flatten_join_columns(query, (Node *) query->returningList);
	query->jointree = (FromExpr *) ivy_flatten_join_columns(query, (Node *) query->jointree);
	query->havingQual = ivy_flatten_join_columns(query, query->havingQual);
	query->windowClause = (List *) ivy_flatten_join_columns(query, (Node *) query->windowClause);
	query->limitOffset = ivy_flatten_join_columns(query, query->limitOffset);
	query->limitCount = ivy_flatten_join_columns(query, query->limitCount);
	query->onConflict = (OnConflictExpr *) ivy_flatten_join_columns(query, (Node *) query->onConflict);
	query->mergeActionList = (List *) ivy_flatten_join_columns(query, (Node *) query->mergeActionList);
	flatten_entries(query, groups);
	return query;
}

/* ---- parts ---- */

bool
ivy_can_go(Query *query, IvyPlanning *planning)
{
	IvyTree		tree;
	char	   *reason;

	return !ivy_refers_outside(query) &&
		ivy_ask(query, NULL, planning->parameters, &tree, &reason) != NULL && tree.shipped_rows <= SHIPPED_ROWS_MAX;
}

IvyPart *
ivy_new_part(Query *query, IvyPlanning *planning)
{
	IvyPart    *part;

	if (!ivy_reads_mirror((Node *) query) || !ivy_can_go(query, planning))
		return NULL;
	part = palloc(sizeof(IvyPart));
	part->query = query;
	part->rows = ivy_estimated_rows(query, planning->parameters);
	part->name = psprintf("mooncake part %d", list_length(planning->parts) + 1);
	planning->parts = lappend(planning->parts, part);
	return part;
}

RangeTblEntry *
ivy_part_entry(const IvyPart *part)
{
	RangeTblEntry *rte = makeNode(RangeTblEntry);
	List	   *names = NIL;
	ListCell   *cell;

	rte->rtekind = RTE_NAMEDTUPLESTORE;
	rte->enrname = part->name;
	rte->enrtuples = part->rows;
	rte->inFromCl = true;
	foreach(cell, part->query->targetList)
	{
		TargetEntry *target = lfirst(cell);
		Node	   *expression = (Node *) target->expr;

		if (target->resjunk)
			continue;
		names = lappend(names, makeString(pstrdup(target->resname == NULL ? "?column?" : target->resname)));
		rte->coltypes = lappend_oid(rte->coltypes, exprType(expression));
		rte->coltypmods = lappend_int(rte->coltypmods, exprTypmod(expression));
		rte->colcollations = lappend_oid(rte->colcollations, exprCollation(expression));
	}
	rte->eref = makeAlias("mooncake", names);
	return rte;
}

RangeTblEntry *
ivy_empty_entry(void)
{
	RangeTblEntry *rte = makeNode(RangeTblEntry);

	rte->rtekind = RTE_RESULT;
	rte->eref = makeAlias("*RESULT*", NIL);
	return rte;
}

Expr *
ivy_one(void)
{
	return (Expr *) makeConst(INT4OID, -1, InvalidOid, sizeof(int32), Int32GetDatum(1), false, true);
}

AttrNumber
ivy_add_column(List **targets, Expr *expression)
{
	ListCell   *cell;
	AttrNumber	number = (AttrNumber) (list_length(*targets) + 1);

	foreach(cell, *targets)
		if (equal(lfirst_node(TargetEntry, cell)->expr, expression))
			return lfirst_node(TargetEntry, cell)->resno;
	*targets = lappend(*targets, makeTargetEntry(expression, number, psprintf("c%d", number), false));
	return number;
}

/* The query becomes SELECT all columns FROM the part. */
static void
become_part(Query *query, IvyPart *part)
{
	Query	   *wrapper = makeNode(Query);
	RangeTblEntry *rte = ivy_part_entry(part);
	RangeTblRef *reference = makeNode(RangeTblRef);
	ListCell   *cell;
	AttrNumber	number = 0;

	reference->rtindex = 1;
	wrapper->commandType = CMD_SELECT;
	wrapper->canSetTag = query->canSetTag;
	wrapper->hasRowSecurity = query->hasRowSecurity;
	wrapper->rtable = list_make1(rte);
	wrapper->jointree = makeFromExpr(list_make1(reference), NULL);
	foreach(cell, part->query->targetList)
	{
		TargetEntry *target = lfirst(cell);
		TargetEntry *column;

		if (target->resjunk)
			continue;
		number++;
		column = makeTargetEntry((Expr *) makeVar(1, number, list_nth_oid(rte->coltypes, number - 1),
												  list_nth_int(rte->coltypmods, number - 1),
												  list_nth_oid(rte->colcollations, number - 1), 0),
								 number, target->resname, false);
		column->resorigtbl = target->resorigtbl;
		column->resorigcol = target->resorigcol;
		wrapper->targetList = lappend(wrapper->targetList, column);
	}
	*query = *wrapper;
}

/* ---- from the outside in ---- */

static void push_below(Query *query, IvyPlanning *planning);

/* Of EXISTS one row is enough. */
static void
limit_exists(Query *query)
{
	if (query->limitCount == NULL && query->rowMarks == NIL)
		query->limitCount = (Node *) makeConst(INT8OID, -1, InvalidOid, sizeof(int64), Int64GetDatum(1), false, true);
}

static bool
push_walker(Node *node, IvyPlanning *planning)
{
	if (node == NULL)
		return false;
	if (IsA(node, SubLink) && ((SubLink *) node)->subLinkType == EXISTS_SUBLINK &&
		!ivy_refers_outside((Query *) ((SubLink *) node)->subselect))
		limit_exists((Query *) ((SubLink *) node)->subselect);
	if (IsA(node, CommonTableExpr) &&
		(((CommonTableExpr *) node)->cterecursive || ((CommonTableExpr *) node)->cterefcount == 0))
		return false;
	if (IsA(node, Query))
	{
		Query	   *query = (Query *) node;
		IvyPart    *part = NULL;

		if (!ivy_reads_mirror(node))
			return false;
		if (query->commandType == CMD_SELECT)
			part = ivy_new_part(copyObject(query), planning);
		if (part != NULL)
			become_part(query, part);
		else
			push_below(query, planning);
		return false;
	}
	return expression_tree_walker(node, push_walker, planning);
}

/* The query itself was refused. */
static void
push_below(Query *query, IvyPlanning *planning)
{
	bool		outer = planning->keeps_rows;

	planning->keeps_rows |= query->rowMarks != NIL ||
		(query->commandType != CMD_SELECT && query->commandType != CMD_INSERT);
	if (!ivy_push_level(query, planning))
		ivy_push_joins(query, planning);
	(void) query_tree_walker(query, push_walker, planning, 0);
	planning->keeps_rows = outer;
}

void
ivy_push_parts(Query *query, IvyPlanning *planning)
{
	if (!ivy_is_dump())
		push_below(query, planning);
}
