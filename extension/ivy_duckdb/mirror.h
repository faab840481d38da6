/*
 * mirror.h: which tables are mirrors.
 */
#ifndef IVY_MIRROR_H
#define IVY_MIRROR_H

#include "postgres.h"

#include "access/tableam.h"

extern void ivy_register_mirror_am(const TableAmRoutine *routine);

/* Is there an access method of mirrors at all? */
extern bool ivy_has_mirror_am(void);

extern bool ivy_is_mirror(Oid relid);

/* The name for messages; never NULL. */
extern const char *ivy_mirror_name(Oid relid);

/* Raises an error if the mirror was made in this transaction, which the engine does not see yet. */
extern void ivy_check_readable(Relation mirror);

/* pg_dump sees mirrors without rows: they come back from their sources. */
extern bool ivy_is_dump(void);

#endif
