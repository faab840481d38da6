/*
 * lookup.h: the rows of a scan that a value finds, for a scan that is run again for each row of another table.
 */
#ifndef IVY_LOOKUP_H
#define IVY_LOOKUP_H

#include "postgres.h"

#include "nodes/execnodes.h"
#include "nodes/pathnodes.h"
#include "scan.h"

typedef struct IvyLookup IvyLookup;

/*
 * What a plan says about a lookup: a condition `column = expression`, or the other way round, whose expression may
 * change from scan to scan. NIL when the conditions, RestrictInfos, have none. The expression comes separately.
 */
extern List *ivy_lookup_plan(Index relid, const List *conditions, Expr **expression);

/* `columns` are the attribute numbers that the rows' columns have in the plan's condition, NIL: they are the same. */
extern IvyLookup *ivy_lookup_begin(CustomScanState *node, List *plan, Expr *expression, const List *columns);

/*
 * The next row that may meet the condition, or any other: the plan evaluates the condition anyhow. The first time round
 * rows come as ivy_scan_next gives them.
 */
extern bool ivy_lookup_next(IvyLookup *lookup, IvyScan *scan, TupleTableSlot *slot);
extern void ivy_lookup_rewind(IvyLookup *lookup, IvyScan *scan);
extern void ivy_lookup_end(IvyLookup *lookup);

#endif
