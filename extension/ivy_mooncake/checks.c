/*
 * checks.c: may this table be mirrored by this user, on this server?
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xlog.h"
#include "catalog/catalog.h"
#include "catalog/dependency.h"
#include "catalog/partition.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "replication/slot.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "mooncake.h"

/* Raises the one error that says why an object cannot be mirrored. */
static void
refuse_source(int sqlstate, const char *name, const char *reason)
{
	ereport(ERROR, (errcode(sqlstate), errmsg("cannot mirror \"%s\": %s", name, reason)));
}

static void
check_relation_kind(Form_pg_class class)
{
	const char *name = NameStr(class->relname);

	switch (class->relkind)
	{
		case RELKIND_RELATION:
		case RELKIND_PARTITIONED_TABLE:
			break;
		case RELKIND_VIEW:
			refuse_source(ERRCODE_WRONG_OBJECT_TYPE, name, "it is a view");
			break;
		case RELKIND_MATVIEW:
			refuse_source(ERRCODE_WRONG_OBJECT_TYPE, name, "it is a materialized view");
			break;
		case RELKIND_FOREIGN_TABLE:
			refuse_source(ERRCODE_WRONG_OBJECT_TYPE, name, "it is a foreign table");
			break;
		default:
			refuse_source(ERRCODE_WRONG_OBJECT_TYPE, name, "it is not a table");
	}
}

static void
check_partition(Form_pg_class class)
{
	List	   *ancestors;

	if (!class->relispartition)
		return;
	ancestors = get_partition_ancestors(class->oid);
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot mirror \"%s\": it is a partition", NameStr(class->relname)),
			 ancestors == NIL ? 0 :
			 errhint("Mirror the partitioned table %s.", mooncake_qualified_name(llast_oid(ancestors)))));
}

static void
check_relation_class(Form_pg_class class)
{
	const char *name = NameStr(class->relname);
	Oid			extension = getExtensionOfObject(RelationRelationId, class->oid);

	if (IsSystemClass(class->oid, class) || class->oid < FirstNormalObjectId)
		refuse_source(ERRCODE_WRONG_OBJECT_TYPE, name, "it is a system catalog");
	if (OidIsValid(extension) && extension == get_extension_oid(MOONCAKE_EXTENSION, true))
		refuse_source(ERRCODE_WRONG_OBJECT_TYPE, name, "it belongs to the extension " MOONCAKE_EXTENSION);
	if (ivy_api()->is_mirror(class->oid))
		refuse_source(ERRCODE_WRONG_OBJECT_TYPE, name, "it is itself a mirror");
	if (class->relpersistence == RELPERSISTENCE_TEMP)
		refuse_source(ERRCODE_FEATURE_NOT_SUPPORTED, name, "it is a temporary table");
	if (class->relpersistence == RELPERSISTENCE_UNLOGGED)
		refuse_source(ERRCODE_FEATURE_NOT_SUPPORTED, name, "it is an unlogged table, whose changes are not in the WAL");
	check_partition(class);
	if (class->relkind == RELKIND_PARTITIONED_TABLE)
		return;
	if (has_superclass(class->oid))
		refuse_source(ERRCODE_FEATURE_NOT_SUPPORTED, name, "it inherits from another table");
	if (find_inheritance_children(class->oid, NoLock) != NIL)
		refuse_source(ERRCODE_FEATURE_NOT_SUPPORTED, name,
					  "other tables inherit from it, and a mirror could not hold their rows");
}

static void
check_privileges(Form_pg_class class)
{
	const char *name = NameStr(class->relname);
	bool		owner;

#if PG_VERSION_NUM >= 160000
	owner = object_ownercheck(RelationRelationId, class->oid, GetUserId());
#else
	owner = pg_class_ownercheck(class->oid, GetUserId());
#endif
	if (pg_class_aclcheck(class->oid, GetUserId(), ACL_SELECT) != ACLCHECK_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied for table %s", name),
				 errdetail("Mirroring a table needs the right to SELECT from it.")));
	if (!owner)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("must be owner of table %s", name),
				 errdetail("Only its owner may have a table mirrored, because mirroring adds it to a publication.")));
	if (class->relrowsecurity)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot mirror \"%s\": it has row-level security", name),
				 errdetail("The policies of the table would not hold for its mirror.")));
}

/* Called before the source is locked, so that nobody can lock what he may not use; and again when it is. */
void
mooncake_check_source(Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Form_pg_class class;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE), errmsg("the table was dropped while it was to be mirrored")));
	class = (Form_pg_class) GETSTRUCT(tuple);
	check_relation_kind(class);
	check_relation_class(class);
	check_privileges(class);
	ReleaseSysCache(tuple);
}

/* A partition whose changes are not in the WAL; the message names what it is, NULL for any other. */
static const char *
unlogged_kind(Form_pg_class class)
{
	if (class->relkind == RELKIND_FOREIGN_TABLE)
		return "a foreign table";
	return class->relkind == RELKIND_RELATION && class->relpersistence != RELPERSISTENCE_PERMANENT ?
		"an unlogged table" : NULL;
}

/* Raises an error for a partitioned table some of whose rows would never come by the WAL. */
void
mooncake_check_partitions(Oid source)
{
	ListCell   *cell;

	foreach(cell, find_all_inheritors(source, NoLock, NULL))
	{
		HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(lfirst_oid(cell)));
		const char *kind;

		if (!HeapTupleIsValid(tuple))
			continue;
		kind = unlogged_kind((Form_pg_class) GETSTRUCT(tuple));
		ReleaseSysCache(tuple);
		if (kind != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("cannot mirror \"%s\": its partition \"%s\" is %s, whose changes are not in the WAL",
							get_rel_name(source), get_rel_name(lfirst_oid(cell)), kind)));
	}
}

static void
check_slot(void)
{
	char	   *own = psprintf("mooncake_%u", MyDatabaseId);
	bool		available = SearchNamedReplicationSlot(own, true) != NULL;

	LWLockAcquire(ReplicationSlotControlLock, LW_SHARED);
	for (int i = 0; i < max_replication_slots && !available; i++)
		available = !ReplicationSlotCtl->replication_slots[i].in_use;
	LWLockRelease(ReplicationSlotControlLock);
	if (!available)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("all replication slots are in use"),
				 errhint("Mirrors need one slot in each database. Free one or increase max_replication_slots, and restart the server.")));
}

/* The registry is followed in this server's WAL, for mirrors of remote tables too. */
void
mooncake_check_server(void)
{
	if (!mooncake_preloaded)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("ivy_mooncake must be loaded through shared_preload_libraries"),
				 errhint("Set shared_preload_libraries = 'ivy_mooncake' and wal_level = logical, then restart the server.")));
	if (wal_level < WAL_LEVEL_LOGICAL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("mirrors need wal_level \"logical\""),
				 errhint("Set wal_level = logical and restart the server.")));
	if (!ivy_api()->settings->engine_enabled)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("mirrors need the engine, which is switched off"),
				 errhint("Set pg_mooncake.enable_bgworker = on and restart the server.")));
	check_slot();
}
