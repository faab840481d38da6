/*
 * follow.c: carries changes of sources to their mirrors, in the transaction that makes them.
 *
 * What a statement did to a source is not read from the statement but seen from the catalogs: Postgres tells every
 * backend which relations have changed, its own changes included, and each source among them is compared with the
 * definitions of its mirrors. So it does not matter by which command, function or cascade it was changed. Only what
 * leaves no trace there, new values in old rows, is taken from the statement (ddl.c).
 *
 * A mirror that cannot follow fails, by its row in the registry; the statement goes on.
 */
#include "postgres.h"

#include "access/relation.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/resowner.h"

#include "mooncake.h"

/* Relations that have changed since the last look; beyond this number all sources are looked at. */
#define CHANGED_MAX 256

/* The mirror cannot follow; or it could if it were not read at this moment, so that the engine tries again later. */
#define CANNOT_FOLLOW "MC0004"
#define BUSY "MC0046"

static Oid	changed[CHANGED_MAX];
static int	changed_count = 0;
static bool changed_unknown = false;

typedef struct Mirror
{
	Oid			relid;
	char	   *definition;
	bool		failed;
	bool		grows;			/* no column list: it has all columns of its source */
	bool		append_only;
} Mirror;

/* ---- which sources ---- */

/* A callback of relcache invalidation, which may come at any time and must not fail. */
static void
note_change(Datum argument, Oid relid)
{
	if (!OidIsValid(relid) || changed_count == CHANGED_MAX)
	{
		changed_unknown = changed_unknown || !OidIsValid(relid) || changed_count == CHANGED_MAX;
		return;
	}
	if (relid < FirstNormalObjectId)
		return;
	for (int i = 0; i < changed_count; i++)
	{
		if (changed[i] == relid)
			return;
	}
	changed[changed_count++] = relid;
}

void
mooncake_follow_init(void)
{
	CacheRegisterRelcacheCallback(note_change, (Datum) 0);
}

/* Whoever changes a relation holds a lock on it that excludes other changes; others follow their own. */
static bool
is_changed_by_us(Oid relid)
{
	Relation	relation = RelationIdGetRelation(relid);
	bool		ours;

	if (!RelationIsValid(relation))
		return false;
	ours = (relation->rd_rel->relkind == RELKIND_RELATION || relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE) &&
		relation->rd_rel->relpersistence != RELPERSISTENCE_TEMP &&
		CheckRelationLockedByMe(relation, ShareUpdateExclusiveLock, true);
	RelationClose(relation);
	return ours;
}

/* The partitioned table at the top, or the table itself. */
static Oid
root_of(Oid relid)
{
	List	   *ancestors = get_rel_relispartition(relid) ? get_partition_ancestors(relid) : NIL;

	return ancestors == NIL ? relid : llast_oid(ancestors);
}

/* What this transaction has changed of all that was noted, as sources would be named. */
static List *
take_changed(void)
{
	List	   *roots = NIL;
	int			count = changed_count;
	Oid			noted[CHANGED_MAX];

	memcpy(noted, changed, sizeof(Oid) * count);
	changed_count = 0;
	for (int i = 0; i < count; i++)
	{
		if (is_changed_by_us(noted[i]))
			roots = list_append_unique_oid(roots, root_of(noted[i]));
	}
	return roots;
}

/* ---- the mirrors of a source ---- */

static List *
mirrors_of(Oid source)
{
	Oid			types[] = {OIDOID};
	Datum		values[] = {ObjectIdGetDatum(source)};
	MemoryContext context = CurrentMemoryContext;
	List	   *mirrors = NIL;

	SPI_execute_with_args("SELECT mirror::oid, definition, error IS NOT NULL, config->'columns' IS NULL,"
						  " coalesce(config->>'append_only' = 'true', false)"
						  " FROM mooncake.tables WHERE source = $1 AND NOT detached ORDER BY mirror",
						  1, types, values, NULL, false, 0);
	MemoryContextSwitchTo(context);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		TupleDesc	columns = SPI_tuptable->tupdesc;
		HeapTuple	tuple = SPI_tuptable->vals[row];
		Mirror	   *mirror = palloc0(sizeof(Mirror));
		bool		is_null;

		mirror->relid = DatumGetObjectId(SPI_getbinval(tuple, columns, 1, &is_null));
		mirror->definition = MemoryContextStrdup(context, SPI_getvalue(tuple, columns, 2));
		mirror->failed = DatumGetBool(SPI_getbinval(tuple, columns, 3, &is_null));
		mirror->grows = DatumGetBool(SPI_getbinval(tuple, columns, 4, &is_null));
		mirror->append_only = DatumGetBool(SPI_getbinval(tuple, columns, 5, &is_null));
		mirrors = lappend(mirrors, mirror);
	}
	return mirrors;
}

/* The key by which mirrors of the source find rows now, so that all keep to one; NULL when there is none such. */
const MooncakeKey *
mooncake_key_in_use(Oid source)
{
	ListCell   *cell;

	foreach(cell, mirrors_of(source))
	{
		MooncakeDefinition *definition = mooncake_definition_parse(((Mirror *) lfirst(cell))->definition);
		MooncakeKey *key;
		ListCell   *field;

		if (definition->identity == MOONCAKE_APPEND)
			continue;
		key = palloc0(sizeof(MooncakeKey));
		if (definition->identity == MOONCAKE_FULL)
			return key;
		foreach(field, definition->key)
		{
			ListCell   *column;

			foreach(column, definition->columns)
			{
				if (((MooncakeColumn *) lfirst(column))->field == lfirst_int(field))
					key->attributes = lappend_int(key->attributes, ((MooncakeColumn *) lfirst(column))->source);
			}
		}
		return key;
	}
	return NULL;
}

/* ---- one mirror ---- */

/* Writes what the engine will read in the WAL; `revive`: a failure is forgotten. Needs SPI and the superuser. */
void
mooncake_write_definition(Oid mirror, const MooncakeDefinition *definition, bool changes, bool resync, bool revive)
{
	Oid			types[] = {OIDOID, TEXTOID, INT2ARRAYOID, INT2ARRAYOID, INT4OID, INT4OID, BOOLOID};
	Datum		values[7];

	values[0] = ObjectIdGetDatum(mirror);
	values[1] = CStringGetTextDatum(mooncake_definition_text(definition));
	values[2] = mooncake_key_array(definition);
	values[3] = mooncake_source_array(definition);
	values[4] = Int32GetDatum(changes ? 1 : 0);
	values[5] = Int32GetDatum(resync ? 1 : 0);
	values[6] = BoolGetDatum(revive);
	if (SPI_execute_with_args("UPDATE mooncake.tables SET definition = $2, key = $3, columns = $4,"
							  " generation = generation + $5, resync = resync + $6,"
							  " error = CASE WHEN $7 THEN NULL ELSE error END WHERE mirror = $1",
							  7, types, values, NULL, false, 0) != SPI_OK_UPDATE || SPI_processed != 1)
		elog(ERROR, "could not update the registration of mirror %u", mirror);
}

/* Raises an error for a source that was made into what create_table would refuse. */
static void
check_still_mirrored(Relation source)
{
	mooncake_check_partitions(RelationGetRelid(source));
	if (source->rd_rel->relrowsecurity)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("table %s has row-level security now", mooncake_qualified_name(RelationGetRelid(source))),
				 errdetail("The policies of the table would not hold for its mirror.")));
	if (source->rd_rel->relkind == RELKIND_RELATION &&
		find_inheritance_children(RelationGetRelid(source), NoLock) != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("other tables inherit from table %s, and a mirror could not hold their rows",
						mooncake_qualified_name(RelationGetRelid(source)))));
}

/* Rows find each other by another key than before? */
static bool
finds_otherwise(const MooncakeDefinition *before, const MooncakeDefinition *now)
{
	return before->identity != now->identity || (now->identity == MOONCAKE_KEY && !equal(before->key, now->key));
}

/*
 * Brings one mirror to what its source is now; `revive`: it is to live again if it has failed. Raises an error if
 * the mirror cannot follow.
 */
static void
follow_mirror(Relation source, const Mirror *mirror, const MooncakeKey *key, bool resync, bool revive)
{
	MooncakeDefinition *before = mooncake_definition_parse(mirror->definition);
	MooncakeDefinition *next = mooncake_definition_parse(mirror->definition);
	MooncakeShape shape;

	check_still_mirrored(source);
	shape = mooncake_reshape(source, next, mirror->grows);
	if (shape.changed && next->policy == MOONCAKE_ERROR && !revive)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table %s was altered", mooncake_qualified_name(RelationGetRelid(source))),
				 errdetail("The mirror's on_ddl is \"error\".")));
	if (shape.changed || revive)
		mooncake_alter_mirror(mirror->relid, next);
	if (!mooncake_set_key(next, key, mirror->append_only))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the key of table %s is now \"%s\", which has columns that are not in the mirror",
						mooncake_qualified_name(RelationGetRelid(source)), get_rel_name(key->index))));
	if (next->filter != NULL)
		mooncake_check_filter(source, next->filter);
	resync = resync || shape.resync || finds_otherwise(before, next);
	if (shape.changed || resync || revive || !equal(before->key, next->key))
		mooncake_write_definition(mirror->relid, next, shape.changed || !equal(before->key, next->key), resync, revive);
}

static void
fail_mirror(Oid mirror, const ErrorData *cause)
{
	Oid			types[] = {OIDOID, TEXTOID};
	Datum		values[2];
	bool		busy = cause->sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE;

	values[0] = ObjectIdGetDatum(mirror);
	values[1] = CStringGetTextDatum(psprintf("%s: %s%s%s", busy ? BUSY : CANNOT_FOLLOW, cause->message,
											 cause->detail == NULL ? "" : ": ",
											 cause->detail == NULL ? "" : cause->detail));
	if (SPI_execute_with_args("UPDATE mooncake.tables SET error = $2 WHERE mirror = $1",
							  2, types, values, NULL, false, 0) != SPI_OK_UPDATE)
		elog(ERROR, "could not mark mirror %u as failed", mirror);
	ereport(WARNING,
			(errmsg("mirror %s has failed: %s", mooncake_qualified_name(mirror), cause->message),
			 cause->detail == NULL ? 0 : errdetail("%s", cause->detail),
			 busy ? errhint("It is copied again when it is not being read.") :
			 errhint("When the cause is gone, CALL mooncake.resync copies the table again.")));
}

/* follow_mirror in a subtransaction; an error fails the mirror, unless the user has cancelled the statement. */
static void
follow_or_fail(Relation source, const Mirror *mirror, const MooncakeKey *key, bool resync)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ErrorData  *volatile error = NULL;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		follow_mirror(source, mirror, key, resync, false);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		if (error->sqlerrcode == ERRCODE_QUERY_CANCELED || error->sqlerrcode == ERRCODE_ADMIN_SHUTDOWN)
			ReThrowError(error);
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	if (error != NULL)
		fail_mirror(mirror->relid, error);
}

/* ---- one source ---- */

static bool
has_rows(Oid table)
{
	return SPI_execute(psprintf("SELECT 1 FROM ONLY %s LIMIT 1", mooncake_qualified_name(table)), false, 1) == SPI_OK_SELECT
		&& SPI_processed > 0;
}

/* Have rows come or gone with partitions? What a dropped one held nobody knows any more. */
static bool
rows_moved(const MooncakeTables *tables)
{
	ListCell   *cell;

	foreach(cell, tables->added)
	{
		if (has_rows(lfirst_oid(cell)))
			return true;
	}
	foreach(cell, tables->removed)
	{
		if (get_rel_name(lfirst_oid(cell)) == NULL || has_rows(lfirst_oid(cell)))
			return true;
	}
	return false;
}

/* What partitions have become of the source is part of what its mirrors must follow. */
static void
follow_source(Oid source, bool resync)
{
	List	   *mirrors = mirrors_of(source);
	Relation	relation;
	MooncakeKey key;
	MooncakeTables tables;
	MemoryContext context = CurrentMemoryContext;
	ListCell   *cell;

	if (mirrors == NIL)
		return;
	relation = try_relation_open(source, AccessShareLock);
	if (relation == NULL)
		return;
	key = mooncake_source_key(relation, mooncake_key_in_use(source));
	relation_close(relation, NoLock);
	MemoryContextSwitchTo(context);
	tables = mooncake_keep_identity(source, &key);
	MemoryContextSwitchTo(context);
	if (rows_moved(&tables))
		resync = true;
	mooncake_restore_identity(tables.removed);
	MemoryContextSwitchTo(context);
	relation = relation_open(source, NoLock);
	foreach(cell, mirrors)
	{
		Mirror	   *mirror = lfirst(cell);

		if (!mirror->failed)
			follow_or_fail(relation, mirror, &key, resync);
	}
	relation_close(relation, NoLock);
	mooncake_wake_at_commit();
}

/* A mirror is brought to what its source is now and is to be copied again. Needs SPI, the superuser and the lock. */
void
mooncake_revive(Oid source, Oid mirror)
{
	Relation	relation = relation_open(source, NoLock);
	MooncakeKey key = mooncake_source_key(relation, mooncake_key_in_use(source));
	ListCell   *cell;

	relation_close(relation, NoLock);
	mooncake_prepare_source(source, &key);
	relation = relation_open(source, NoLock);
	foreach(cell, mirrors_of(source))
	{
		if (((Mirror *) lfirst(cell))->relid == mirror)
			follow_mirror(relation, lfirst(cell), &key, true, true);
	}
	relation_close(relation, NoLock);
}

static bool
is_installed(void)
{
	return IsTransactionState() && !creating_extension && OidIsValid(get_extension_oid(MOONCAKE_EXTENSION, true)) &&
		OidIsValid(get_relname_relid("replica_identities", get_namespace_oid("mooncake", true)));
}

/* Sources with a column of the type, or of one that is made of it. */
List *
mooncake_tables_with_type(Oid type)
{
	Oid			types[] = {OIDOID};
	Datum		values[] = {ObjectIdGetDatum(type)};
	MemoryContext context = CurrentMemoryContext;
	MooncakePrivileges saved;
	List	   *tables;

	if (!is_installed())
		return NIL;
	mooncake_spi_begin(&saved, true);
	SPI_execute_with_args("WITH RECURSIVE made(t) AS (SELECT $1 UNION SELECT y.oid FROM made, pg_type y"
						  " WHERE y.typelem = t OR y.typbasetype = t OR EXISTS"
						  " (SELECT FROM pg_attribute a WHERE a.attrelid = y.typrelid AND a.atttypid = t) OR EXISTS"
						  " (SELECT FROM pg_range r WHERE r.rngsubtype = t AND y.oid IN (r.rngtypid, r.rngmultitypid)))"
						  " SELECT DISTINCT s.source::oid FROM mooncake.tables s"
						  " JOIN pg_attribute a ON a.attrelid = s.source JOIN made ON made.t = a.atttypid"
						  " WHERE NOT a.attisdropped AND NOT s.detached", 1, types, values, NULL, true, 0);
	tables = mooncake_fetch_oids(context);
	mooncake_spi_end(&saved);
	return tables;
}

/*
 * After a statement: follows all sources that it has changed. `rewritten` are tables whose rows have other values now,
 * without a word of it in the WAL.
 */
void
mooncake_follow(List *rewritten)
{
	MooncakePrivileges saved;
	List	   *sources;
	List	   *copied = NIL;
	MemoryContext context;
	ListCell   *cell;

	CommandCounterIncrement();
	if ((changed_count == 0 && !changed_unknown && rewritten == NIL) || !is_installed())
		return;
	sources = take_changed();
	foreach(cell, rewritten)
		copied = list_append_unique_oid(copied, root_of(lfirst_oid(cell)));
	sources = list_concat_unique_oid(sources, copied);
	if (sources == NIL && !changed_unknown)
		return;
	mooncake_spi_begin(&saved, true);
	context = CurrentMemoryContext;
	if (changed_unknown)
	{
		changed_unknown = false;
		SPI_execute("SELECT DISTINCT source::oid FROM mooncake.tables WHERE source <> 0 AND NOT detached", false, 0);
		foreach(cell, mooncake_fetch_oids(context))
		{
			if (is_changed_by_us(lfirst_oid(cell)))
				sources = list_append_unique_oid(sources, lfirst_oid(cell));
		}
	}
	foreach(cell, sources)
		follow_source(lfirst_oid(cell), list_member_oid(copied, lfirst_oid(cell)));
	mooncake_spi_end(&saved);

	/* What was just done to the sources and mirrors is nothing to follow. */
	CommandCounterIncrement();
	changed_count = 0;
}
