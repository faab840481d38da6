/*
 * engine.h: the engine's short requests, and the pins that keep one snapshot for several requests.
 */
#ifndef IVY_ENGINE_H
#define IVY_ENGINE_H

#include "postgres.h"

#include "client.h"
#include "nodes/execnodes.h"

/* Commits up to here were acknowledged to someone before now; flushes WAL up to there. */
extern XLogRecPtr ivy_target_lsn(void);

/* Appends target LSN and timeout, for a pin or for a request that reads without one. */
extern void ivy_write_freshness(IvyWriter *writer);

/* Appends the pin to read from; without a pin the request itself waits for fresh data. */
extern void ivy_write_pin(IvyWriter *writer, uint64 pin);

extern const char *ivy_session(void);

extern void ivy_wait_snapshot(Oid mirror, XLogRecPtr lsn, int timeout_ms);
extern IvyStatus *ivy_status(int *count);
extern double ivy_mirror_rows(Oid mirror);
extern IvyDescription ivy_describe(const char *uri, const char *source, const char *config);
extern void ivy_wake(void);
extern void ivy_wake_if_running(void);
extern IvyEngine ivy_probe(void);

/* pin.c */

/* The pin of this transaction if it keeps one snapshot for all its statements (REPEATABLE READ and up), else 0. */
extern uint64 ivy_transaction_pin(const List *mirrors);

/* The mirrors among the range table's relations, an OID list. */
extern List *ivy_mirrors_of(const List *range_table);

/* The pin which all mirror scans of one executed query share. */
extern uint64 ivy_query_pin(EState *estate);

/*
 * The scans of this plan will read from a pin that exists already, as long as CurrentMemoryContext lives. `holder` is
 * the connection to give it back on, which that context owns too; NULL: somebody else does.
 */
extern void ivy_share_pin(const PlannedStmt *plan, uint64 number, IvyConnection *holder);

#endif
