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

static bool
has_mirrors(Oid source)
{
	Oid			types[] = {OIDOID};
	Datum		values[] = {ObjectIdGetDatum(source)};

	SPI_execute_with_args("SELECT 1 FROM mooncake.tables WHERE source = $1", 1, types, values, NULL, false, 1);
	return SPI_processed > 0;
}

/* Forgets the dropped tables, an array of oids, and releases sources that have no mirror left. */
static void
forget_mirrors(Datum tables, MemoryContext context)
{
	Oid			types[] = {OIDARRAYOID};
	List	   *sources;
	ListCell   *cell;

	SPI_execute_with_args("DELETE FROM mooncake.tables WHERE mirror = ANY ($1) RETURNING source::oid",
						  1, types, &tables, NULL, false, 0);
	sources = mooncake_fetch_oids(context);
	foreach(cell, sources)
	{
		if (OidIsValid(lfirst_oid(cell)) && !has_mirrors(lfirst_oid(cell)))
			mooncake_release_source(lfirst_oid(cell));
	}
	if (sources != NIL)
		mooncake_wake_at_commit();
}

/* A mirror whose source is dropped stays as it is, readable. */
static void
detach_mirrors(Datum tables)
{
	Oid			types[] = {OIDARRAYOID};

	SPI_execute_with_args("UPDATE mooncake.tables SET detached = true WHERE source = ANY ($1) AND NOT detached",
						  1, types, &tables, NULL, false, 0);
	if (SPI_processed > 0)
		mooncake_wake_at_commit();
	SPI_execute_with_args("DELETE FROM mooncake.replica_identities WHERE source = ANY ($1)",
						  1, types, &tables, NULL, false, 0);
}

/* Event trigger sql_drop. */
Datum
mooncake_on_drop(PG_FUNCTION_ARGS)
{
	MooncakePrivileges saved;
	MemoryContext context = CurrentMemoryContext;
	Datum		tables;
	bool		no_tables;

	if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("mooncake.on_drop can only be called as an event trigger")));
	mooncake_spi_begin(&saved, true);
	SPI_execute("SELECT array_agg(objid) FROM pg_event_trigger_dropped_objects() WHERE classid = 'pg_class'::regclass"
				" AND objsubid = 0 AND object_type = 'table' AND NOT is_temporary", true, 1);
	tables = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &no_tables);
	if (!no_tables)
	{
		forget_mirrors(tables, context);
		detach_mirrors(tables);
	}
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
	List	   *sources;
	ListCell   *cell;
	Oid			publication;

	mooncake_spi_begin(&saved, true);
	SPI_execute("SELECT DISTINCT source::oid FROM mooncake.tables WHERE source <> 0 ORDER BY 1", true, 0);
	sources = mooncake_fetch_oids(context);
	foreach(cell, sources)
		mooncake_release_source(lfirst_oid(cell));
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
