/*
 * read.c: the rows of one mirror or of a query, and keeping them when they are read again and again.
 *
 * A scan that is rewound streams a second time and keeps what it sees in a tuplestore; from then on a rewind reads the
 * tuplestore first and goes on with the stream where that ends. So the inner side of a nested loop or a correlated
 * sub-SELECT streams its rows at most twice, and a scan that runs once keeps nothing.
 */
#include "postgres.h"

#include "engine.h"
#include "executor/executor.h"
#include "fallback.h"
#include "miscadmin.h"
#include "mirror.h"
#include "scan.h"
#include "shipment.h"
#include "stream.h"
#include "tree.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

struct IvyScan
{
	MemoryContext context;
	Oid			mirror;			/* whose rows are read; InvalidOid: those of `source` */
	IvySource	source;
	TupleDesc	row;
	AttrNumber *attributes;
	int			count;
	uint64		pin;
	IvyStream  *stream;			/* NULL: not begun */
	IvyFallback *fallback;		/* what makes the rows instead; NULL: the engine does */
	bool		started;		/* some row was asked for since the last rewind */
	bool		keeping;
	bool		from_store;		/* the next row lies in the tuplestore */
	bool		complete;		/* there are no rows but those of the tuplestore */
	Tuplestorestate *store;
	TupleTableSlot *stored;		/* the tuplestore's current row */
	IvyCounts	counts;
};

static IvyScan *
begin_scan(TupleDesc row, const AttrNumber *attributes, int count, uint64 pin)
{
	IvyScan    *scan = palloc0(sizeof(IvyScan));

	scan->context = CurrentMemoryContext;
	scan->row = CreateTupleDescCopy(row);
	scan->attributes = palloc(sizeof(AttrNumber) * Max(count, 1));
	memcpy(scan->attributes, attributes, sizeof(AttrNumber) * count);
	scan->count = count;
	scan->pin = pin;
	scan->complete = ivy_is_dump();
	return scan;
}

IvyScan *
ivy_scan_begin_pinned(Relation mirror, const AttrNumber *attributes, int count, uint64 pin)
{
	IvyScan    *scan;

	ivy_check_readable(mirror);
	scan = begin_scan(RelationGetDescr(mirror), attributes, count, pin);
	scan->mirror = RelationGetRelid(mirror);
	return scan;
}

IvyScan *
ivy_scan_begin_query(TupleDesc row, const AttrNumber *attributes, int count, IvySource source, uint64 pin)
{
	IvyScan    *scan = begin_scan(row, attributes, count, pin);

	scan->source = source;
	return scan;
}

IvyScan *
ivy_scan_begin(Relation mirror, const AttrNumber *attributes, int count)
{
	List	   *mirrors = list_make1_oid(RelationGetRelid(mirror));

	return ivy_scan_begin_pinned(mirror, attributes, count, ivy_is_dump() ? 0 : ivy_transaction_pin(mirrors));
}

static void
send_scan(IvyScan *scan)
{
	MemoryContext old = MemoryContextSwitchTo(scan->context);
	IvyConnection *connection = ivy_connect(true);
	IvyWriter	payload = ivy_writer();

	ivy_write_pin(&payload, scan->pin);
	if (OidIsValid(scan->mirror))
	{
		ivy_write_u32(&payload, scan->mirror);
		ivy_write_u16(&payload, (uint16) scan->count);
		for (int i = 0; i < scan->count; i++)
			ivy_write_u16(&payload, (uint16) scan->attributes[i]);
	}
	else
	{
		ivy_write_string(&payload, ivy_session());
		ivy_write_string(&payload, scan->source.tree);
		ivy_write_values(&payload, scan->source.values, scan->source.estate);
	}
	ivy_write_targets(&payload, scan->row, scan->attributes, scan->count);
	if (!OidIsValid(scan->mirror))
		ivy_write_shipments(&payload, scan->source.shipments);
	ivy_request(connection, OidIsValid(scan->mirror) ? IVY_SCAN : IVY_EXECUTE, &payload);
	pfree(payload.data);
	scan->counts.requests++;
	if (!OidIsValid(scan->mirror))
		scan->counts.shipped = ivy_ship(connection, scan->source.shipments, scan->source.estate);
	scan->stream = ivy_stream_open(connection, scan->row, scan->attributes, scan->count);
	MemoryContextSwitchTo(old);
}

/* The next row is the first again. */
static void
close_stream(IvyScan *scan)
{
	if (scan->stream != NULL)
		ivy_stream_close(scan->stream);
	scan->stream = NULL;
	if (scan->fallback != NULL)
		ivy_fallback_rewind(scan->fallback);
}

static void
fall_back(IvyScan *scan)
{
	MemoryContext old = MemoryContextSwitchTo(scan->context);

	scan->fallback = ivy_fallback_begin(scan->source.query, scan->source.estate, scan->stream, scan->pin,
										scan->source.is_part);
	scan->stream = NULL;
	MemoryContextSwitchTo(old);
}

void
ivy_scan_keep_rows(IvyScan *scan)
{
	MemoryContext old = MemoryContextSwitchTo(scan->context);

	if (!scan->keeping)
	{
		close_stream(scan);
		scan->store = tuplestore_begin_heap(true, false, work_mem);
		scan->stored = MakeSingleTupleTableSlot(scan->row, &TTSOpsMinimalTuple);
		scan->keeping = true;
	}
	MemoryContextSwitchTo(old);
}

/* The next kept row, in the caller's slot by reference; false when the tuplestore is at its end. */
static bool
next_stored(IvyScan *scan, TupleTableSlot *slot)
{
	int			natts = scan->row->natts;

	if (!tuplestore_gettupleslot(scan->store, true, false, scan->stored))
		return false;
	slot_getallattrs(scan->stored);
	ExecClearTuple(slot);
	memcpy(slot->tts_values, scan->stored->tts_values, sizeof(Datum) * natts);
	memcpy(slot->tts_isnull, scan->stored->tts_isnull, sizeof(bool) * natts);
	ExecStoreVirtualTuple(slot);
	return true;
}

static bool
next_streamed(IvyScan *scan, TupleTableSlot *slot)
{
	if (scan->fallback != NULL)
		return ivy_fallback_next(scan->fallback, slot, scan->attributes, scan->count);
	if (scan->stream == NULL)
		send_scan(scan);
	if (ivy_stream_next(scan->stream, slot))
		return true;
	if (ivy_stream_left(scan->stream) == NULL)
	{
		ivy_stream_add_effort(scan->stream, &scan->counts.effort);
		return false;
	}
	fall_back(scan);
	return ivy_fallback_next(scan->fallback, slot, scan->attributes, scan->count);
}

bool
ivy_scan_next(IvyScan *scan, TupleTableSlot *slot)
{
	bool		found;

	scan->started = true;
	if (scan->from_store)
	{
		if (next_stored(scan, slot))
			return true;
		scan->from_store = false;
	}
	if (scan->complete)
	{
		ExecClearTuple(slot);
		return false;
	}
	found = next_streamed(scan, slot);
	scan->counts.rows += found ? 1 : 0;
	if (scan->keeping && found)
		tuplestore_puttupleslot(scan->store, slot);
	else if (scan->keeping)
		scan->complete = true;
	return found;
}

IvyCounts
ivy_scan_counts(const IvyScan *scan)
{
	IvyCounts	counts = scan->counts;

	counts.fallback = scan->fallback;
	return counts;
}

void
ivy_scan_rewind(IvyScan *scan)
{
	if (!scan->started)
		return;
	scan->started = false;
	if (scan->keeping)
	{
		tuplestore_rescan(scan->store);
		scan->from_store = true;
	}
	else
		ivy_scan_keep_rows(scan);
}

void
ivy_scan_drop_rows(IvyScan *scan)
{
	close_stream(scan);
	if (scan->keeping)
	{
		ExecDropSingleTupleTableSlot(scan->stored);
		tuplestore_end(scan->store);
	}
	scan->keeping = false;
	scan->from_store = false;
}

void
ivy_scan_end(IvyScan *scan)
{
	ivy_scan_drop_rows(scan);
	if (scan->fallback != NULL)
		ivy_fallback_end(scan->fallback);
	FreeTupleDesc(scan->row);
	pfree(scan->attributes);
	pfree(scan);
}
