/*
 * ivy_duckdb.h: what ivy_duckdb.so offers to ivy_mooncake.so.
 *
 * The two libraries do not link against each other: a table of functions, found by a rendezvous variable, joins
 * them, so that `shared_preload_libraries = 'ivy_mooncake'` alone loads both. ivy_mooncake's _PG_init calls
 * mooncake_am_init() (am.h) before anything else; that loads ivy_duckdb, and from then on ivy_api() works.
 */
#ifndef IVY_DUCKDB_H
#define IVY_DUCKDB_H

#include "postgres.h"

#include "access/attnum.h"
#include "access/tableam.h"
#include "access/xlogdefs.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "utils/rel.h"

#define IVY_API_NAME "ivy_duckdb.api"
#define IVY_API_VERSION 3

/* The engine's socket, relative to the data directory, which is every backend's working directory. */
#define IVY_RUN_DIRECTORY "mooncake/run"
#define IVY_SOCKET_PATH IVY_RUN_DIRECTORY "/engine.sock"

typedef struct IvyScan IvyScan;

#define IVY_FRESHNESS_STRICT 0
#define IVY_FRESHNESS_EVENTUAL 1

/* Settings which ivy_duckdb.so reads and whose GUCs are defined elsewhere (pg_mooncake.* in ivy_mooncake/guc.c). */
typedef struct IvySettings
{
	bool		engine_enabled;		/* pg_mooncake.enable_bgworker: is a standing engine expected to run? */
	int			freshness;			/* pg_mooncake.freshness, IVY_FRESHNESS_... */
	int			freshness_timeout;	/* pg_mooncake.freshness_timeout, milliseconds, 0: wait for ever */
	int			ship_rows_max;		/* pg_mooncake.ship_rows_max */
} IvySettings;

/* One row of the engine's STATUS answer; mirror InvalidOid describes the database's replication stream. */
typedef struct IvyStatus
{
	Oid			mirror;
	char	   *state;
	XLogRecPtr	commit_lsn;			/* of the database: applied LSN */
	XLogRecPtr	flush_lsn;			/* of the database: confirmed LSN */
	char	   *location;			/* of the database: slot name; NULL when unknown */
	char	   *error;				/* NULL: none */
	int64		rows;				/* -1: unknown */
	int64		rows_in_memory;		/* -1: unknown */
	int64		data_files;			/* -1: unknown */
} IvyStatus;

/* A table of another server as the engine sees it. */
typedef struct IvyDescription
{
	char	   *definition;			/* JSON, for mooncake.tables */
	char	   *source;				/* quoted name of the table there */
} IvyDescription;

/* Who answers at the socket. */
typedef struct IvyEngine
{
	bool		socket_exists;
	bool		listening;			/* it accepted a connection and answered HELLO */
	int			pid;				/* 0: unknown */
	char	   *version;			/* NULL: unknown */
} IvyEngine;

typedef struct IvyApi
{
	int			version;
	IvySettings *settings;

	/* The access method whose tables are mirrors. */
	void		(*register_mirror_am) (const TableAmRoutine *routine);
	bool		(*is_mirror) (Oid relid);

	/* Commits up to here were acknowledged to someone before now; flushes WAL up to there. */
	XLogRecPtr	(*target_lsn) (void);

	/*
	 * Requests that are answered at once or by one wait. Each raises the engine's own error, or 57P03 when no engine
	 * answers within a few seconds. Results are allocated in CurrentMemoryContext.
	 */
	void		(*wait_snapshot) (Oid mirror, XLogRecPtr lsn, int timeout_ms);
	IvyStatus  *(*status) (int *count);
	IvyDescription (*describe) (const char *uri, const char *source, const char *config);
	void		(*wake) (void);

	/* Like WAKE, but gives up silently when no engine runs: for a transaction's end, where an error is too late. */
	void		(*wake_if_running) (void);

	/* Never raises an error for an engine that is not there. */
	IvyEngine	(*probe) (void);

	/*
	 * Streams one mirror's rows: `attributes` in ascending order, at most relnatts of them; other columns of the
	 * slot (a virtual one of the relation's row type) are set null. The rows live until the next call.
	 */
	IvyScan    *(*scan_begin) (Relation mirror, const AttrNumber *attributes, int count);
	bool		(*scan_next) (IvyScan *scan, TupleTableSlot *slot);
	void		(*scan_rewind) (IvyScan *scan);
	void		(*scan_end) (IvyScan *scan);

	/* Rows of a mirror as the engine last told, at most some seconds ago; negative when it cannot be asked. */
	double		(*mirror_rows) (Oid mirror);
} IvyApi;

/* The functions of ivy_duckdb.so, which must have been loaded. */
static inline const IvyApi *
ivy_api(void)
{
	const IvyApi *api = *(const IvyApi **) find_rendezvous_variable(IVY_API_NAME);

	if (api == NULL || api->version != IVY_API_VERSION)
		elog(ERROR, "ivy_duckdb is not loaded, or its version does not fit ivy_mooncake");
	return api;
}

/* ivy_duckdb/guc.c: defines duckdb.* and is called from ivy_duckdb's _PG_init (main.c). */
extern void ivy_guc_init(void);

#endif
