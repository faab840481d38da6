/*
 * resync.c: what asks for a mirror to be copied again, and what the engine asks of a mirror of a remote table.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/varlena.h"

#include "mooncake.h"

PG_FUNCTION_INFO_V1(mooncake_resync);
PG_FUNCTION_INFO_V1(mooncake_redefine);

/* The mirror of that name, which must be the current user's. */
static Oid
own_mirror(text *name)
{
	RangeVar   *relation = makeRangeVarFromNameList(textToQualifiedNameList(name));
	Oid			mirror = RangeVarGetRelid(relation, NoLock, false);
	bool		owner;

	if (!ivy_api()->is_mirror(mirror))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE), errmsg("\"%s\" is not a mirror", relation->relname)));
#if PG_VERSION_NUM >= 160000
	owner = object_ownercheck(RelationRelationId, mirror, GetUserId());
#else
	owner = pg_class_ownercheck(mirror, GetUserId());
#endif
	if (!owner)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("must be owner of mirror %s", relation->relname)));
	return mirror;
}

/* The source of a registered mirror, InvalidOid for a remote one. */
static Oid
source_of(Oid mirror)
{
	Oid			types[] = {OIDOID};
	Datum		values[] = {ObjectIdGetDatum(mirror)};
	bool		is_null;
	Oid			source;

	SPI_execute_with_args("SELECT source::oid, detached FROM mooncake.tables WHERE mirror = $1",
						  1, types, values, NULL, false, 1);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("mirror \"%s\" is not registered", get_rel_name(mirror)),
				 errhint("Drop it and create it again with CALL mooncake.create_table.")));
	source = DatumGetObjectId(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
	if (DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &is_null)))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("cannot copy mirror \"%s\" again: its source was dropped", get_rel_name(mirror))));
	return source;
}

/* The engine compares the definition of a remote source with the registry's before it copies. */
static void
resync_remote(Oid mirror)
{
	Oid			types[] = {OIDOID};
	Datum		values[] = {ObjectIdGetDatum(mirror)};

	if (SPI_execute_with_args("UPDATE mooncake.tables SET resync = resync + 1, error = NULL WHERE mirror = $1",
							  1, types, values, NULL, false, 0) != SPI_OK_UPDATE)
		elog(ERROR, "could not update the registration of mirror %u", mirror);
}

/* CALL mooncake.resync(mirror): a mirror that has failed lives again, with the columns that its source has now. */
Datum
mooncake_resync(PG_FUNCTION_ARGS)
{
	MooncakePrivileges saved;
	Oid			mirror;
	Oid			source;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the name of the mirror must not be null")));
	mirror = own_mirror(PG_GETARG_TEXT_PP(0));
	mooncake_spi_begin(&saved, true);
	source = source_of(mirror);
	if (OidIsValid(source))
	{
		mooncake_lock_briefly(list_make1_oid(source), ShareUpdateExclusiveLock, "copy it again");
		mooncake_revive(source, mirror);
	}
	else
		resync_remote(mirror);
	mooncake_spi_end(&saved);
	mooncake_wake_at_commit();
	PG_RETURN_VOID();
}

/*
 * mooncake.redefine(mirror, definition, resync): the engine has seen that a remote source has other columns. Columns
 * with field 0 are new and get theirs here.
 */
Datum
mooncake_redefine(PG_FUNCTION_ARGS)
{
	Oid			mirror = PG_GETARG_OID(0);
	char	   *json = text_to_cstring(PG_GETARG_TEXT_PP(1));
	MooncakePrivileges saved;
	MooncakeDefinition *definition;

	if (!superuser())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("only superusers may redefine a mirror")));
	if (!ivy_api()->is_mirror(mirror))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a mirror", get_rel_name(mirror) == NULL ? "?" : get_rel_name(mirror))));
	mooncake_spi_begin(&saved, true);
	if (OidIsValid(source_of(mirror)))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("mirror \"%s\" follows a table of this database", get_rel_name(mirror))));
	definition = mooncake_definition_parse(json);
	mooncake_alter_mirror(mirror, definition);
	mooncake_number_key(definition);
	mooncake_write_definition(mirror, definition, true, PG_GETARG_BOOL(2), false);
	mooncake_spi_end(&saved);
	mooncake_wake_at_commit();
	PG_RETURN_VOID();
}
