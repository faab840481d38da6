/*
 * am.c: the table access method `mooncake`.
 *
 * A mirror is a table without storage of its own but an empty main fork, which pg_upgrade wants to find. Queries reach
 * it through ivy_duckdb's custom scans; what comes here is COPY TO, ANALYZE and everything that is refused.
 */
#include "postgres.h"

#include "access/multixact.h"
#include "access/relscan.h"
#include "access/tableam.h"
#include "am.h"
#include "catalog/index.h"
#include "catalog/pg_class.h"
#include "catalog/storage.h"
#include "commands/vacuum.h"
#include "compat.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "ivy_duckdb.h"
#include "miscadmin.h"
#include "mooncake.h"
#include "optimizer/plancat.h"
#include "storage/smgr.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

PG_FUNCTION_INFO_V1(mooncake_am_handler);

/* What the planner assumes of a mirror whose size nobody told. */
#define ROWS_DEFAULT 1000000.0
#define ROWS_PER_PAGE 100.0

typedef struct MirrorScan
{
	TableScanDescData base;
	IvyScan    *scan;
	bool		analyzed;		/* ANALYZE got the one block there is */
} MirrorScan;

/* ---- refusals ---- */

static void
refuse_change(Relation mirror)
{
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("mirror \"%s\" is read-only", RelationGetRelationName(mirror)),
			 errhint("Change the source table instead.")));
}

static void
refuse_lock(Relation mirror)
{
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("cannot lock rows of mirror \"%s\"", RelationGetRelationName(mirror))));
}

static void
refuse_index(Relation mirror)
{
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("cannot create an index or a constraint on mirror \"%s\"", RelationGetRelationName(mirror)),
			 errdetail("A mirror has no indexes; its files carry statistics instead.")));
}

static void
refuse_rewrite(Relation mirror)
{
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("cannot rewrite mirror \"%s\"", RelationGetRelationName(mirror))));
}

/* A row of a mirror has no address, so that a row joined to it cannot be checked again after a concurrent update. */
static void
refuse_row_version(Relation mirror)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("could not check a row of mirror \"%s\" again after a concurrent update",
					RelationGetRelationName(mirror)),
			 errhint("Run the statement again.")));
}

static void
refuse_address(Relation mirror)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("rows of mirror \"%s\" have no address", RelationGetRelationName(mirror))));
}

static void
refuse_sample(TableScanDesc scan)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot use TABLESAMPLE on mirror \"%s\"", RelationGetRelationName(scan->rs_rd))));
}

static void
refuse_scan(TableScanDesc scan)
{
	refuse_address(scan->rs_rd);
}

static void
refuse_index_fetch(IndexFetchTableData *fetch)
{
	refuse_address(fetch->rel);
}

/* ---- scans ---- */

static const TupleTableSlotOps *
slot_callbacks(Relation mirror)
{
	return &TTSOpsVirtual;
}

static IvyScan *
open_stream(Relation mirror)
{
	TupleDesc	row = RelationGetDescr(mirror);
	AttrNumber *attributes = palloc(sizeof(AttrNumber) * Max(row->natts, 1));
	int			count = 0;

	for (int i = 0; i < row->natts; i++)
		if (!TupleDescAttr(row, i)->attisdropped)
			attributes[count++] = i + 1;
	return ivy_api()->scan_begin(mirror, attributes, count);
}

static TableScanDesc
scan_begin(Relation mirror, Snapshot snapshot, int key_count, struct ScanKeyData *keys,
		   ParallelTableScanDesc parallel, uint32 flags)
{
	MirrorScan *scan = palloc0(sizeof(MirrorScan));

	if (parallel != NULL || key_count > 0)
		elog(ERROR, "a mirror is scanned neither in parallel nor with keys");
	RelationIncrementReferenceCount(mirror);
	scan->base.rs_rd = mirror;
	scan->base.rs_snapshot = snapshot;
	scan->base.rs_flags = flags;
	return &scan->base;
}

static void
scan_end(TableScanDesc base)
{
	MirrorScan *scan = (MirrorScan *) base;

	if (scan->scan != NULL)
		ivy_api()->scan_end(scan->scan);
	RelationDecrementReferenceCount(base->rs_rd);
	if ((base->rs_flags & SO_TEMP_SNAPSHOT) != 0)
		UnregisterSnapshot(base->rs_snapshot);
	pfree(scan);
}

static void
scan_rescan(TableScanDesc base, struct ScanKeyData *keys, bool set_params, bool allow_strat, bool allow_sync,
			bool allow_pagemode)
{
	MirrorScan *scan = (MirrorScan *) base;

	if (scan->scan != NULL)
		ivy_api()->scan_rewind(scan->scan);
}

static bool
scan_next(TableScanDesc base, ScanDirection direction, TupleTableSlot *slot)
{
	MirrorScan *scan = (MirrorScan *) base;

	if (ScanDirectionIsBackward(direction))
		elog(ERROR, "a mirror is not scanned backward");
	if (mooncake_own_statement)
		return false;
	if (scan->scan == NULL)
		scan->scan = open_stream(base->rs_rd);
	if (!ivy_api()->scan_next(scan->scan, slot))
		return false;
	slot->tts_tableOid = RelationGetRelid(base->rs_rd);
	return true;
}

/* ---- ANALYZE: one block, which holds all rows ---- */

static bool
analyze_next_block(IVY_ANALYZE_BLOCK_ARGUMENTS)
{
	MirrorScan *mirror_scan = (MirrorScan *) scan;
	bool		first = !mirror_scan->analyzed;

	mirror_scan->analyzed = true;
	return first;
}

static bool
analyze_next_tuple(TableScanDesc scan, TransactionId oldest_xmin, double *live, double *dead, TupleTableSlot *slot)
{
	if (!scan_next(scan, ForwardScanDirection, slot))
		return false;
	*live += 1;
	return true;
}

static uint64
relation_size(Relation mirror, ForkNumber fork)
{
	return fork == MAIN_FORKNUM || fork == InvalidForkNumber ? BLCKSZ : 0;
}

static void
estimate_size(Relation mirror, int32 *widths, BlockNumber *pages, double *tuples, double *all_visible)
{
	double		rows = ivy_api()->mirror_rows(RelationGetRelid(mirror));

	if (rows < 0)
		rows = mirror->rd_rel->reltuples;
	if (rows < 0)
		rows = ROWS_DEFAULT;
	if (widths != NULL)
		(void) get_rel_data_width(mirror, widths);
	*tuples = rows;
	*pages = (BlockNumber) (rows / ROWS_PER_PAGE) + 1;
	*all_visible = 0;
}

/* ---- life of the table ---- */

/* Called for a new table, and for TRUNCATE and rewrites of one that exists. */
static void
set_new_storage(Relation mirror, const IvyStorage *storage, char persistence, TransactionId *freeze_xid,
				MultiXactId *min_multi)
{
	if (SearchSysCacheExists1(RELOID, ObjectIdGetDatum(RelationGetRelid(mirror))))
		refuse_change(mirror);
	if (persistence != RELPERSISTENCE_PERMANENT)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("a mirror cannot be temporary or unlogged")));
	*freeze_xid = InvalidTransactionId;
	*min_multi = InvalidMultiXactId;
	smgrclose(RelationCreateStorage(*storage, persistence, true));
}

static void
vacuum_nothing(Relation mirror, struct VacuumParams *params, BufferAccessStrategy strategy)
{
}

static bool
needs_no_toast_table(Relation mirror)
{
	return false;
}

static Oid
toast_am(Relation mirror)
{
	return mirror->rd_rel->relam;
}

/* A function that never returns fits every place. */
#define REFUSE(function) ((void *) (function))

static const TableAmRoutine routine = {
	.type = T_TableAmRoutine,
	.slot_callbacks = slot_callbacks,
	.scan_begin = scan_begin,
	.scan_end = scan_end,
	.scan_rescan = scan_rescan,
	.scan_getnextslot = scan_next,
	.parallelscan_estimate = REFUSE(refuse_address),
	.parallelscan_initialize = REFUSE(refuse_address),
	.parallelscan_reinitialize = REFUSE(refuse_address),
	.index_fetch_begin = REFUSE(refuse_address),
	.index_fetch_reset = REFUSE(refuse_index_fetch),
	.index_fetch_end = REFUSE(refuse_index_fetch),
	.index_fetch_tuple = REFUSE(refuse_index_fetch),
	.tuple_fetch_row_version = REFUSE(refuse_row_version),
	.tuple_tid_valid = REFUSE(refuse_scan),
	.tuple_get_latest_tid = REFUSE(refuse_scan),
	.tuple_satisfies_snapshot = REFUSE(refuse_address),
	.index_delete_tuples = REFUSE(refuse_index),
	.tuple_insert = REFUSE(refuse_change),
	.tuple_insert_speculative = REFUSE(refuse_change),
	.tuple_complete_speculative = REFUSE(refuse_change),
	.multi_insert = REFUSE(refuse_change),
	.tuple_delete = REFUSE(refuse_change),
	.tuple_update = REFUSE(refuse_change),
	.tuple_lock = REFUSE(refuse_lock),
	.IVY_SET_NEW_STORAGE = set_new_storage,
	.relation_nontransactional_truncate = REFUSE(refuse_change),
	.relation_copy_data = REFUSE(refuse_rewrite),
	.relation_copy_for_cluster = REFUSE(refuse_rewrite),
	.relation_vacuum = vacuum_nothing,
	.scan_analyze_next_block = analyze_next_block,
	.scan_analyze_next_tuple = analyze_next_tuple,
	.index_build_range_scan = REFUSE(refuse_index),
	.index_validate_scan = REFUSE(refuse_index),
	.relation_size = relation_size,
	.relation_needs_toast_table = needs_no_toast_table,
	.relation_toast_am = toast_am,
	.relation_estimate_size = estimate_size,
	.scan_sample_next_block = REFUSE(refuse_sample),
	.scan_sample_next_tuple = REFUSE(refuse_sample)
};

const TableAmRoutine *
mooncake_am_routine(void)
{
	return &routine;
}

Datum
mooncake_am_handler(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(&routine);
}

void
mooncake_am_init(void)
{
	load_file("ivy_duckdb", false);
	ivy_api()->register_mirror_am(&routine);
}
