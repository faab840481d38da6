/*
 * guard.h: running Postgres code whose errors are not the query's, or not yet.
 */
#ifndef IVY_GUARD_H
#define IVY_GUARD_H

#include "postgres.h"

/*
 * Runs `body` in a subtransaction, in the caller's memory context. NULL, or the error that it raised because of values;
 * other errors are raised again. While parallel workers run there are no subtransactions, and every error is raised.
 */
extern ErrorData *ivy_guarded(void (*body) (void *), void *argument);

#endif
