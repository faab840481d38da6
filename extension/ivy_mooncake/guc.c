/*
 * guc.c: the settings pg_mooncake.*.
 */
#include "postgres.h"

#include "utils/guc.h"

#include "mooncake.h"

#define ENGINE_MEMORY_MIN_MB 256
#define ENGINE_MEMORY_DEFAULT_MB 2048
#define ENGINE_MEMORY_MAX_MB (16 * 1024 * 1024)
#define FRESHNESS_TIMEOUT_DEFAULT_MS 60000
#define FLUSH_ROWS_DEFAULT 1000000
#define FLUSH_ROWS_MAX 1000000000
#define FLUSH_SIZE_MIN_KB 64
#define FLUSH_SIZE_DEFAULT_KB (128 * 1024)
#define FLUSH_INTERVAL_MIN_MS 10
#define FLUSH_INTERVAL_DEFAULT_MS 60000
#define FLUSH_INTERVAL_MAX_MS (24 * 60 * 60 * 1000)

char	   *mooncake_warehouse = NULL;
char	   *mooncake_engine_conninfo = NULL;
char	   *mooncake_java = NULL;
int			mooncake_engine_memory_mb = ENGINE_MEMORY_DEFAULT_MB;
int			mooncake_flush_rows = FLUSH_ROWS_DEFAULT;
int			mooncake_flush_size_kb = FLUSH_SIZE_DEFAULT_KB;
int			mooncake_flush_interval_ms = FLUSH_INTERVAL_DEFAULT_MS;

/* The one level there is: a query sees every commit that was acknowledged before it began. */
static const struct config_enum_entry freshness_levels[] = {
	{"strict", 0, false},
	{NULL, 0, false}
};
static int	freshness = 0;

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
							   "Folder of the Iceberg warehouse; empty means mooncake/warehouse below the data directory.",
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
}

void
mooncake_guc_init(void)
{
	IvySettings *settings = ivy_api()->settings;

	define_engine_settings(settings);
	define_flush_settings();
	DefineCustomEnumVariable("pg_mooncake.freshness",
							 "How much of what was committed a query of a mirror must see.",
							 "strict: every commit that was acknowledged to anyone before the query began.",
							 &freshness, 0, freshness_levels, PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("pg_mooncake.freshness_timeout",
							"Longest wait of a query for a mirror to catch up; 0 means no limit.",
							NULL, &settings->freshness_timeout, FRESHNESS_TIMEOUT_DEFAULT_MS, 0, INT_MAX,
							PGC_USERSET, GUC_UNIT_MS, NULL, NULL, NULL);
	MarkGUCPrefixReserved("pg_mooncake");
}
