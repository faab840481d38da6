/*
 * drop.c: what goes with a mirror, and with the extension, in the transaction that drops it.
 *
 * The slot and the files are the engine's to drop, once it has read from the WAL that the transaction committed.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/indexing.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_publication.h"
#include "catalog/pg_type.h"
#include "commands/event_trigger.h"
#include "commands/extension.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "replication/message.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#include "mooncake.h"

#define DROP_MESSAGE "drop extension"

PG_FUNCTION_INFO_V1(mooncake_on_drop);

typedef struct Source
{
	Oid			relid;
	char		replica_identity;
} Source;

/* Rows of (source oid, replica_identity) of the last SPI statement, copied to `context`. */
static Source *
fetch_sources(MemoryContext context, uint64 *count)
{
	Source	   *sources;

	*count = SPI_processed;
	sources = MemoryContextAlloc(context, sizeof(Source) * (*count + 1));
	for (uint64 i = 0; i < *count; i++)
	{
		bool		is_null;
		HeapTuple	row = SPI_tuptable->vals[i];

		sources[i].relid = DatumGetObjectId(SPI_getbinval(row, SPI_tuptable->tupdesc, 1, &is_null));
		sources[i].replica_identity = DatumGetChar(SPI_getbinval(row, SPI_tuptable->tupdesc, 2, &is_null));
	}
	return sources;
}

static bool
has_mirrors(Oid source)
{
	Oid			types[] = {OIDOID};
	Datum		values[] = {ObjectIdGetDatum(source)};

	SPI_execute_with_args("SELECT 1 FROM mooncake.tables WHERE source = $1", 1, types, values, NULL, false, 1);
	return SPI_processed > 0;
}

/* Unpublished first: a published table without replica identity would refuse UPDATE and DELETE. */
static void
release_source(const Source *source)
{
	if (get_rel_name(source->relid) == NULL)
		return;
	if (mooncake_is_published(source->relid))
		mooncake_spi_run(psprintf("ALTER PUBLICATION " MOONCAKE_PUBLICATION " DROP TABLE ONLY %s",
								  mooncake_qualified_name(source->relid)), SPI_OK_UTILITY);
	mooncake_restore_source(source->relid, source->replica_identity);
}

/* Forgets the dropped tables, an array of oids, and releases sources that have no mirror left. */
static void
forget_mirrors(Datum tables, MemoryContext context)
{
	Oid			types[] = {OIDARRAYOID};
	Source	   *sources;
	uint64		count;

	SPI_execute_with_args("DELETE FROM mooncake.tables WHERE mirror = ANY ($1)"
						  " RETURNING source::oid, replica_identity", 1, types, &tables, NULL, false, 0);
	sources = fetch_sources(context, &count);
	for (uint64 i = 0; i < count; i++)
	{
		if (!has_mirrors(sources[i].relid))
			release_source(&sources[i]);
	}
	if (count > 0)
		mooncake_wake_at_commit();
}

/*
 * A published table whose key was dropped would refuse every UPDATE and DELETE. With the whole old row in the WAL
 * its users notice nothing.
 */
static void
keep_sources_writable(MemoryContext context)
{
	Source	   *sources;
	uint64		count;

	SPI_execute("SELECT DISTINCT c.oid, c.relreplident FROM mooncake.tables t JOIN pg_class c ON c.oid = t.source"
				" WHERE c.relreplident IN ('d', 'i') AND NOT EXISTS"
				" (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate"
				" AND CASE c.relreplident WHEN 'd' THEN i.indisprimary ELSE i.indisreplident END)", false, 0);
	sources = fetch_sources(context, &count);
	for (uint64 i = 0; i < count; i++)
	{
		char	   *name = mooncake_qualified_name(sources[i].relid);

		if (!mooncake_is_published(sources[i].relid))
			continue;
		mooncake_lock_briefly(sources[i].relid, "set its replica identity");
		mooncake_spi_run(psprintf("ALTER TABLE ONLY %s REPLICA IDENTITY FULL", name), SPI_OK_UTILITY);
		ereport(WARNING,
				(errmsg("the key of mirrored table %s was dropped, its replica identity is now FULL", name),
				 errhint("Give the table a key again, then drop its mirrors and create them anew.")));
	}
}

/* Event trigger sql_drop. */
Datum
mooncake_on_drop(PG_FUNCTION_ARGS)
{
	MooncakePrivileges saved;
	MemoryContext context = CurrentMemoryContext;
	Datum		tables;
	bool		no_tables;
	bool		no_objects;
	bool		indexes;

	if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("mooncake.on_drop can only be called as an event trigger")));
	mooncake_spi_begin(&saved, true);
	SPI_execute("SELECT array_agg(objid) FILTER (WHERE object_type = 'table'), bool_or(object_type = 'index')"
				" FROM pg_event_trigger_dropped_objects()"
				" WHERE classid = 'pg_class'::regclass AND objsubid = 0 AND NOT is_temporary", true, 1);
	tables = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &no_tables);
	indexes = DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &no_objects));
	if (!no_tables)
		forget_mirrors(tables, context);
	if (!no_objects && indexes)
		keep_sources_writable(context);
	mooncake_spi_end(&saved);
	PG_RETURN_NULL();
}

/* Does `extension` require `required`, directly or not? */
static bool
requires_extension(Oid extension, Oid required)
{
	Relation	depend = table_open(DependRelationId, AccessShareLock);
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		found = false;

	check_stack_depth();
	ScanKeyInit(&keys[0], Anum_pg_depend_classid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(ExtensionRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_objid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(extension));
	scan = systable_beginscan(depend, DependDependerIndexId, true, NULL, 2, keys);
	while (!found && HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend row = (Form_pg_depend) GETSTRUCT(tuple);

		if (row->refclassid == ExtensionRelationId)
			found = row->refobjid == required || requires_extension(row->refobjid, required);
	}
	systable_endscan(scan);
	table_close(depend, AccessShareLock);
	return found;
}

/*
 * Gives every source back what it had, drops the publication and leaves the engine a note in the WAL. The publication
 * is the extension's member, except after pg_upgrade, which does not carry that over; so it is dropped here.
 */
static void
release_everything(void)
{
	MooncakePrivileges saved;
	MemoryContext context = CurrentMemoryContext;
	Source	   *sources;
	uint64		count;
	Oid			publication;

	mooncake_spi_begin(&saved, true);
	SPI_execute("SELECT DISTINCT ON (source) source::oid, replica_identity FROM mooncake.tables ORDER BY source", true, 0);
	sources = fetch_sources(context, &count);
	for (uint64 i = 0; i < count; i++)
		release_source(&sources[i]);
	publication = get_publication_oid(MOONCAKE_PUBLICATION, true);
	if (OidIsValid(publication))
	{
		deleteDependencyRecordsForClass(PublicationRelationId, publication, ExtensionRelationId, DEPENDENCY_EXTENSION);
		mooncake_spi_run("DROP PUBLICATION " MOONCAKE_PUBLICATION, SPI_OK_UTILITY);
	}
#if PG_VERSION_NUM >= 170000
	LogLogicalMessage(MOONCAKE_PUBLICATION, DROP_MESSAGE, strlen(DROP_MESSAGE), true, false);
#else
	LogLogicalMessage(MOONCAKE_PUBLICATION, DROP_MESSAGE, strlen(DROP_MESSAGE), true);
#endif
	mooncake_spi_end(&saved);
	mooncake_wake_at_commit();
}

/* Before DROP EXTENSION. If Postgres then refuses to drop it, all of this is rolled back with the statement. */
void
mooncake_before_drop_extension(List *names)
{
	Oid			ours = get_extension_oid(MOONCAKE_EXTENSION, true);
	ListCell   *cell;

	if (!OidIsValid(ours))
		return;
	foreach(cell, names)
	{
		Oid			dropped = get_extension_oid(strVal(lfirst(cell)), true);
		bool		owner;

		if (!OidIsValid(dropped))
			continue;
#if PG_VERSION_NUM >= 160000
		owner = object_ownercheck(ExtensionRelationId, dropped, GetUserId());
#else
		owner = pg_extension_ownercheck(dropped, GetUserId());
#endif
		if (owner && (dropped == ours || requires_extension(ours, dropped)))
		{
			release_everything();
			return;
		}
	}
}

/* Before DROP OWNED, which drops the extension with its owner's other objects. */
void
mooncake_before_drop_owned(List *roles)
{
	Oid			ours = get_extension_oid(MOONCAKE_EXTENSION, true);
	Oid			types[] = {OIDOID};
	Datum		values[] = {ObjectIdGetDatum(ours)};
	MooncakePrivileges saved;
	Oid			owner;
	bool		is_null;
	ListCell   *cell;

	if (!OidIsValid(ours))
		return;
	mooncake_spi_begin(&saved, false);
	SPI_execute_with_args("SELECT extowner FROM pg_extension WHERE oid = $1", 1, types, values, NULL, true, 1);
	owner = SPI_processed == 0 ? InvalidOid :
		DatumGetObjectId(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
	mooncake_spi_end(&saved);
	foreach(cell, roles)
	{
		Oid			role = get_rolespec_oid(lfirst(cell), false);

		if (role == owner && role != BOOTSTRAP_SUPERUSERID && has_privs_of_role(GetUserId(), role))
			release_everything();
	}
}
