/*
 * refusal.c: what a query touches, and what never runs whole in DuckDB.
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "catalog/pg_class_d.h"
#include "compat.h"
#include "mirror.h"
#include "nodes/nodeFuncs.h"
#include "parser/parsetree.h"
#include "tree.h"
#include "utils/lsyscache.h"

/* ---- what a query touches ---- */

typedef struct Find
{
	IvyUse		use;
	List	   *queries;		/* the query and those around it, innermost first */
} Find;

/* A mirror's rows have an OID of their table, but neither an address nor a transaction. */
static void
find_system_column(const Var *var, Find *find)
{
	Query	   *query;
	RangeTblEntry *rte;

	if (var->varattno >= 0 || var->varattno == TableOidAttributeNumber)
		return;
	query = list_nth(find->queries, (int) var->varlevelsup);
	rte = rt_fetch(var->varno, query->rtable);
	if (rte->rtekind == RTE_RELATION && ivy_is_mirror(rte->relid))
		find->use.addressed = rte->relid;
}

static bool
find_walker(Node *node, Find *find)
{
	IvyUse	   *use = &find->use;

	if (node == NULL)
		return false;
	if (IsA(node, Var))
		find_system_column((Var *) node, find);
	if (IsA(node, RangeTblEntry))
	{
		RangeTblEntry *rte = (RangeTblEntry *) node;

		/* Views stay behind as entries that nothing scans. */
		if (rte->rtekind == RTE_RELATION && rte->relkind != RELKIND_VIEW)
		{
			if (ivy_is_mirror(rte->relid))
				use->mirrors = true;
			else
				use->heap = rte->relid;
		}
		return false;
	}
	if (IsA(node, Query))
	{
		Query	   *query = (Query *) node;
		ListCell   *cell;

		if (query->commandType != CMD_SELECT && query->resultRelation > 0)
		{
			RangeTblEntry *rte = rt_fetch(query->resultRelation, query->rtable);

			if (rte->rtekind == RTE_RELATION && ivy_is_mirror(rte->relid))
				use->target = rte->relid;
		}
		foreach(cell, query->rowMarks)
		{
			RangeTblEntry *rte = rt_fetch(((RowMarkClause *) lfirst(cell))->rti, query->rtable);

			if (rte->rtekind == RTE_RELATION && ivy_is_mirror(rte->relid))
				use->locked = rte->relid;
		}
		find->queries = lcons(query, find->queries);
		(void) query_tree_walker(query, find_walker, find, QTW_EXAMINE_RTES_BEFORE);
		find->queries = list_delete_first(find->queries);
		return false;
	}
	return expression_tree_walker(node, find_walker, find);
}

IvyUse
ivy_find_mirrors(Query *query)
{
	Find		find = {0};

	(void) find_walker((Node *) query, &find);
	return find.use;
}

/* ---- what is refused ---- */

static char *
refusal_of_entry(const RangeTblEntry *rte)
{
	switch (rte->rtekind)
	{
		case RTE_TABLEFUNC:
			return pstrdup("the query has a table function in FROM");
		case RTE_NAMEDTUPLESTORE:
			return pstrdup("the query uses a transition table");
		default:
			return NULL;
	}
}

static char *
refusal_of_query(const Query *query)
{
	if (query->commandType != CMD_SELECT)
		return pstrdup("the query has a statement that changes data");
	if (query->rowMarks != NIL)
		return pstrdup("the query locks rows");
	return NULL;
}

static bool
refusal_walker(Node *node, char **reason)
{
	if (node == NULL)
		return false;
	if (IsA(node, Query))
	{
		*reason = refusal_of_query((Query *) node);
		return *reason != NULL ||
			query_tree_walker((Query *) node, refusal_walker, reason, QTW_EXAMINE_RTES_BEFORE);
	}
	if (IsA(node, RangeTblEntry))
	{
		*reason = refusal_of_entry((RangeTblEntry *) node);
		return *reason != NULL;
	}
	if (IsA(node, Var) && ((Var *) node)->varattno < 0)
	{
		*reason = pstrdup("the query uses a system column");
		return true;
	}
	return expression_tree_walker(node, refusal_walker, reason);
}

static char *
refusal_of_result(const Query *query)
{
	ListCell   *cell;

	foreach(cell, query->targetList)
	{
		TargetEntry *entry = lfirst(cell);
		Oid			type = exprType((Node *) entry->expr);

		if (!entry->resjunk && get_typtype(type) == TYPTYPE_PSEUDO)
			return psprintf("column %d of the result has a pseudo-type", entry->resno);
	}
	return NULL;
}

char *
ivy_refusal(Query *query)
{
	char	   *reason = NULL;

	(void) refusal_walker((Node *) query, &reason);
	return reason != NULL ? reason : refusal_of_result(query);
}
