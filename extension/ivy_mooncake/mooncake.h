/*
 * mooncake.h: what the files of ivy_mooncake.so share.
 */
#ifndef MOONCAKE_H
#define MOONCAKE_H

#include "postgres.h"

#include "access/xlogdefs.h"
#include "catalog/pg_attribute.h"
#include "nodes/pg_list.h"
#include "nodes/primnodes.h"
#include "storage/lockdefs.h"
#include "utils/rel.h"

#include "definition.h"
#include "ivy_duckdb.h"

#define MOONCAKE_AM "mooncake"
#define MOONCAKE_EXTENSION "ivy_mooncake"
#define MOONCAKE_PUBLICATION "mooncake"
/* Folder of the engine below the data directory. */
#define MOONCAKE_DIRECTORY "mooncake"

/*
 * Base backups leave out whatever has a name that begins so. They must: they fail at paths of more than 99 characters,
 * and a copy of the cluster copies its mirrors anew.
 */
#define MOONCAKE_NOT_IN_BACKUPS MOONCAKE_DIRECTORY "/pgsql_tmp"

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
extern int	mooncake_max_retained_wal_mb;
extern int	mooncake_retained_wal_policy;
extern bool mooncake_failover_slots;
extern bool mooncake_merge_files;
extern const char *mooncake_retained_wal_policy_name(void);
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

extern bool mooncake_own_statement;
extern void mooncake_spi_begin(MooncakePrivileges *saved, bool superuser);
extern void mooncake_spi_end(const MooncakePrivileges *saved);
extern void mooncake_spi_run(const char *sql, int expected);
extern uint64 mooncake_spi_insert(const char *sql, int count, Oid *types, Datum *values, const char *nulls);
extern List *mooncake_fetch_oids(MemoryContext context);
extern char *mooncake_qualified_name(Oid relid);
extern void mooncake_lock_briefly(List *relids, LOCKMODE mode, const char *purpose);
extern void mooncake_lock_mirror(Oid mirror);
extern void mooncake_wake_at_commit(void);
extern void mooncake_registry_init(void);

/* ddl.c */
extern void mooncake_ddl_init(void);

/* drop.c */
extern void mooncake_before_drop_extension(List *names);
extern void mooncake_before_drop_owned(List *roles);

/* checks.c */
extern void mooncake_check_source(Oid relid);
extern void mooncake_check_partitions(Oid source);
extern void mooncake_check_server(void);

/* config.c */
typedef struct MooncakeConfig
{
	bool		has_columns;
	List	   *columns;		/* names, of String */
	char	   *filter;			/* NULL: all rows */
	bool		append_only;
	MooncakePolicy policy;
} MooncakeConfig;

extern MooncakeConfig mooncake_config_parse(Datum json);

/* key.c */
typedef struct MooncakeKey
{
	Oid			index;			/* InvalidOid: there is no key */
	char		replica_identity;	/* what the source must have for the key to be in its WAL */
	List	   *attributes;		/* attribute numbers of the source in index order */
} MooncakeKey;

extern MooncakeKey mooncake_choose_key(Relation source, char wish, Oid wish_index, const MooncakeKey *current);
extern bool mooncake_is_key_of(Oid table, Oid index);

/* source.c */
typedef struct MooncakeTables
{
	List	   *added;			/* tables with rows of the source that were not recorded, OIDs */
	List	   *removed;		/* recorded ones that are its tables no more */
} MooncakeTables;

extern MooncakeKey mooncake_source_key(Relation source, const MooncakeKey *current);
extern MooncakeTables mooncake_keep_identity(Oid source, const MooncakeKey *key);
extern void mooncake_restore_identity(List *tables);
extern void mooncake_prepare_source(Oid source, const MooncakeKey *key);
extern void mooncake_release_source(Oid source);

/* column_type.c */
#define NUMERIC_PRECISION_MAX 38
extern void mooncake_check_type(const char *table, const MooncakeColumn *column);

/* shape.c */
extern MooncakeColumn *mooncake_column_make(Form_pg_attribute attribute);
extern bool mooncake_set_key(MooncakeDefinition *definition, const MooncakeKey *key, bool append_only);
extern void mooncake_number_key(MooncakeDefinition *definition);
extern MooncakeDefinition *mooncake_define(Relation source, const MooncakeConfig *config, const MooncakeKey *key);

typedef struct MooncakeShape
{
	MooncakeDefinition *definition;
	bool		changed;		/* it is another one than before */
	bool		resync;			/* rows in the mirror cannot be read by it */
} MooncakeShape;

extern MooncakeShape mooncake_reshape(Relation source, MooncakeDefinition *definition, bool grows);

/* remote.c */
extern void mooncake_create_remote(RangeVar *name, const char *source, const char *uri, NullableDatum config);

/* filter.c */
extern void mooncake_check_filter(Relation source, const char *filter);

/* follow.c */
extern void mooncake_follow_init(void);
extern void mooncake_follow(List *rewritten);
extern void mooncake_write_definition(Oid mirror, const MooncakeDefinition *definition, bool changes, bool resync,
									  bool revive);
extern void mooncake_revive(Oid source, Oid mirror);
extern List *mooncake_tables_with_type(Oid type);
extern const MooncakeKey *mooncake_key_in_use(Oid source);

/* mirror_table.c */
extern void mooncake_alter_mirror(Oid mirror, MooncakeDefinition *next);
extern Oid	mooncake_create_mirror(RangeVar *name, const MooncakeDefinition *definition);

#endif
