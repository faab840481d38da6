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

/* What this transaction did to the mirror, which the engine does not see yet: "created", "altered", or NULL. */
extern const char *ivy_uncommitted(Relation mirror);

/* Raises an error if this transaction has made or altered the mirror. */
extern void ivy_check_readable(Relation mirror);

/* pg_dump sees mirrors without rows: they come back from their sources. */
extern bool ivy_is_dump(void);

#endif
