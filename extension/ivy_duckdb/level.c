/*
 * level.c: splits one level of a query into a part below and the expressions that Postgres computes from its columns.
 *
 * What makes a query unfit for DuckDB is often nothing but an expression of its SELECT list, of HAVING or of a window.
 * So the part is tried with less and less: first with everything but the SELECT list's expressions, then without ORDER
 * BY, DISTINCT and LIMIT, then without windows, then without HAVING. What the part leaves out stays in the query above
 * it. Each step moves only what SQL evaluates after all that the part holds.
 */
#include "postgres.h"

#include "compat.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "optimizer/tlist.h"
#include "parser/parsetree.h"
#include "push.h"
#include "rewrite/rewriteManip.h"

/* What the part holds besides FROM, WHERE and GROUP BY with its aggregates. */
typedef struct Extent
{
	bool		order;			/* DISTINCT ON, ORDER BY and LIMIT */
	bool		windows;
	bool		having;
	bool		sublinks;		/* sub-SELECTs of the SELECT list that read mirrors */
} Extent;

typedef struct Split
{
	Extent		extent;
	bool		grouped;
	List	   *keys;			/* expressions that GROUP BY yields */
	List	   *columns;		/* TargetEntries of the part */
	int			depth;			/* sub-SELECTs around the expression */
	bool		failed;
} Split;

/* ---- the query's expressions over the part's columns ---- */

static Node *
column_for(Node *expression, Split *split)
{
	AttrNumber	number = ivy_add_column(&split->columns, copyObject((Expr *) expression));

	return (Node *) makeVar(1, number, exprType(expression), exprTypmod(expression), exprCollation(expression),
							(Index) split->depth);
}

static bool
is_key(const Node *node, const Split *split)
{
	ListCell   *cell;

	foreach(cell, split->keys)
		if (equal(lfirst(cell), node))
			return true;
	return false;
}

/* A column of this level, used within `depth` sub-SELECTs. */
static Node *
replace_var(Var *var, Split *split)
{
	Var		   *here = copyObject(var);

	here->varlevelsup = 0;
	if (var->varattno <= 0 || (split->grouped && !is_key((Node *) here, split)))
	{
		split->failed = true;
		return (Node *) var;
	}
	return column_for((Node *) here, split);
}

static bool
is_value(Node *node)
{
	SubLinkType kind = ((SubLink *) node)->subLinkType;

	return (kind == EXPR_SUBLINK || kind == ARRAY_SUBLINK || kind == EXISTS_SUBLINK) && ivy_reads_mirror(node);
}

static bool
has_value_walker(Node *node, void *context)
{
	if (node == NULL || IsA(node, Query))
		return false;
	if (IsA(node, SubLink) && is_value(node))
		return true;
	return expression_tree_walker(node, has_value_walker, context);
}

static Node *
replace_mutator(Node *node, Split *split)
{
	if (node == NULL)
		return NULL;
	if (IsA(node, Query))
	{
		Query	   *query;

		split->depth++;
		query = query_tree_mutator((Query *) node, replace_mutator, split, 0);
		split->depth--;
		return (Node *) query;
	}
	if (IsA(node, Var) && ((Var *) node)->varlevelsup == split->depth)
		return replace_var((Var *) node, split);
	if (split->depth == 0)
	{
		if ((IsA(node, Aggref) && ((Aggref *) node)->agglevelsup == 0) ||
			(IsA(node, GroupingFunc) && ((GroupingFunc *) node)->agglevelsup == 0) ||
			(IsA(node, WindowFunc) && split->extent.windows) || is_key(node, split) ||
			(IsA(node, SubLink) && split->extent.sublinks && is_value(node)))
			return column_for(node, split);
	}
	else if ((IsA(node, Aggref) && ((Aggref *) node)->agglevelsup == split->depth) ||
			 (IsA(node, GroupingFunc) && ((GroupingFunc *) node)->agglevelsup == split->depth))
		split->failed = true;
	return expression_tree_mutator(node, replace_mutator, split);
}

/* ---- the two queries ---- */

static bool
is_referenced(Index reference, List *clauses)
{
	ListCell   *cell;

	foreach(cell, clauses)
		if (lfirst_node(SortGroupClause, cell)->tleSortGroupRef == reference)
			return true;
	return false;
}

static bool
is_used_by_windows(Index reference, List *windows)
{
	ListCell   *cell;

	foreach(cell, windows)
	{
		WindowClause *window = lfirst_node(WindowClause, cell);

		if (is_referenced(reference, window->partitionClause) || is_referenced(reference, window->orderClause))
			return true;
	}
	return false;
}

/* Does a clause that the part keeps name this entry? */
static bool
is_used_below(const Query *query, Index reference, Extent extent)
{
	return reference != 0 &&
		(is_referenced(reference, query->groupClause) ||
		 (extent.windows && is_used_by_windows(reference, query->windowClause)) ||
		 (extent.order && (is_referenced(reference, query->sortClause) ||
						   is_referenced(reference, query->distinctClause))));
}

static bool
is_used_above(const Query *query, Index reference, Extent extent)
{
	return reference != 0 &&
		((!extent.windows && is_used_by_windows(reference, query->windowClause)) ||
		 (!extent.order && (is_referenced(reference, query->sortClause) ||
							is_referenced(reference, query->distinctClause))));
}

static List *
targets_above(const Query *query, Split *split)
{
	List	   *targets = NIL;
	ListCell   *cell;

	foreach(cell, query->targetList)
	{
		TargetEntry *target = flatCopyTargetEntry(lfirst(cell));

		if (!is_used_above(query, target->ressortgroupref, split->extent))
			target->ressortgroupref = 0;
		if (target->resjunk && target->ressortgroupref == 0)
			continue;
		target->expr = (Expr *) replace_mutator((Node *) target->expr, split);
		targets = lappend(targets, target);
	}
	return targets;
}

/* Columns of the part that its own clauses name; those which nothing above needs are junk. */
static List *
targets_below(const Query *query, Split *split)
{
	List	   *targets = split->columns;
	ListCell   *cell;

	foreach(cell, query->targetList)
	{
		TargetEntry *target = lfirst(cell);
		TargetEntry *below = NULL;
		ListCell   *other;

		if (!is_used_below(query, target->ressortgroupref, split->extent))
			continue;
		foreach(other, targets)
			if (below == NULL && lfirst_node(TargetEntry, other)->ressortgroupref == 0 &&
				equal(lfirst_node(TargetEntry, other)->expr, target->expr))
				below = lfirst(other);
		if (below == NULL)
		{
			below = makeTargetEntry(copyObject(target->expr), (AttrNumber) (list_length(targets) + 1), NULL, true);
			targets = lappend(targets, below);
		}
		below->ressortgroupref = target->ressortgroupref;
	}
	return targets;
}

static void
move_rest_above(Query *above, const Query *query, Split *split)
{
	if (!split->extent.having)
		above->jointree->quals = replace_mutator(query->havingQual, split);
	if (!split->extent.windows)
	{
		above->hasWindowFuncs = query->hasWindowFuncs;
		above->windowClause = copyObject(query->windowClause);
	}
	if (!split->extent.order)
	{
		above->distinctClause = copyObject(query->distinctClause);
		above->hasDistinctOn = query->hasDistinctOn;
		above->sortClause = copyObject(query->sortClause);
		above->limitOffset = copyObject(query->limitOffset);
		above->limitCount = copyObject(query->limitCount);
		above->limitOption = query->limitOption;
	}
}

static Query *
query_above(const Query *query, Split *split)
{
	Query	   *above = makeNode(Query);
	RangeTblRef *reference = makeNode(RangeTblRef);

	reference->rtindex = 1;
	above->commandType = CMD_SELECT;
	above->querySource = query->querySource;
	above->queryId = query->queryId;
	above->canSetTag = query->canSetTag;
	above->stmt_location = query->stmt_location;
	above->stmt_len = query->stmt_len;
	above->hasSubLinks = query->hasSubLinks;
	above->hasTargetSRFs = query->hasTargetSRFs;
	above->hasRowSecurity = query->hasRowSecurity;
	above->cteList = copyObject(query->cteList);
	above->constraintDeps = copyObject(query->constraintDeps);
	above->jointree = makeFromExpr(list_make1(reference), NULL);
	above->targetList = targets_above(query, split);
	move_rest_above(above, query, split);
	return above;
}

static Query *
query_below(const Query *query, Split *split)
{
	Query	   *below = copyObject(unconstify(Query *, query));

	if (split->columns == NIL)	/* as for SELECT f() FROM mirror */
		(void) ivy_add_column(&split->columns, ivy_one());
	below->targetList = targets_below(query, split);
	below->hasTargetSRFs = expression_returns_set((Node *) below->targetList);
	if (!split->extent.having)
		below->havingQual = NULL;
	if (!split->extent.windows)
	{
		below->hasWindowFuncs = false;
		below->windowClause = NIL;
	}
	if (!split->extent.order)
	{
		below->distinctClause = NIL;
		below->hasDistinctOn = false;
		below->sortClause = NIL;
		below->limitOffset = NULL;
		below->limitCount = NULL;
		below->limitOption = LIMIT_OPTION_COUNT;
	}
	ivy_recount_ctes(below);
	return below;
}

/* A scan with conditions is the same, and Postgres knows the statistics of its columns. */
static bool
is_scan(const Query *query)
{
	Node	   *item = linitial(query->jointree->fromlist);

	return list_length(query->jointree->fromlist) == 1 && IsA(item, RangeTblRef) &&
		rt_fetch(((RangeTblRef *) item)->rtindex, query->rtable)->rtekind == RTE_RELATION &&
		!checkExprHasSubLink((Node *) query->jointree) && !checkExprHasSubLink((Node *) query->targetList) &&
		query->groupClause == NIL && query->groupingSets == NIL &&
		query->havingQual == NULL && !query->hasAggs && !query->hasWindowFuncs && query->distinctClause == NIL &&
		query->sortClause == NIL && query->limitOffset == NULL && query->limitCount == NULL;
}

static bool
try_extent(Query *query, const Query *flat, Extent extent, IvyPlanning *planning)
{
	Split		split = {.extent = extent,
		.grouped = flat->hasAggs || flat->groupClause != NIL || flat->groupingSets != NIL || flat->havingQual != NULL};
	Query	   *above;
	Query	   *below;
	IvyPart    *part;

	split.keys = get_sortgrouplist_exprs(flat->groupClause, flat->targetList);
	above = query_above(flat, &split);
	if (split.failed)
		return false;
	below = query_below(flat, &split);
	part = is_scan(below) ? NULL : ivy_new_part(below, planning);
	if (part == NULL)
		return false;
	above->rtable = list_make1(ivy_part_entry(part));
	ivy_recount_ctes(above);
	*query = *above;
	return true;
}

static bool
is_splittable(Query *query)
{
	return query->commandType == CMD_SELECT && query->setOperations == NULL && query->rowMarks == NIL &&
		!query->hasModifyingCTE && !query->hasRecursive && query->jointree->fromlist != NIL &&
		ivy_reads_mirror((Node *) query);
}

static bool
try_extents(Query *query, Query *flat, bool sublinks, IvyPlanning *planning)
{
	Extent		extent = {.order = true,.windows = true,.having = true,.sublinks = sublinks};

	/* DISTINCT compares what the SELECT list yields, and a set-returning function makes rows before they are sorted. */
	if ((flat->distinctClause == NIL || flat->hasDistinctOn) && !flat->hasTargetSRFs &&
		try_extent(query, flat, extent, planning))
		return true;
	extent.order = false;
	if (try_extent(query, flat, extent, planning))
		return true;
	extent.windows = false;
	if (flat->windowClause != NIL && try_extent(query, flat, extent, planning))
		return true;
	extent.having = false;
	return flat->havingQual != NULL && try_extent(query, flat, extent, planning);
}

bool
ivy_push_level(Query *query, IvyPlanning *planning)
{
	Query	   *flat;

	if (!is_splittable(query))
		return false;
	flat = ivy_flatten(copyObject(query), true);
	return (has_value_walker((Node *) flat->targetList, NULL) && try_extents(query, flat, true, planning)) ||
		try_extents(query, flat, false, planning);
}
