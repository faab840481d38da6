/*
 * lookup.c: finds rows by a hash of one column.
 *
 * A sub-SELECT that depends on a row of another table is run for each of its rows. When it is run again, the rows of
 * its scan are put into a hash table, from which those are taken that can meet the condition, instead of looking at all
 * of them. Rows that need more memory than Postgres gives to a hash table are kept by the scan and read from the start
 * each time.
 */
#include "postgres.h"

#include "executor/executor.h"
#include "lookup.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* Parts of a lookup's plan, a list of OIDs */
#define LOOKUP_ATTRIBUTE 0
#define LOOKUP_COLUMN_HASH 1
#define LOOKUP_VALUE_HASH 2
#define LOOKUP_COLLATION 3

typedef struct LookupRow
{
	struct LookupRow *next;
	uint32		hash;
	MinimalTuple tuple;
} LookupRow;

struct IvyLookup
{
	CustomScanState *node;
	AttrNumber	attribute;		/* in the scan's slot */
	FmgrInfo	column_hash;
	FmgrInfo	value_hash;
	Oid			collation;
	ExprState  *value;
	bool		again;			/* this is not the first time round */
	bool		begun;			/* the value was looked up */
	bool		full;			/* the rows need too much memory */
	MemoryContext context;		/* of the hash table; NULL: there is none */
	uint32		buckets;		/* a power of two */
	LookupRow **table;
	LookupRow  *rows;			/* while the table is filled */
	uint32		hash;			/* of the value that is looked up */
	LookupRow  *next;			/* candidate */
	TupleTableSlot *stored;
};

/* ---- the plan ---- */

static bool
changes_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Param))
		return ((Param *) node)->paramkind == PARAM_EXEC;
	return expression_tree_walker(node, changes_walker, context);
}

static List *
plan_of(Index relid, OpExpr *condition, bool reversed, Expr **expression)
{
	Node	   *column = list_nth(condition->args, reversed ? 1 : 0);
	Node	   *value = list_nth(condition->args, reversed ? 0 : 1);
	RegProcedure left;
	RegProcedure right;

	if (!IsA(column, Var) || ((Var *) column)->varno != relid || ((Var *) column)->varattno <= 0 ||
		contain_var_clause(value) || contain_volatile_functions(value) || contain_subplans(value) ||
		!changes_walker(value, NULL) || !op_strict(condition->opno) ||
		!op_hashjoinable(condition->opno, exprType(linitial(condition->args))) ||
		!get_op_hash_functions(condition->opno, &left, &right))
		return NIL;
	*expression = (Expr *) value;
	return list_make4_oid((Oid) ((Var *) column)->varattno, reversed ? right : left, reversed ? left : right,
						  condition->inputcollid);
}

List *
ivy_lookup_plan(Index relid, const List *conditions, Expr **expression)
{
	ListCell   *cell;

	foreach(cell, conditions)
	{
		OpExpr	   *condition = (OpExpr *) lfirst_node(RestrictInfo, cell)->clause;
		List	   *plan;

		if (!IsA(condition, OpExpr) || list_length(condition->args) != 2)
			continue;
		plan = plan_of(relid, condition, false, expression);
		if (plan == NIL)
			plan = plan_of(relid, condition, true, expression);
		if (plan != NIL)
			return plan;
	}
	return NIL;
}

/* ---- execution ---- */

IvyLookup *
ivy_lookup_begin(CustomScanState *node, List *plan, Expr *expression, const List *columns)
{
	IvyLookup  *lookup = palloc0(sizeof(IvyLookup));
	int			attribute = (int) list_nth_oid(plan, LOOKUP_ATTRIBUTE);
	ListCell   *cell;

	lookup->node = node;
	lookup->attribute = (AttrNumber) attribute;
	foreach(cell, columns)
		if (lfirst_int(cell) == attribute)
			lookup->attribute = (AttrNumber) (foreach_current_index(cell) + 1);
	fmgr_info(list_nth_oid(plan, LOOKUP_COLUMN_HASH), &lookup->column_hash);
	fmgr_info(list_nth_oid(plan, LOOKUP_VALUE_HASH), &lookup->value_hash);
	lookup->collation = list_nth_oid(plan, LOOKUP_COLLATION);
	lookup->value = ExecInitExpr(expression, &node->ss.ps);
	lookup->stored = ExecInitExtraTupleSlot(node->ss.ps.state, node->ss.ss_ScanTupleSlot->tts_tupleDescriptor,
											&TTSOpsMinimalTuple);
	return lookup;
}

static void
drop_table(IvyLookup *lookup)
{
	if (lookup->context != NULL)
		MemoryContextDelete(lookup->context);
	lookup->context = NULL;
	lookup->table = NULL;
	lookup->rows = NULL;
}

static uint32
hash_of(FmgrInfo *function, Oid collation, Datum value)
{
	return DatumGetUInt32(FunctionCall1Coll(function, collation, value));
}

/* False when the rows need too much memory. Rows without a value meet no condition. */
static bool
read_rows(IvyLookup *lookup, IvyScan *scan, TupleTableSlot *slot, int64 *count)
{
	Size		left = get_hash_memory_limit();

	while (ivy_scan_next(scan, slot))
	{
		bool		is_null;
		Datum		value = slot_getattr(slot, lookup->attribute, &is_null);
		MemoryContext old;
		LookupRow  *row;
		Size		size;

		CHECK_FOR_INTERRUPTS();
		if (is_null)
			continue;
		old = MemoryContextSwitchTo(lookup->context);
		row = palloc(sizeof(LookupRow));
		row->hash = hash_of(&lookup->column_hash, lookup->collation, value);
		row->tuple = ExecCopySlotMinimalTuple(slot);
		row->next = lookup->rows;
		lookup->rows = row;
		MemoryContextSwitchTo(old);
		++*count;
		size = row->tuple->t_len + sizeof(LookupRow) + 4 * sizeof(void *);
		if (size > left)
			return false;
		left -= size;
	}
	return true;
}

static void
fill_table(IvyLookup *lookup, int64 count)
{
	LookupRow  *row = lookup->rows;

	lookup->buckets = 1024;
	while (lookup->buckets < count && lookup->buckets < (1U << 26))
		lookup->buckets *= 2;
	lookup->table = MemoryContextAllocZero(lookup->context, lookup->buckets * sizeof(LookupRow *));
	while (row != NULL)
	{
		LookupRow **bucket = &lookup->table[row->hash & (lookup->buckets - 1)];
		LookupRow  *next = row->next;

		row->next = *bucket;
		*bucket = row;
		row = next;
	}
}

static void
make_table(IvyLookup *lookup, IvyScan *scan, TupleTableSlot *slot)
{
	int64		count = 0;

	lookup->context = AllocSetContextCreate(lookup->node->ss.ps.state->es_query_cxt, "mooncake lookup",
											ALLOCSET_DEFAULT_SIZES);
	ivy_scan_rewind(scan);
	lookup->full = !read_rows(lookup, scan, slot, &count);
	if (lookup->full)
	{
		drop_table(lookup);
		ivy_scan_rewind(scan);
	}
	else
	{
		fill_table(lookup, count);
		ivy_scan_drop_rows(scan);
	}
}

/* Candidates are the rows of one bucket; nothing is equal to null. */
static void
look_up(IvyLookup *lookup)
{
	ExprContext *context = lookup->node->ss.ps.ps_ExprContext;
	bool		is_null;
	Datum		value = ExecEvalExprSwitchContext(lookup->value, context, &is_null);

	lookup->begun = true;
	lookup->next = NULL;
	if (is_null)
		return;
	lookup->hash = hash_of(&lookup->value_hash, lookup->collation, value);
	lookup->next = lookup->table[lookup->hash & (lookup->buckets - 1)];
}

bool
ivy_lookup_next(IvyLookup *lookup, IvyScan *scan, TupleTableSlot *slot)
{
	int			natts = slot->tts_tupleDescriptor->natts;

	if (lookup->again && !lookup->full && lookup->table == NULL)
		make_table(lookup, scan, slot);
	if (!lookup->again || lookup->full)
		return ivy_scan_next(scan, slot);
	if (!lookup->begun)
		look_up(lookup);
	while (lookup->next != NULL && lookup->next->hash != lookup->hash)
		lookup->next = lookup->next->next;
	ExecClearTuple(slot);
	if (lookup->next == NULL)
		return false;
	ExecStoreMinimalTuple(lookup->next->tuple, lookup->stored, false);
	slot_getallattrs(lookup->stored);
	memcpy(slot->tts_values, lookup->stored->tts_values, sizeof(Datum) * natts);
	memcpy(slot->tts_isnull, lookup->stored->tts_isnull, sizeof(bool) * natts);
	ExecStoreVirtualTuple(slot);
	lookup->next = lookup->next->next;
	return true;
}

void
ivy_lookup_rewind(IvyLookup *lookup, IvyScan *scan)
{
	lookup->again = true;
	lookup->begun = false;
	if (lookup->full)
		ivy_scan_rewind(scan);
}

void
ivy_lookup_end(IvyLookup *lookup)
{
	drop_table(lookup);
}
