/*
 * mooncake.h: what the files of ivy_mooncake.so share.
 */
#ifndef MOONCAKE_H
#define MOONCAKE_H

#include "postgres.h"

#include "access/xlogdefs.h"
#include "nodes/pg_list.h"

#include "ivy_duckdb.h"

#define MOONCAKE_AM "mooncake"
#define MOONCAKE_EXTENSION "ivy_mooncake"
#define MOONCAKE_PUBLICATION "mooncake"
/* Folder of the engine below the data directory. */
#define MOONCAKE_DIRECTORY "mooncake"

/* ivy_mooncake.c */
extern bool mooncake_preloaded;

/* guc.c */
extern char *mooncake_warehouse;
extern char *mooncake_engine_conninfo;
extern char *mooncake_java;
extern int	mooncake_engine_memory_mb;
extern int	mooncake_flush_rows;
extern int	mooncake_flush_size_kb;
extern int	mooncake_flush_interval_ms;
extern void mooncake_guc_init(void);

/* worker.c */
extern void mooncake_worker_init(void);
extern int	mooncake_engine_pid(void);

/* java.c */
#define MOONCAKE_JAVA_VERSION 25
extern char *mooncake_find_java(const char *setting, int *best);

/* spawn.c */
extern pid_t mooncake_spawn(char *const argv[], char *const envp[], int *output);

/* registry.c */
typedef struct MooncakePrivileges
{
	Oid			user;
	int			context;
	int			guc_level;
} MooncakePrivileges;

extern void mooncake_spi_begin(MooncakePrivileges *saved, bool superuser);
extern void mooncake_spi_end(const MooncakePrivileges *saved);
extern void mooncake_spi_run(const char *sql, int expected);
extern char *mooncake_qualified_name(Oid relid);
extern void mooncake_lock_briefly(Oid relid, const char *purpose);
extern void mooncake_restore_source(Oid source, char before);
extern bool mooncake_is_published(Oid relid);
extern void mooncake_wake_at_commit(void);
extern void mooncake_registry_init(void);

/* ddl.c */
extern void mooncake_ddl_init(void);

/* drop.c */
extern void mooncake_before_drop_extension(List *names);
extern void mooncake_before_drop_owned(List *roles);

/* key.c */
typedef struct MooncakeKey
{
	Oid			index;
	char		replica_identity;	/* what the source must have for the index to be in its WAL */
	bool		must_set;			/* the source has another one now */
	List	   *attributes;		/* attribute numbers of the source in index order */
} MooncakeKey;

extern MooncakeKey mooncake_choose_key(Relation source);
extern bool mooncake_has_key(Oid table);

#endif
