/*
 * registry.c: privileged work on the registry and on the sources, locks, and the wake-up of the engine.
 *
 * A user who may create or drop a mirror may not write the registry or the publication. That part runs as the
 * bootstrap superuser, in C and with fixed statements, so that there is no function a user could call for it.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/latch.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/resowner.h"
#include "utils/syscache.h"
#include "utils/wait_event.h"

#include "mooncake.h"

/* A waiting exclusive lock blocks every later user of the table, so each wait is short and is followed by a pause. */
#define LOCK_ATTEMPTS 25
#define LOCK_TIMEOUT "200ms"
/* The deadlock check asks autovacuum to make way; it must come within the wait. */
#define LOCK_AUTOVACUUM_TIMEOUT "100ms"
#define LOCK_PAUSE_MS 250
#define MIRROR_LOCK_ATTEMPTS 4

static bool wake_pending = false;

bool		mooncake_own_statement = false;

/* Connects SPI with a fixed search path, as the bootstrap superuser if asked. An error restores all by itself. */
void
mooncake_spi_begin(MooncakePrivileges *saved, bool superuser)
{
	GetUserIdAndSecContext(&saved->user, &saved->context);
	if (superuser)
		SetUserIdAndSecContext(BOOTSTRAP_SUPERUSERID, saved->context | SECURITY_LOCAL_USERID_CHANGE);
	saved->guc_level = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
}

void
mooncake_spi_end(const MooncakePrivileges *saved)
{
	SPI_finish();
	AtEOXact_GUC(true, saved->guc_level);
	SetUserIdAndSecContext(saved->user, saved->context);
}

/* Runs a statement of ours, to which our own guards do not apply and in which mirrors have no rows. */
void
mooncake_spi_run(const char *sql, int expected)
{
	volatile int result = 0;
	volatile bool outer = mooncake_own_statement;

	mooncake_own_statement = true;
	PG_TRY();
	{
		result = SPI_execute(sql, false, 0);
	}
	PG_CATCH();
	{
		mooncake_own_statement = outer;
		PG_RE_THROW();
	}
	PG_END_TRY();
	mooncake_own_statement = outer;
	if (result != expected)
		elog(ERROR, "SPI_execute returned %s for: %s", SPI_result_code_string(result), sql);
}

/* The OIDs of the last SPI statement's first column, in `context`. */
List *
mooncake_fetch_oids(MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	List	   *oids = NIL;

	for (uint64 row = 0; row < SPI_processed; row++)
	{
		bool		is_null;

		oids = lappend_oid(oids, DatumGetObjectId(SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, 1,
																&is_null)));
	}
	MemoryContextSwitchTo(old);
	return oids;
}

/* An INSERT of ours, to which the triggers of restored rows do not apply; how many rows. */
uint64
mooncake_spi_insert(const char *sql, int count, Oid *types, Datum *values, const char *nulls)
{
	volatile int result = 0;
	volatile bool outer = mooncake_own_statement;

	mooncake_own_statement = true;
	PG_TRY();
	{
		result = SPI_execute_with_args(sql, count, types, values, nulls, false, 0);
	}
	PG_CATCH();
	{
		mooncake_own_statement = outer;
		PG_RE_THROW();
	}
	PG_END_TRY();
	mooncake_own_statement = outer;
	if (result != SPI_OK_INSERT)
		elog(ERROR, "SPI_execute returned %s for: %s", SPI_result_code_string(result), sql);
	return SPI_processed;
}

char *
mooncake_qualified_name(Oid relid)
{
	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)), get_rel_name(relid));
}

/* Locks all of the tables or none, in a subtransaction of its own, within LOCK_TIMEOUT. */
static bool
try_lock(List *relids, LOCKMODE mode)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	volatile bool locked = true;

	BeginInternalSubTransaction(NULL);
	PG_TRY();
	{
		int			guc_level = NewGUCNestLevel();
		ListCell   *cell;

		(void) set_config_option("lock_timeout", LOCK_TIMEOUT, PGC_USERSET, PGC_S_SESSION,
								 GUC_ACTION_SAVE, true, 0, false);
		(void) set_config_option("deadlock_timeout", LOCK_AUTOVACUUM_TIMEOUT, PGC_SUSET, PGC_S_SESSION,
								 GUC_ACTION_SAVE, true, 0, false);
		foreach(cell, relids)
			LockRelationOid(lfirst_oid(cell), mode);
		AtEOXact_GUC(true, guc_level);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		if (error->sqlerrcode != ERRCODE_LOCK_NOT_AVAILABLE && error->sqlerrcode != ERRCODE_T_R_DEADLOCK_DETECTED)
			ReThrowError(error);
		FreeErrorData(error);
		locked = false;
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return locked;
}

static bool
lock_within(List *relids, LOCKMODE mode, int attempts)
{
	for (int attempt = 0; attempt < attempts; attempt++)
	{
		if (try_lock(relids, mode))
			return true;
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, LOCK_PAUSE_MS, PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
	}
	return false;
}

/* Locks tables until the end of the transaction, without holding up their users for long. */
void
mooncake_lock_briefly(List *relids, LOCKMODE mode, const char *purpose)
{
	if (relids == NIL || lock_within(relids, mode, LOCK_ATTEMPTS))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
			 errmsg("could not lock table %s to %s", mooncake_qualified_name(linitial_oid(relids)), purpose),
			 errhint("Other transactions use the table all the time; repeat the command when they have ended.")));
}

/* Locks a mirror to alter it, while its source is locked and all users of the source wait. */
void
mooncake_lock_mirror(Oid mirror)
{
	if (!lock_within(list_make1_oid(mirror), AccessExclusiveLock, MIRROR_LOCK_ATTEMPTS))
		ereport(ERROR,
				(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
				 errmsg("mirror %s is being read", mooncake_qualified_name(mirror))));
}

/* After the commit nothing may fail any more: an engine that is not reached finds out from the WAL. */
static void
on_transaction_end(XactEvent event, void *arg)
{
	bool		wake = wake_pending && event == XACT_EVENT_COMMIT;

	if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE)
		return;
	wake_pending = false;
	if (wake && ivy_api()->settings->engine_enabled)
		ivy_api()->wake_if_running();
}

void
mooncake_wake_at_commit(void)
{
	wake_pending = true;
}

void
mooncake_registry_init(void)
{
	RegisterXactCallback(on_transaction_end, NULL);
}
