/*
 * fallback.c: runs a query in Postgres after the engine has found at run time that it cannot compute it exactly.
 *
 * The plan is made then and not before: planning every query twice would cost each of them what hardly any needs. Its
 * rows of mirrors come by scans. The engine evaluates conditions of them that it is sure of, and should one be left to
 * Postgres for all that, that scan falls back to a plain one, for which the engine computes nothing.
 */
#include "postgres.h"

#include "compat.h"
#include "engine.h"
#include "executor/executor.h"
#include "fallback.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "plan.h"
#include "tcop/dest.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

struct IvyFallback
{
	QueryDesc  *query;
	char	   *reason;
	bool		ended;			/* there are no more rows */
};

/* ---- the query ---- */

/* What a parameter of the plan around the query has been set to. */
static Node *
value_of(Param *param, EState *estate)
{
	ExprContext *context = CreateExprContext(estate);
	int16		length;
	bool		by_value;
	bool		is_null;
	Datum		value = ExecEvalExpr(ExecPrepareExpr((Expr *) param, estate), context, &is_null);

	get_typlenbyval(param->paramtype, &length, &by_value);
	if (!is_null)
		value = datumCopy(value, by_value, length);
	FreeExprContext(context, true);
	return (Node *) makeConst(param->paramtype, param->paramtypmod, param->paramcollid, length, value, is_null,
							  by_value);
}

static Node *
set_values_mutator(Node *node, EState *estate)
{
	if (node == NULL)
		return NULL;
	if (IsA(node, Param) && ((Param *) node)->paramkind == PARAM_EXEC)
		return value_of((Param *) node, estate);
	if (IsA(node, Query))
		return (Node *) query_tree_mutator((Query *) node, set_values_mutator, estate, 0);
	return expression_tree_mutator(node, set_values_mutator, estate);
}

/* The plan around the query has checked privileges; what it left out of the query the planner wants to find. */
static bool
complete_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Query))
	{
		((Query *) node)->queryId = 0;
		ivy_query_complete_permissions((Query *) node);
		return query_tree_walker((Query *) node, complete_walker, context, 0);
	}
	return expression_tree_walker(node, complete_walker, context);
}

static PlannedStmt *
plan_of(const Query *query, EState *estate, const char *reason, bool filtered)
{
	Query	   *copy = (Query *) set_values_mutator((Node *) unconstify(Query *, query), estate);

	copy = copyObject(copy);
	(void) complete_walker((Node *) copy, NULL);
	return ivy_plan_by_scans(copy, estate->es_param_list_info, pstrdup(reason), filtered);
}

/* ---- running it ---- */

IvyFallback *
ivy_fallback_begin(const Query *query, EState *estate, IvyStream *stream, uint64 pin, bool filtered)
{
	IvyFallback *fallback = palloc0(sizeof(IvyFallback));
	const IvyLeft *left = ivy_stream_left(stream);
	PlannedStmt *plan;

	ereport(DEBUG1, (errmsg_internal("ran in Postgres: %s", left->reason)));
	PushActiveSnapshot(estate->es_snapshot);
	plan = plan_of(query, estate, left->reason, filtered);
	if (left->pin != 0)
		ivy_share_pin(plan, left->pin, ivy_stream_take_connection(stream));
	else if (pin != 0)
		ivy_share_pin(plan, pin, NULL);
	fallback->reason = pstrdup(left->reason);
	ivy_stream_close(stream);
	fallback->query = CreateQueryDesc(plan, estate->es_sourceText, estate->es_snapshot, estate->es_crosscheck_snapshot,
									  None_Receiver, estate->es_param_list_info, estate->es_queryEnv, 0);
	ExecutorStart(fallback->query, 0);
	PopActiveSnapshot();
	return fallback;
}

bool
ivy_fallback_next(IvyFallback *fallback, TupleTableSlot *slot, const AttrNumber *attributes, int count)
{
	EState	   *estate = fallback->query->estate;
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);
	TupleTableSlot *row = NULL;

	ExecClearTuple(slot);
	if (!fallback->ended)
	{
		ResetPerTupleExprContext(estate);
		row = ExecProcNode(fallback->query->planstate);
	}
	MemoryContextSwitchTo(old);
	if (TupIsNull(row))
	{
		fallback->ended = true;
		return false;
	}
	if (estate->es_junkFilter != NULL)
		row = ExecFilterJunk(estate->es_junkFilter, row);
	slot_getallattrs(row);
	if (count < slot->tts_tupleDescriptor->natts)
		memset(slot->tts_isnull, true, sizeof(bool) * slot->tts_tupleDescriptor->natts);
	for (int i = 0; i < count; i++)
	{
		int			attribute = attributes == NULL ? i : attributes[i] - 1;

		slot->tts_values[attribute] = row->tts_values[i];
		slot->tts_isnull[attribute] = row->tts_isnull[i];
	}
	ExecStoreVirtualTuple(slot);
	return true;
}

void
ivy_fallback_explain(const IvyFallback *fallback, ExplainState *es)
{
	ExplainState *own = NewExplainState();
	char	   *rest;
	char	   *line;

	own->verbose = es->verbose;
	own->costs = es->costs;
	ExplainPrintPlan(own, fallback->query);
	ExplainPropertyText("Ran in Postgres", fallback->reason, es);
	if (es->format != EXPLAIN_FORMAT_TEXT)
	{
		ExplainPropertyText("Plan of Postgres", own->str->data, es);
		return;
	}
	rest = own->str->data;
	while ((line = strsep(&rest, "\n")) != NULL)
		if (line[0] != '\0')
		{
			appendStringInfoSpaces(es->str, 2 * (es->indent + 1));
			appendStringInfo(es->str, "%s\n", line);
		}
}

void
ivy_fallback_rewind(IvyFallback *fallback)
{
	MemoryContext old = MemoryContextSwitchTo(fallback->query->estate->es_query_cxt);

	ExecReScan(fallback->query->planstate);
	fallback->ended = false;
	MemoryContextSwitchTo(old);
}

void
ivy_fallback_end(IvyFallback *fallback)
{
	ExecutorFinish(fallback->query);
	ExecutorEnd(fallback->query);
	FreeQueryDesc(fallback->query);
	pfree(fallback);
}
