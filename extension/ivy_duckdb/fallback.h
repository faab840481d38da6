/*
 * fallback.h: Postgres' own plan for a query that the engine, asked to run it, left to Postgres.
 */
#ifndef IVY_FALLBACK_H
#define IVY_FALLBACK_H

#include "postgres.h"

#include "commands/explain.h"
#include "executor/tuptable.h"
#include "nodes/execnodes.h"
#include "nodes/parsenodes.h"
#include "stream.h"

typedef struct IvyFallback IvyFallback;

/*
 * Plans the query and starts it, with the snapshot and parameters of the query around it; the query is copied. The
 * stream, which was left, is closed; `pin` is what its request named. With `filtered`, scans of mirrors may have
 * conditions that the engine evaluates: not under a scan that was left, which would come back for ever. Lives in
 * CurrentMemoryContext.
 */
extern IvyFallback *ivy_fallback_begin(const Query *query, EState *estate, IvyStream *stream, uint64 pin,
									   bool filtered);

/*
 * Column i of the next row goes to attribute attributes[i] of the slot (NULL: i + 1), all others are null; the values
 * live until the next call. False after the last row.
 */
extern bool ivy_fallback_next(IvyFallback *fallback, TupleTableSlot *slot, const AttrNumber *attributes, int count);

/* Shows why Postgres ran the query, and its plan. */
extern void ivy_fallback_explain(const IvyFallback *fallback, struct ExplainState *es);

extern void ivy_fallback_rewind(IvyFallback *fallback);
extern void ivy_fallback_end(IvyFallback *fallback);

#endif
