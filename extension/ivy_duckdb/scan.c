/*
 * scan.c: the custom scan of one mirror under Postgres' own plan.
 */
#include "postgres.h"

#include "compat.h"
#include "engine.h"
#include "executor/executor.h"
#include "lookup.h"
#include "mirror.h"
#include "nodes/execnodes.h"
#include "plan.h"
#include "scan.h"
#include "utils/rel.h"

typedef struct MirrorScanState
{
	CustomScanState css;
	IvyScan    *scan;
	IvyLookup  *lookup;			/* NULL: none */
} MirrorScanState;

static void *
part(const CustomScanState *node, int which)
{
	return list_nth(castNode(CustomScan, node->ss.ps.plan)->custom_private, which);
}

/* The pin is taken here, so that all scans of the query, and a cursor's later rows, show what was committed by now. */
static void
begin_scan(CustomScanState *node, EState *estate, int eflags)
{
	MirrorScanState *state = (MirrorScanState *) node;
	Relation	mirror = node->ss.ss_currentRelation;
	List	   *columns = part(node, IVY_SCAN_COLUMNS);
	IvySource	source = {.tree = strVal(part(node, IVY_SCAN_TREE)),.query = part(node, IVY_SCAN_QUERY),
		.values = list_nth(castNode(CustomScan, node->ss.ps.plan)->custom_exprs, IVY_SCAN_VALUES),.estate = estate};
	AttrNumber *attributes;
	uint64		pin;
	ListCell   *cell;

	if ((eflags & EXEC_FLAG_EXPLAIN_ONLY) != 0)
		return;
	ivy_check_readable(mirror);
	pin = ivy_is_dump() ? 0 : ivy_query_pin(estate);
	attributes = palloc(sizeof(AttrNumber) * Max(list_length(columns), 1));
	foreach(cell, columns)
		attributes[foreach_current_index(cell)] = (AttrNumber) lfirst_int(cell);
	state->scan = source.tree[0] == '\0' ?
		ivy_scan_begin_pinned(mirror, attributes, list_length(columns), pin) :
		ivy_scan_begin_query(RelationGetDescr(mirror), attributes, list_length(columns), source, pin);
	if (part(node, IVY_SCAN_LOOKUP) != NIL)
		state->lookup = ivy_lookup_begin(node, part(node, IVY_SCAN_LOOKUP),
										 list_nth(castNode(CustomScan, node->ss.ps.plan)->custom_exprs,
												  IVY_SCAN_VALUE), NIL);
	else if ((eflags & EXEC_FLAG_REWIND) != 0)
		ivy_scan_keep_rows(state->scan);
}

static TupleTableSlot *
next_row(ScanState *node)
{
	MirrorScanState *state = (MirrorScanState *) node;
	TupleTableSlot *slot = node->ss_ScanTupleSlot;

	if (!(state->lookup != NULL ? ivy_lookup_next(state->lookup, state->scan, slot) :
		  ivy_scan_next(state->scan, slot)))
		return NULL;
	slot->tts_tableOid = RelationGetRelid(node->ss_currentRelation);
	return slot;
}

static bool
recheck_row(ScanState *node, TupleTableSlot *slot)
{
	return true;
}

static TupleTableSlot *
exec_scan(CustomScanState *node)
{
	return ExecScan(&node->ss, next_row, recheck_row);
}

static void
end_scan(CustomScanState *node)
{
	MirrorScanState *state = (MirrorScanState *) node;

	if (state->lookup != NULL)
		ivy_lookup_end(state->lookup);
	if (state->scan != NULL)
		ivy_scan_end(state->scan);
}

static void
rescan_scan(CustomScanState *node)
{
	MirrorScanState *state = (MirrorScanState *) node;

	if (state->lookup != NULL)
		ivy_lookup_rewind(state->lookup, state->scan);
	else
		ivy_scan_rewind(state->scan);
	ExecScanReScan(&node->ss);
}

void
ivy_explain_run(const IvyEffort *effort, const IvyFallback *fallback, ExplainState *es)
{
	if (fallback != NULL)
		ivy_fallback_explain(fallback, es);
	else
	{
		if (es->timing)
			ExplainPropertyFloat("Time in DuckDB", "ms", (double) effort->micros / 1000, 3, es);
		ExplainPropertyUInteger("Rows read", NULL, effort->rows_read, es);
		ExplainPropertyUInteger("Files read", NULL, effort->files_read, es);
		ExplainPropertyUInteger("Files left out", NULL, effort->files_left_out, es);
	}
}

/* Why the whole query and the conditions that Postgres evaluates were not pushed, and what came from the engine. */
void
ivy_explain_scan(CustomScanState *node, const IvyScan *scan, ExplainState *es)
{
	char	   *reason = strVal(part(node, IVY_SCAN_REASON));
	IvyCounts	counts;
	List	   *conditions = NIL;
	ListCell   *cell;

	foreach(cell, (List *) part(node, IVY_SCAN_LOCAL))
		conditions = lappend(conditions, strVal(lfirst(cell)));
	if (es->verbose && reason[0] != '\0')
		ExplainPropertyText("Not pushed", reason, es);
	if (es->verbose && conditions != NIL)
		ExplainPropertyList("Conditions not pushed", conditions, es);
	if (es->verbose && es->analyze && scan != NULL)
	{
		counts = ivy_scan_counts(scan);
		ExplainPropertyInteger("Requests", NULL, counts.requests, es);
		ExplainPropertyInteger("Rows from DuckDB", NULL, counts.fallback == NULL ? counts.rows : 0, es);
	}
	if (es->analyze && scan != NULL)
	{
		counts = ivy_scan_counts(scan);
		ivy_explain_run(&counts.effort, counts.fallback, es);
	}
}

static void
explain_scan(CustomScanState *node, List *ancestors, ExplainState *es)
{
	char	   *sql = strVal(part(node, IVY_SCAN_SQL));
	Relation	mirror = node->ss.ss_currentRelation;
	List	   *names = NIL;
	ListCell   *cell;

	foreach(cell, (List *) part(node, IVY_SCAN_COLUMNS))
	{
		Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(mirror), lfirst_int(cell) - 1);

		names = lappend(names, pstrdup(NameStr(attribute->attname)));
	}
	ExplainPropertyText("Path", psprintf("%s of mirror %s", sql[0] == '\0' ? "scan" : "filtered scan",
										 RelationGetRelationName(mirror)), es);
	if (sql[0] != '\0')
		ExplainPropertyText("DuckDB SQL", sql, es);
	if (es->verbose)
		ExplainPropertyList("Columns", names, es);
	ivy_explain_scan(node, ((MirrorScanState *) node)->scan, es);
}

static const CustomExecMethods exec_methods = {
	.CustomName = IVY_SCAN_NAME,
	.BeginCustomScan = begin_scan,
	.ExecCustomScan = exec_scan,
	.EndCustomScan = end_scan,
	.ReScanCustomScan = rescan_scan,
	.ExplainCustomScan = explain_scan
};

static Node *
create_state(CustomScan *scan)
{
	MirrorScanState *state = palloc0(sizeof(MirrorScanState));

	NodeSetTag(state, T_CustomScanState);
	state->css.flags = scan->flags;
	state->css.methods = &exec_methods;
	return (Node *) state;
}

const CustomScanMethods ivy_scan_methods = {
	.CustomName = IVY_SCAN_NAME,
	.CreateCustomScanState = create_state
};
