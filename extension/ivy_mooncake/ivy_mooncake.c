/*
 * ivy_mooncake.c: loading of the library.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"

#include "am.h"
#include "mooncake.h"

PG_MODULE_MAGIC;

bool		mooncake_preloaded = false;

PGDLLEXPORT void _PG_init(void);

PG_FUNCTION_INFO_V1(mooncake_require_preload);

/*
 * Without shared_preload_libraries the library still loads, so that mirrors can be looked at and dropped, but there
 * is no engine.
 */
void
_PG_init(void)
{
	mooncake_preloaded = process_shared_preload_libraries_in_progress;
	mooncake_am_init();
	mooncake_guc_init();
	mooncake_registry_init();
	mooncake_ddl_init();
	mooncake_follow_init();
	if (mooncake_preloaded)
		mooncake_worker_init();
}

Datum
mooncake_require_preload(PG_FUNCTION_ARGS)
{
	if (!mooncake_preloaded)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("ivy_mooncake must be loaded through shared_preload_libraries"),
				 errhint("Set shared_preload_libraries = 'ivy_mooncake' and wal_level = logical, then restart the server.")));
	PG_RETURN_VOID();
}
