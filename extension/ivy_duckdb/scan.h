/*
 * scan.h: reading one mirror, for the custom scan and for the access method.
 */
#ifndef IVY_SCAN_H
#define IVY_SCAN_H

#include "postgres.h"

#include "executor/tuptable.h"
#include "fallback.h"
#include "ivy_duckdb.h"
#include "nodes/execnodes.h"

/* A query in the engine's form, and what evaluates its values. */
typedef struct IvySource
{
	const char *tree;
	Query	   *query;			/* the same for Postgres' planner, which runs when the engine leaves it to Postgres */
	List	   *values;
	List	   *shipments;		/* rows that travel with it (shipment.h) */
	bool		is_part;		/* not a scan of one mirror */
	EState	   *estate;
} IvySource;

/* As IvyApi.scan_begin; pin 0: the transaction's, or one which the engine takes for this scan. */
extern IvyScan *ivy_scan_begin_pinned(Relation mirror, const AttrNumber *attributes, int count, uint64 pin);

extern IvyScan *ivy_scan_begin(Relation mirror, const AttrNumber *attributes, int count);

/*
 * The rows of a query: column i of its result goes to attribute attributes[i] of the row type, all others are null. It
 * is sent when its first row is asked for. Row type and attributes are copied.
 */
extern IvyScan *ivy_scan_begin_query(TupleDesc row, const AttrNumber *attributes, int count, IvySource source,
									 uint64 pin);
extern bool ivy_scan_next(IvyScan *scan, TupleTableSlot *slot);
extern void ivy_scan_rewind(IvyScan *scan);
extern void ivy_scan_end(IvyScan *scan);

/* What has been asked of the engine so far, and the rows that came. */
typedef struct IvyCounts
{
	int			requests;
	int64		rows;
	List	   *shipped;		/* what ivy_ship returned for the last request */
	IvyEffort	effort;			/* of the requests whose rows were read to the end */
	const IvyFallback *fallback;	/* what Postgres does instead; NULL: the engine does it */
} IvyCounts;

extern IvyCounts ivy_scan_counts(const IvyScan *scan);

/* Forgets rows that were kept: the scan is not read again. */
extern void ivy_scan_drop_rows(IvyScan *scan);

/* Rows that are read again will be read many times: keep them from now on. */
extern void ivy_scan_keep_rows(IvyScan *scan);

#endif
