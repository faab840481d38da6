/*
 * unused.c: columns of sub-SELECTs that nothing reads.
 *
 * Postgres drops them before it folds constants (remove_unused_subquery_outputs in allpaths.c; a sub-SELECT that it
 * pulls up has only the columns that are read), so what fails in them is never evaluated.
 */
#include "postgres.h"

#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parsetree.h"
#include "tree.h"

typedef struct Reads
{
	int			levels;			/* sub-SELECTs between the walker and the query whose entries are meant */
	Bitmapset **columns;		/* by number of the entry: what is read of it, 0 for all of its columns */
} Reads;

static bool
find_reads_walker(Node *node, Reads *reads)
{
	bool		result;

	if (node == NULL)
		return false;
	if (IsA(node, Var))
	{
		const Var  *var = (const Var *) node;

		if (var->varlevelsup == reads->levels)
			reads->columns[var->varno] = bms_add_member(reads->columns[var->varno], Max(var->varattno, 0));
		return false;
	}
	if (!IsA(node, Query))
		return expression_tree_walker(node, find_reads_walker, reads);
	reads->levels++;
	result = query_tree_walker((Query *) node, find_reads_walker, reads, QTW_IGNORE_JOINALIASES);
	reads->levels--;
	return result;
}

/* Reading a join's column reads what the column stands for. Its sides have smaller numbers. */
static void
find_reads_of_joins(const List *rtable, Reads *reads)
{
	for (int i = list_length(rtable); i > 0; i--)
	{
		RangeTblEntry *rte = rt_fetch(i, rtable);
		ListCell   *cell;

		if (rte->rtekind == RTE_JOIN)
			foreach(cell, rte->joinaliasvars)
				if (bms_is_member(0, reads->columns[i]) ||
					bms_is_member(foreach_current_index(cell) + 1, reads->columns[i]))
					(void) find_reads_walker(lfirst(cell), reads);
	}
}

static void
drop_unread(Query *subquery, const Bitmapset *read)
{
	ListCell   *cell;

	if (subquery->commandType != CMD_SELECT || subquery->setOperations != NULL || subquery->distinctClause != NIL ||
		bms_is_member(0, read))
		return;
	foreach(cell, subquery->targetList)
	{
		TargetEntry *target = lfirst(cell);
		Node	   *expression = (Node *) target->expr;

		if (!target->resjunk && target->ressortgroupref == 0 && !IsA(expression, Const) &&
			!bms_is_member(target->resno, read) && !expression_returns_set(expression) &&
			!contain_volatile_functions(expression))
			target->expr = (Expr *) makeNullConst(exprType(expression), exprTypmod(expression),
												  exprCollation(expression));
	}
}

static bool
drop_unused_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (!IsA(node, Query))
		return expression_tree_walker(node, drop_unused_walker, context);
	ivy_drop_unused_columns((Query *) node);
	return false;
}

void
ivy_drop_unused_columns(Query *query)
{
	int			count = list_length(query->rtable);
	Reads		reads = {.columns = palloc0(sizeof(Bitmapset *) * (count + 1))};

	(void) query_tree_walker(query, find_reads_walker, &reads, QTW_IGNORE_JOINALIASES);
	find_reads_of_joins(query->rtable, &reads);
	for (int i = 1; i <= count; i++)
	{
		RangeTblEntry *rte = rt_fetch(i, query->rtable);

		/* A set operation reads all columns of its parts. */
		if (rte->rtekind == RTE_SUBQUERY && rte->subquery != NULL && query->setOperations == NULL)
			drop_unread(rte->subquery, reads.columns[i]);
	}
	(void) query_tree_walker(query, drop_unused_walker, NULL, 0);
}
