/*
 * guc.c: the settings pg_mooncake.*.
 */
#include "postgres.h"

#include "utils/guc.h"

#include "mooncake.h"

#define ENGINE_MEMORY_MIN_MB 256
#define ENGINE_MEMORY_DEFAULT_MB 2048
#define ENGINE_MEMORY_MAX_MB (16 * 1024 * 1024)
#define SHIP_ROWS_MAX_DEFAULT 10000000
#define FRESHNESS_TIMEOUT_DEFAULT_MS 60000
#define FLUSH_ROWS_DEFAULT 1000000
#define FLUSH_ROWS_MAX 1000000000
#define FLUSH_SIZE_MIN_KB 64
#define FLUSH_SIZE_DEFAULT_KB (128 * 1024)
#define FLUSH_INTERVAL_MIN_MS 10
#define FLUSH_INTERVAL_DEFAULT_MS 60000
#define FLUSH_INTERVAL_MAX_MS (24 * 60 * 60 * 1000)
#define RETAINED_WAL_DEFAULT_MB (16 * 1024)

char	   *mooncake_warehouse = NULL;
char	   *mooncake_engine_conninfo = NULL;
char	   *mooncake_java = NULL;
int			mooncake_engine_memory_mb = ENGINE_MEMORY_DEFAULT_MB;
int			mooncake_flush_rows = FLUSH_ROWS_DEFAULT;
int			mooncake_flush_size_kb = FLUSH_SIZE_DEFAULT_KB;
int			mooncake_flush_interval_ms = FLUSH_INTERVAL_DEFAULT_MS;

int			mooncake_max_retained_wal_mb = RETAINED_WAL_DEFAULT_MB;
int			mooncake_retained_wal_policy = 0;
bool		mooncake_failover_slots = false;
bool		mooncake_merge_files = true;

static const struct config_enum_entry freshness_levels[] = {
	{"strict", IVY_FRESHNESS_STRICT, false},
	{"eventual", IVY_FRESHNESS_EVENTUAL, false},
	{NULL, 0, false}
};

static const struct config_enum_entry retained_wal_policies[] = {
	{"warn", 0, false},
	{"resync", 1, false},
	{NULL, 0, false}
};

/* The policy's name, as the engine is told it. */
const char *
mooncake_retained_wal_policy_name(void)
{
	return retained_wal_policies[mooncake_retained_wal_policy].name;
}

static void
define_engine_settings(IvySettings *settings)
{
	/* A setting of PGC_POSTMASTER can only be defined while the server starts. */
	if (mooncake_preloaded)
		DefineCustomBoolVariable("pg_mooncake.enable_bgworker",
								 "Starts the engine, which follows the sources of mirrors and answers queries of them.",
								 NULL, &settings->engine_enabled, true, PGC_POSTMASTER, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("pg_mooncake.java",
							   "Java of the engine: a java program, or the folder of a JDK or JRE, version 25 or later.",
							   "Empty means JAVA_HOME, then java on the PATH, then /usr/lib/jvm.",
							   &mooncake_java, "", PGC_SIGHUP, GUC_SUPERUSER_ONLY, NULL, NULL, NULL);
	DefineCustomIntVariable("pg_mooncake.engine_memory",
							"Memory of the engine: one half for the heap of its JVM, one half for rows not yet in files.",
							NULL, &mooncake_engine_memory_mb, ENGINE_MEMORY_DEFAULT_MB, ENGINE_MEMORY_MIN_MB,
							ENGINE_MEMORY_MAX_MB, PGC_SIGHUP, GUC_UNIT_MB, NULL, NULL, NULL);
	DefineCustomStringVariable("pg_mooncake.engine_conninfo",
							   "Connection settings of the engine's own sessions, such as \"user=mirror password=...\".",
							   "Empty means the local socket and the superuser that initdb made.",
							   &mooncake_engine_conninfo, "", PGC_SIGHUP,
							   GUC_SUPERUSER_ONLY | GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE, NULL, NULL, NULL);
	DefineCustomStringVariable("pg_mooncake.warehouse",
							   "Folder of the Iceberg warehouse; empty means mooncake/pgsql_tmp_warehouse below the data directory.",
							   NULL, &mooncake_warehouse, "", PGC_SIGHUP, 0, NULL, NULL, NULL);
}

static void
define_flush_settings(void)
{
	DefineCustomIntVariable("pg_mooncake.flush_rows",
							"Rows of a mirror in memory after which they are written to Iceberg.",
							NULL, &mooncake_flush_rows, FLUSH_ROWS_DEFAULT, 1, FLUSH_ROWS_MAX,
							PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("pg_mooncake.flush_size",
							"Size of a mirror's rows in memory after which they are written to Iceberg.",
							NULL, &mooncake_flush_size_kb, FLUSH_SIZE_DEFAULT_KB, FLUSH_SIZE_MIN_KB, MAX_KILOBYTES,
							PGC_SIGHUP, GUC_UNIT_KB, NULL, NULL, NULL);
	DefineCustomIntVariable("pg_mooncake.flush_interval",
							"Time after which a change that is only in memory is written to Iceberg.",
							NULL, &mooncake_flush_interval_ms, FLUSH_INTERVAL_DEFAULT_MS, FLUSH_INTERVAL_MIN_MS,
							FLUSH_INTERVAL_MAX_MS, PGC_SIGHUP, GUC_UNIT_MS, NULL, NULL, NULL);
	DefineCustomBoolVariable("pg_mooncake.merge_files",
							 "Merges small data files of mirrors, and those with many deleted rows, in the background.",
							 NULL, &mooncake_merge_files, true, PGC_SIGHUP, 0, NULL, NULL, NULL);
}

static void
define_slot_settings(void)
{
	DefineCustomIntVariable("pg_mooncake.max_retained_wal",
							"WAL that the slot of a database may hold back before pg_mooncake.retained_wal_policy applies.",
							"0 means no limit.", &mooncake_max_retained_wal_mb, RETAINED_WAL_DEFAULT_MB, 0,
							MAX_KILOBYTES, PGC_SIGHUP, GUC_UNIT_MB, NULL, NULL, NULL);
	DefineCustomEnumVariable("pg_mooncake.retained_wal_policy",
							 "What is done when a slot holds back more WAL than pg_mooncake.max_retained_wal.",
							 "warn: a message in the log; resync: the WAL is given up, the mirrors are copied again.",
							 &mooncake_retained_wal_policy, 0, retained_wal_policies, PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomBoolVariable("pg_mooncake.failover_slots",
							 "Makes new slots ones that are kept in step on standbys, from PostgreSQL 17 on.",
							 NULL, &mooncake_failover_slots, false, PGC_SIGHUP, 0, NULL, NULL, NULL);
}

void
mooncake_guc_init(void)
{
	IvySettings *settings = ivy_api()->settings;

	define_engine_settings(settings);
	define_flush_settings();
	define_slot_settings();
	DefineCustomEnumVariable("pg_mooncake.freshness",
							 "How much of what was committed a query of a mirror must see.",
							 "strict: every commit that was acknowledged to anyone before the query began;"
							 " eventual: what the mirrors have, without waiting.",
							 &settings->freshness, IVY_FRESHNESS_STRICT, freshness_levels, PGC_USERSET, 0, NULL, NULL,
							 NULL);
	DefineCustomIntVariable("pg_mooncake.freshness_timeout",
							"Longest wait of a query for a mirror to catch up; 0 means no limit.",
							NULL, &settings->freshness_timeout, FRESHNESS_TIMEOUT_DEFAULT_MS, 0, INT_MAX,
							PGC_USERSET, GUC_UNIT_MS, NULL, NULL, NULL);
	DefineCustomIntVariable("pg_mooncake.ship_rows_max",
							"Rows of tables that are no mirrors which a query may be estimated to send to the engine.",
							"A query that needs more of them is run by Postgres; 0 sends none.",
							&settings->ship_rows_max, SHIP_ROWS_MAX_DEFAULT, 0, INT_MAX, PGC_USERSET, 0, NULL, NULL,
							NULL);
	MarkGUCPrefixReserved("pg_mooncake");
}
