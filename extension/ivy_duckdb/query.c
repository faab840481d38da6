/*
 * query.c: the custom scan that runs a whole query in DuckDB.
 */
#include "postgres.h"

#include "compat.h"
#include "engine.h"
#include "executor/executor.h"
#include "fallback.h"
#include "nodes/execnodes.h"
#include "plan.h"
#include "shipment.h"
#include "stream.h"
#include "tree.h"

typedef struct QueryState
{
	CustomScanState css;
	uint64		pin;			/* the transaction's, or 0: the engine pins for each request */
	IvyStream  *stream;
	IvyFallback *fallback;		/* what makes the rows instead; NULL: the engine does */
	IvyEffort	effort;
	List	   *shipped;		/* numbers of rows */
} QueryState;

static void *
part(const CustomScanState *node, int which)
{
	return list_nth(castNode(CustomScan, node->ss.ps.plan)->custom_private, which);
}

static void
send_query(QueryState *state)
{
	EState	   *estate = state->css.ss.ps.state;
	TupleDesc	row = state->css.ss.ss_ScanTupleSlot->tts_tupleDescriptor;
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);
	IvyConnection *connection = ivy_connect(true);
	IvyWriter	payload = ivy_writer();

	ivy_write_pin(&payload, state->pin);
	ivy_write_string(&payload, ivy_session());
	ivy_write_string(&payload, strVal(part(&state->css, IVY_QUERY_TREE)));
	ivy_write_values(&payload, part(&state->css, IVY_QUERY_VALUES), estate);
	ivy_write_targets(&payload, row, NULL, row->natts);
	ivy_write_shipments(&payload, part(&state->css, IVY_QUERY_SHIPMENTS));
	ivy_request(connection, IVY_EXECUTE, &payload);
	pfree(payload.data);
	state->shipped = ivy_ship(connection, part(&state->css, IVY_QUERY_SHIPMENTS), estate);
	state->stream = ivy_stream_open(connection, row, NULL, row->natts);
	MemoryContextSwitchTo(old);
}

/* The request goes out here and not with the first row: a cursor reads what was committed when it was opened. */
static void
begin_query(CustomScanState *node, EState *estate, int eflags)
{
	QueryState *state = (QueryState *) node;

	if ((eflags & EXEC_FLAG_EXPLAIN_ONLY) != 0)
		return;
	state->pin = ivy_transaction_pin(ivy_mirrors_of(estate->es_range_table));
	send_query(state);
}

static void
fall_back(QueryState *state)
{
	EState	   *estate = state->css.ss.ps.state;
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);

	state->fallback = ivy_fallback_begin(part(&state->css, IVY_QUERY_QUERY), estate, state->stream, state->pin,
										 true);
	state->stream = NULL;
	MemoryContextSwitchTo(old);
}

static TupleTableSlot *
next_row(ScanState *node)
{
	QueryState *state = (QueryState *) node;
	TupleTableSlot *slot = node->ss_ScanTupleSlot;

	if (state->fallback == NULL)
	{
		if (ivy_stream_next(state->stream, slot))
			return slot;
		if (ivy_stream_left(state->stream) == NULL)
		{
			ivy_stream_add_effort(state->stream, &state->effort);
			return NULL;
		}
		fall_back(state);
	}
	return ivy_fallback_next(state->fallback, slot, NULL, slot->tts_tupleDescriptor->natts) ? slot : NULL;
}

static bool
recheck_row(ScanState *node, TupleTableSlot *slot)
{
	return true;
}

static TupleTableSlot *
exec_query(CustomScanState *node)
{
	return ExecScan(&node->ss, next_row, recheck_row);
}

static void
end_query(CustomScanState *node)
{
	QueryState *state = (QueryState *) node;

	if (state->stream != NULL)
		ivy_stream_close(state->stream);
	if (state->fallback != NULL)
		ivy_fallback_end(state->fallback);
}

static void
rescan_query(CustomScanState *node)
{
	QueryState *state = (QueryState *) node;

	if (state->fallback != NULL)
		ivy_fallback_rewind(state->fallback);
	else
	{
		ivy_stream_close(state->stream);
		send_query(state);
	}
	ExecScanReScan(&node->ss);
}

static void
explain_query(CustomScanState *node, List *ancestors, ExplainState *es)
{
	ExplainPropertyText("Path", "whole query in DuckDB", es);
	ivy_explain_shipments(part(node, IVY_QUERY_SHIPMENTS), ((QueryState *) node)->shipped, es);
	ExplainPropertyText("DuckDB SQL", strVal(part(node, IVY_QUERY_SQL)), es);
	if (es->analyze)
		ivy_explain_run(&((QueryState *) node)->effort, ((QueryState *) node)->fallback, es);
}

static const CustomExecMethods exec_methods = {
	.CustomName = IVY_QUERY_NAME,
	.BeginCustomScan = begin_query,
	.ExecCustomScan = exec_query,
	.EndCustomScan = end_query,
	.ReScanCustomScan = rescan_query,
	.ExplainCustomScan = explain_query
};

static Node *
create_state(CustomScan *scan)
{
	QueryState *state = palloc0(sizeof(QueryState));

	NodeSetTag(state, T_CustomScanState);
	state->css.flags = scan->flags;
	state->css.methods = &exec_methods;
	return (Node *) state;
}

const CustomScanMethods ivy_query_methods = {
	.CustomName = IVY_QUERY_NAME,
	.CreateCustomScanState = create_state
};
