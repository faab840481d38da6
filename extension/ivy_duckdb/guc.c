/*
 * guc.c: the settings duckdb.*, which the supervisor hands to the engine. The engine is restarted when they change.
 */
#include "postgres.h"

#include "utils/guc.h"

#include "ivy_duckdb.h"

#define MEMORY_LIMIT_MIN_MB 64
#define MEMORY_LIMIT_DEFAULT_MB 4096
#define MEMORY_LIMIT_MAX_MB (16 * 1024 * 1024)
#define THREADS_MAX 1024

static int	memory_limit_mb = MEMORY_LIMIT_DEFAULT_MB;
static int	threads = 0;
static char *temporary_directory = NULL;

void
ivy_guc_init(void)
{
	DefineCustomIntVariable("duckdb.memory_limit",
							"Memory that DuckDB may use for queries and for writing files, in one engine for all sessions.",
							NULL, &memory_limit_mb, MEMORY_LIMIT_DEFAULT_MB, MEMORY_LIMIT_MIN_MB, MEMORY_LIMIT_MAX_MB,
							PGC_SIGHUP, GUC_UNIT_MB, NULL, NULL, NULL);
	DefineCustomIntVariable("duckdb.threads",
							"Threads of DuckDB, shared by all sessions; 0 means one for each processor.",
							NULL, &threads, 0, 0, THREADS_MAX, PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("duckdb.temporary_directory",
							   "Folder into which DuckDB spills; empty means mooncake/pgsql_tmp below the data directory.",
							   NULL, &temporary_directory, "", PGC_SIGHUP, GUC_SUPERUSER_ONLY, NULL, NULL, NULL);
	MarkGUCPrefixReserved("duckdb");
}
