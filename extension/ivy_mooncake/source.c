/*
 * source.c: what a source needs so that its changes come in the WAL: its place in the publication, and the replica
 * identity of each table that holds its rows, which is the source itself or all partitions of it.
 *
 * mooncake.replica_identities has a row for each such table: what it had before, and what it was given. So what was
 * changed can be undone, and a partition that is new or gone can be told.
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/partition.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"

#include "mooncake.h"

typedef struct Identity
{
	char		letter;			/* pg_class.relreplident */
	Oid			index;			/* with INDEX, if the index still exists */
} Identity;

/* A table with rows of a source. */
typedef struct Store
{
	Oid			relid;
	bool		known;			/* has a row in mooncake.replica_identities */
	Identity	now;
	Identity	wanted;
	char		before;
	char	   *before_index;
	char		given;
} Store;

/* A source and all partitions below it; `lock`: locked against changes of their partitions. */
static List *
tables_of(Oid source, bool lock)
{
	List	   *tables = NIL;
	List	   *pending = list_make1_oid(source);

	while (pending != NIL)
	{
		Oid			table = linitial_oid(pending);

		pending = list_delete_first(pending);
		tables = lappend_oid(tables, table);
		if (get_rel_relkind(table) != RELKIND_PARTITIONED_TABLE)
			continue;
		if (lock)
			mooncake_lock_briefly(list_make1_oid(table), ShareUpdateExclusiveLock, "see its partitions");
		pending = list_concat(find_inheritance_children(table, NoLock), pending);
	}
	return tables;
}

/* Of these tables the replica identity matters: the source's, which pgoutput shows, and those of tables with rows. */
static bool
has_identity(Oid table, Oid source)
{
	return table == source || get_rel_relkind(table) == RELKIND_RELATION;
}

static Identity
identity_of(Oid table)
{
	Relation	relation = relation_open(table, NoLock);
	Identity	identity = {relation->rd_rel->relreplident, InvalidOid};

	if (identity.letter == REPLICA_IDENTITY_INDEX)
		identity.index = RelationGetReplicaIndex(relation);
	relation_close(relation, NoLock);
	return identity;
}

/* The partition's part of an index of the source, or InvalidOid. */
static Oid
index_in(Oid table, Oid index)
{
	Relation	relation = relation_open(table, NoLock);
	Oid			found = InvalidOid;
	ListCell   *cell;

	foreach(cell, RelationGetIndexList(relation))
	{
		Oid			candidate = lfirst_oid(cell);

		if (candidate == index ||
			(get_rel_relispartition(candidate) && list_member_oid(get_partition_ancestors(candidate), index)))
			found = candidate;
	}
	relation_close(relation, NoLock);
	return found;
}

/* ---- what was recorded ---- */

static void
read_record(Store *store, MemoryContext context)
{
	Oid			types[] = {OIDOID};
	Datum		values[] = {ObjectIdGetDatum(store->relid)};
	char	   *text;

	SPI_execute_with_args("SELECT before, before_index, given FROM mooncake.replica_identities WHERE relation = $1",
						  1, types, values, NULL, false, 1);
	store->known = SPI_processed > 0;
	MemoryContextSwitchTo(context);
	if (!store->known)
		return;
	store->before = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1)[0];
	text = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2);
	store->before_index = text == NULL ? NULL : MemoryContextStrdup(context, text);
	store->given = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 3)[0];
}

/*
 * The table, with what it has without us: what was recorded, unless someone has changed it since. An index identity
 * whose index is gone works like NOTHING.
 */
static Store *
read_store(Oid relid)
{
	Store	   *store = palloc0(sizeof(Store));

	store->relid = relid;
	store->now = identity_of(relid);
	read_record(store, CurrentMemoryContext);
	if (!store->known || store->now.letter != store->given)
	{
		bool		gone = store->now.letter == REPLICA_IDENTITY_INDEX && !OidIsValid(store->now.index);

		store->before = gone ? REPLICA_IDENTITY_NOTHING : store->now.letter;
		store->before_index = OidIsValid(store->now.index) ? get_rel_name(store->now.index) : NULL;
	}
	return store;
}

static void
write_record(const Store *store, Oid source)
{
	Oid			types[] = {OIDOID, OIDOID, CHAROID, NAMEOID, CHAROID};
	char		nulls[] = "     ";
	NameData	index;
	Datum		values[5];

	values[0] = ObjectIdGetDatum(store->relid);
	values[1] = ObjectIdGetDatum(source);
	values[2] = CharGetDatum(store->before);
	if (store->before == REPLICA_IDENTITY_INDEX && store->before_index != NULL)
	{
		namestrcpy(&index, store->before_index);
		values[3] = NameGetDatum(&index);
	}
	else
		nulls[3] = 'n';
	values[4] = CharGetDatum(store->wanted.letter);
	if (SPI_execute_with_args("INSERT INTO mooncake.replica_identities (relation, source, before, before_index, given)"
							  " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (relation) DO UPDATE SET source = $2,"
							  " before = $3, before_index = $4, given = $5",
							  5, types, values, nulls, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "could not record the replica identity of table %u", store->relid);
}

static List *
recorded_tables(Oid source)
{
	Oid			types[] = {OIDOID};
	Datum		values[] = {ObjectIdGetDatum(source)};
	MemoryContext context = CurrentMemoryContext;

	SPI_execute_with_args("SELECT relation::oid FROM mooncake.replica_identities WHERE source = $1",
						  1, types, values, NULL, false, 0);
	return mooncake_fetch_oids(context);
}

static void
forget_table(Oid table)
{
	Oid			types[] = {OIDOID};
	Datum		values[] = {ObjectIdGetDatum(table)};

	SPI_execute_with_args("DELETE FROM mooncake.replica_identities WHERE relation = $1", 1, types, values, NULL, false, 0);
}

/* ---- giving and taking back ---- */

/* Sets the identity of tables that this transaction has locked. Needs the superuser. */
static void
set_identity(Oid table, char letter, const char *index)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "ALTER TABLE ONLY %s REPLICA IDENTITY ", mooncake_qualified_name(table));
	if (letter == REPLICA_IDENTITY_INDEX)
		appendStringInfo(&sql, "USING INDEX %s", quote_identifier(index));
	else
		appendStringInfoString(&sql, letter == REPLICA_IDENTITY_FULL ? "FULL" :
							   letter == REPLICA_IDENTITY_DEFAULT ? "DEFAULT" : "NOTHING");
	mooncake_spi_run(sql.data, SPI_OK_UTILITY);
}

static bool
differs(const Store *store)
{
	return store->now.letter != store->wanted.letter ||
		(store->wanted.letter == REPLICA_IDENTITY_INDEX && store->now.index != store->wanted.index);
}

/* What the key asks of one of the source's tables: a partition without its part of the index sends whole rows. */
static Identity
wanted_identity(Oid table, const MooncakeKey *key)
{
	Identity	wanted = {key->replica_identity, InvalidOid};

	if (wanted.letter == REPLICA_IDENTITY_FULL)
		return wanted;
	wanted.index = index_in(table, key->index);
	if (!OidIsValid(wanted.index))
		wanted.letter = REPLICA_IDENTITY_FULL;
	return wanted;
}

/* The key of a source, as if we had not touched it; `current`: the one of its mirrors, or NULL. Needs SPI. */
MooncakeKey
mooncake_source_key(Relation source, const MooncakeKey *current)
{
	Store	   *store = read_store(RelationGetRelid(source));
	Oid			index = InvalidOid;

	if (store->before == REPLICA_IDENTITY_INDEX && store->before_index != NULL)
		index = get_relname_relid(store->before_index, RelationGetNamespace(source));
	return mooncake_choose_key(source, store->before, index, current);
}

static void
tell_full(Oid source)
{
	ereport(NOTICE,
			(errmsg("table \"%s\" has no key, its replica identity is now FULL", get_rel_name(source)),
			 errdetail("Each UPDATE and DELETE then logs the whole old row."),
			 errhint("With a primary key, or a unique index on columns that are all NOT NULL, a mirror is cheaper.")));
}

/*
 * Sees to it that all tables of a published source log what the key asks, and records it. Returns how the tables
 * differ from those recorded before. Needs SPI and the superuser.
 */
MooncakeTables
mooncake_keep_identity(Oid source, const MooncakeKey *key)
{
	MooncakeTables tables = {NIL, NIL};
	List	   *stores = NIL;
	List	   *changing = NIL;
	List	   *recorded = recorded_tables(source);
	ListCell   *cell;

	foreach(cell, tables_of(source, false))
	{
		Oid			relid = lfirst_oid(cell);
		Store	   *store;

		if (!has_identity(relid, source))
			continue;
		store = read_store(relid);
		store->wanted = wanted_identity(relid, key);
		stores = lappend(stores, store);
		if (differs(store))
			changing = lappend_oid(changing, relid);
		if (!list_member_oid(recorded, relid))
			tables.added = lappend_oid(tables.added, relid);
		recorded = list_delete_oid(recorded, relid);
	}
	tables.removed = recorded;
	mooncake_lock_briefly(changing, AccessExclusiveLock, "set its replica identity");
	foreach(cell, stores)
	{
		Store	   *store = lfirst(cell);

		if (differs(store))
			set_identity(store->relid, store->wanted.letter,
						 OidIsValid(store->wanted.index) ? get_rel_name(store->wanted.index) : NULL);
		if (differs(store) && store->relid == source && store->wanted.letter == REPLICA_IDENTITY_FULL)
			tell_full(source);
		if (differs(store) || !store->known || store->given != store->wanted.letter)
			write_record(store, source);
	}
	return tables;
}

/* The identity to give back; an index that is no longer there cannot be one. */
static Identity
former_identity(const Store *store)
{
	Identity	former = {store->before, InvalidOid};

	if (former.letter != REPLICA_IDENTITY_INDEX)
		return former;
	if (store->before_index != NULL)
		former.index = get_relname_relid(store->before_index, get_rel_namespace(store->relid));
	if (!OidIsValid(former.index) || !mooncake_is_key_of(store->relid, former.index))
		former.letter = REPLICA_IDENTITY_DEFAULT;
	return former;
}

/* Gives tables back what they had, where it is still ours, and forgets them. Needs SPI and the superuser. */
void
mooncake_restore_identity(List *tables)
{
	List	   *stores = NIL;
	List	   *changing = NIL;
	ListCell   *cell;

	foreach(cell, tables)
	{
		Oid			relid = lfirst_oid(cell);
		Store	   *store;

		if (get_rel_name(relid) == NULL)
			continue;
		store = read_store(relid);
		store->wanted = former_identity(store);
		if (!store->known || store->now.letter != store->given || !differs(store))
			continue;
		stores = lappend(stores, store);
		changing = lappend_oid(changing, relid);
	}
	mooncake_lock_briefly(changing, AccessExclusiveLock, "restore its replica identity");
	foreach(cell, stores)
	{
		Store	   *store = lfirst(cell);

		set_identity(store->relid, store->wanted.letter, store->before_index);
	}
	foreach(cell, tables)
		forget_table(lfirst_oid(cell));
}

/* ---- the publication ---- */

/* Needs SPI. */
static bool
is_published(Oid relid)
{
	Oid			types[] = {OIDOID};
	Datum		values[] = {ObjectIdGetDatum(relid)};

	SPI_execute_with_args("SELECT 1 FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid"
						  " WHERE p.pubname = '" MOONCAKE_PUBLICATION "' AND r.prrelid = $1",
						  1, types, values, NULL, false, 1);
	return SPI_processed > 0;
}

/*
 * Before the source is published its tables log enough, so that no UPDATE or DELETE is ever refused. Needs SPI and
 * the superuser, and that this session has locked the source.
 */
void
mooncake_prepare_source(Oid source, const MooncakeKey *key)
{
	(void) tables_of(source, true);
	(void) mooncake_keep_identity(source, key);
	if (!is_published(source))
		mooncake_spi_run(psprintf("ALTER PUBLICATION " MOONCAKE_PUBLICATION " ADD TABLE ONLY %s",
								  mooncake_qualified_name(source)), SPI_OK_UTILITY);
}

/* Unpublished first: a published table without replica identity would refuse UPDATE and DELETE. */
void
mooncake_release_source(Oid source)
{
	if (get_rel_name(source) != NULL)
	{
		mooncake_lock_briefly(list_make1_oid(source), ShareUpdateExclusiveLock, "take it out of the publication");
		if (is_published(source))
			mooncake_spi_run(psprintf("ALTER PUBLICATION " MOONCAKE_PUBLICATION " DROP TABLE ONLY %s",
									  mooncake_qualified_name(source)), SPI_OK_UTILITY);
	}
	mooncake_restore_identity(recorded_tables(source));
}
