/*
 * part.c: the custom scan of a part of the query that runs in DuckDB, under Postgres' own plan.
 *
 * Its rows hold the columns that the plan needs and, last, these columns as one value where the plan names the whole
 * row: that is how the executor keeps the row of a table that is read beside one which it changes or locks.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "compat.h"
#include "engine.h"
#include "executor/executor.h"
#include "funcapi.h"
#include "lookup.h"
#include "mirror.h"
#include "nodes/execnodes.h"
#include "plan.h"
#include "scan.h"
#include "shipment.h"
#include "utils/typcache.h"

typedef struct PartState
{
	CustomScanState css;
	IvyScan    *scan;
	IvyLookup  *lookup;			/* NULL: none */
	Index		entry;			/* the part's place in the range table */
	int			columns;
	TupleDesc	whole_row;		/* NULL: not wanted */
	TupleTableSlot *kept;		/* a whole row that the executor kept */
} PartState;

static void *
part(const CustomScanState *node, int which)
{
	return list_nth(castNode(CustomScan, node->ss.ps.plan)->custom_private, which);
}

static TupleDesc
whole_row_of(const CustomScan *scan, TupleDesc row, int columns)
{
	TupleDesc	result;

	if (list_length(scan->custom_scan_tlist) == columns)
		return NULL;
	result = CreateTemplateTupleDesc(columns);
	for (int i = 1; i <= columns; i++)
		TupleDescCopyEntry(result, (AttrNumber) i, row, (AttrNumber) i);
	return BlessTupleDesc(result);
}

/* The pin is taken here, so that all parts of the query, and a cursor's later rows, show what was committed by now. */
static void
begin_part(CustomScanState *node, EState *estate, int eflags)
{
	PartState  *state = (PartState *) node;
	CustomScan *scan = castNode(CustomScan, node->ss.ps.plan);
	TupleDesc	row = node->ss.ss_ScanTupleSlot->tts_tupleDescriptor;
	IvySource	source = {.tree = strVal(part(node, IVY_SCAN_TREE)),.query = part(node, IVY_SCAN_QUERY),
		.values = list_nth(scan->custom_exprs, IVY_SCAN_VALUES),
		.shipments = part(node, IVY_SCAN_SHIPMENTS),.is_part = true,.estate = estate};
	AttrNumber *attributes;

	state->columns = list_length(part(node, IVY_SCAN_COLUMNS));
	state->entry = (Index) bms_singleton_member(scan->custom_relids);
	state->whole_row = whole_row_of(scan, row, state->columns);
	if (state->whole_row != NULL)
		state->kept = ExecInitExtraTupleSlot(estate, state->whole_row, &TTSOpsVirtual);
	if ((eflags & EXEC_FLAG_EXPLAIN_ONLY) != 0)
		return;
	attributes = palloc(sizeof(AttrNumber) * state->columns);
	for (int i = 0; i < state->columns; i++)
		attributes[i] = (AttrNumber) (i + 1);
	state->scan = ivy_scan_begin_query(row, attributes, state->columns, source,
									   ivy_is_dump() ? 0 : ivy_query_pin(estate));
	if (part(node, IVY_SCAN_LOOKUP) != NIL)
		state->lookup = ivy_lookup_begin(node, part(node, IVY_SCAN_LOOKUP),
										 list_nth(scan->custom_exprs, IVY_SCAN_VALUE),
										 part(node, IVY_SCAN_COLUMNS));
	else if ((eflags & EXEC_FLAG_REWIND) != 0)
		ivy_scan_keep_rows(state->scan);
}

static void
add_whole_row(PartState *state, TupleTableSlot *slot)
{
	MemoryContext old;

	if (state->whole_row == NULL)
		return;
	old = MemoryContextSwitchTo(state->css.ss.ps.ps_ExprContext->ecxt_per_tuple_memory);
	slot->tts_values[state->columns] =
		HeapTupleGetDatum(heap_form_tuple(state->whole_row, slot->tts_values, slot->tts_isnull));
	slot->tts_isnull[state->columns] = false;
	MemoryContextSwitchTo(old);
}

static TupleTableSlot *
next_row(ScanState *node)
{
	PartState  *state = (PartState *) node;
	TupleTableSlot *slot = node->ss_ScanTupleSlot;

	if (!(state->lookup != NULL ? ivy_lookup_next(state->lookup, state->scan, slot) :
		  ivy_scan_next(state->scan, slot)))
		return NULL;
	add_whole_row(state, slot);
	return slot;
}

/* The kept whole row in the scan's slot; false when there is none, which an outer join makes. */
static bool
fetch_kept(PartState *state, EPQState *check, TupleTableSlot *slot)
{
	if (!EvalPlanQualFetchRowMark(check, state->entry, state->kept))
		return false;
	slot_getallattrs(state->kept);
	ExecClearTuple(slot);
	memcpy(slot->tts_values, state->kept->tts_values, sizeof(Datum) * state->columns);
	memcpy(slot->tts_isnull, state->kept->tts_isnull, sizeof(bool) * state->columns);
	add_whole_row(state, slot);
	ExecStoreVirtualTuple(slot);
	return true;
}

/*
 * Called instead of next_row when the executor looks again at a row that somebody else has changed meanwhile: this part
 * has the one row that was kept with it, or all of its rows when nothing keeps them.
 */
static bool
recheck_row(ScanState *node, TupleTableSlot *slot)
{
	PartState  *state = (PartState *) node;
	EPQState   *check = node->ps.state->es_epq_active;
	Index		place = state->entry - 1;

	if (check->relsubs_rowmark[place] == NULL)
		return next_row(node) != NULL;
	if (check->relsubs_done[place])
		return false;
	check->relsubs_done[place] = true;
	return fetch_kept(state, check, slot);
}

static TupleTableSlot *
exec_part(CustomScanState *node)
{
	return ExecScan(&node->ss, next_row, recheck_row);
}

static void
end_part(CustomScanState *node)
{
	PartState  *state = (PartState *) node;

	if (state->lookup != NULL)
		ivy_lookup_end(state->lookup);
	if (state->scan != NULL)
		ivy_scan_end(state->scan);
}

static void
rescan_part(CustomScanState *node)
{
	PartState  *state = (PartState *) node;

	if (state->lookup != NULL)
		ivy_lookup_rewind(state->lookup, state->scan);
	else
		ivy_scan_rewind(state->scan);
	ExecScanReScan(&node->ss);
}

static void
explain_part(CustomScanState *node, List *ancestors, ExplainState *es)
{
	const IvyScan *scan = ((PartState *) node)->scan;

	ExplainPropertyText("Path", "part of the query in DuckDB", es);
	ExplainPropertyText("DuckDB SQL", strVal(part(node, IVY_SCAN_SQL)), es);
	ivy_explain_shipments(part(node, IVY_SCAN_SHIPMENTS), scan == NULL ? NIL : ivy_scan_counts(scan).shipped, es);
	ivy_explain_scan(node, scan, es);
}

static const CustomExecMethods exec_methods = {
	.CustomName = IVY_PART_NAME,
	.BeginCustomScan = begin_part,
	.ExecCustomScan = exec_part,
	.EndCustomScan = end_part,
	.ReScanCustomScan = rescan_part,
	.ExplainCustomScan = explain_part
};

static Node *
create_state(CustomScan *scan)
{
	PartState  *state = palloc0(sizeof(PartState));

	NodeSetTag(state, T_CustomScanState);
	state->css.flags = scan->flags;
	state->css.methods = &exec_methods;
	return (Node *) state;
}

const CustomScanMethods ivy_part_methods = {
	.CustomName = IVY_PART_NAME,
	.CreateCustomScanState = create_state
};
