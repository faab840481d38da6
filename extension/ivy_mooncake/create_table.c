/*
 * create_table.c: CALL mooncake.create_table(dst, src [, src_uri, table_config]).
 *
 * All of it is part of the caller's transaction: the mirror, the source's place in the publication, its replica
 * identity and the row in the registry, which the engine reads from the WAL once the transaction has committed.
 */
#include "postgres.h"

#include "access/table.h"
#include "access/transam.h"
#include "access/xlog.h"
#include "catalog/catalog.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "commands/extension.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "replication/slot.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"
#include "utils/syscache.h"
#include "utils/varlena.h"

#include "mooncake.h"

#define NUMERIC_PRECISION_MAX 38

PG_FUNCTION_INFO_V1(mooncake_create_table);

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
			break;
		case RELKIND_PARTITIONED_TABLE:
			refuse_source(ERRCODE_FEATURE_NOT_SUPPORTED, name, "partitioned tables are not supported yet");
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
	if (class->relispartition)
		refuse_source(ERRCODE_FEATURE_NOT_SUPPORTED, name, "partitions are not supported yet");
	if (has_superclass(class->oid) || find_inheritance_children(class->oid, NoLock) != NIL)
		refuse_source(ERRCODE_FEATURE_NOT_SUPPORTED, name, "tables with inheritance are not supported yet");
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

/* Called before the source is locked, so that nobody can lock what he may not use. */
static void
check_source(const RangeVar *relation, Oid relid, Oid old_relid, void *arg)
{
	HeapTuple	tuple;
	Form_pg_class class;

	if (!OidIsValid(relid))
		return;
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	if (!HeapTupleIsValid(tuple))
		return;
	class = (Form_pg_class) GETSTRUCT(tuple);
	check_relation_kind(class);
	check_relation_class(class);
	check_privileges(class);
	ReleaseSysCache(tuple);
}

static void
refuse_column(Relation source, Form_pg_attribute column, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot mirror column \"%s\" of table \"%s\": type %s is not supported",
					NameStr(column->attname), RelationGetRelationName(source),
					format_type_with_typemod(column->atttypid, column->atttypmod)),
			 detail == NULL ? 0 : errdetail("%s", detail)));
}

static void
check_numeric(Relation source, Form_pg_attribute column)
{
	int			precision;
	int			scale;

	if (column->atttypmod < (int32) VARHDRSZ)
		refuse_column(source, column, "A numeric column needs a precision, for example numeric(18,2).");
	precision = ((column->atttypmod - VARHDRSZ) >> 16) & 0xffff;
	scale = (((column->atttypmod - VARHDRSZ) & 0x7ff) ^ 1024) - 1024;
	if (precision > NUMERIC_PRECISION_MAX)
		refuse_column(source, column, "The precision of a numeric column must not be above 38.");
	if (scale < 0 || scale > precision)
		refuse_column(source, column, "The scale of a numeric column must be between 0 and its precision.");
}

static void
check_column(Relation source, Form_pg_attribute column)
{
	if (column->attgenerated != '\0')
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot mirror column \"%s\" of table \"%s\": generated columns are not supported yet",
						NameStr(column->attname), RelationGetRelationName(source))));
	switch (column->atttypid)
	{
		case BOOLOID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case FLOAT4OID:
		case FLOAT8OID:
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
		case BYTEAOID:
		case DATEOID:
		case TIMEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
		case UUIDOID:
		case JSONOID:
		case JSONBOID:
			break;
		case NUMERICOID:
			check_numeric(source, column);
			break;
		default:
			refuse_column(source, column, NULL);
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

static void
check_server(void)
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

/* There are no keys yet; an unknown one is an error, so that a misspelt one never passes silently. */
static void
check_config(Datum config)
{
	Oid			types[] = {JSONOID};
	MooncakePrivileges saved;

	mooncake_spi_begin(&saved, false);
	SPI_execute_with_args("SELECT CASE WHEN json_typeof($1) = 'object' THEN (SELECT min(k) FROM json_object_keys($1) k) END,"
						  " json_typeof($1) = 'object'", 1, types, &config, NULL, true, 1);
	if (SPI_processed == 1)
	{
		bool		is_null;
		char	   *key = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);

		if (!DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &is_null)))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("table_config must be a JSON object")));
		if (key != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("unknown key \"%s\" in table_config", key)));
	}
	mooncake_spi_end(&saved);
}

/* CREATE TABLE of the mirror; `positions` receives each column's attribute number in the source. */
static char *
mirror_statement(Relation source, const char *mirror, List **positions)
{
	StringInfoData sql;
	TupleDesc	columns = RelationGetDescr(source);

	initStringInfo(&sql);
	appendStringInfo(&sql, "CREATE TABLE %s (", mirror);
	for (int i = 0; i < columns->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(columns, i);

		if (column->attisdropped)
			continue;
		check_column(source, column);
		appendStringInfo(&sql, "%s%s %s", *positions == NIL ? "" : ", ", quote_identifier(NameStr(column->attname)),
						 format_type_with_typemod(column->atttypid, column->atttypmod));
		if (OidIsValid(column->attcollation) && column->attcollation != get_typcollation(column->atttypid))
			appendStringInfo(&sql, " COLLATE %s", generate_collation_name(column->attcollation));
		if (column->attnotnull)
			appendStringInfoString(&sql, " NOT NULL");
		*positions = lappend_int(*positions, column->attnum);
	}
	if (*positions == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot mirror \"%s\": it has no columns", RelationGetRelationName(source))));
	appendStringInfoString(&sql, ") USING " MOONCAKE_AM);
	return sql.data;
}

static Oid
create_mirror(RangeVar *name, Relation source, List **positions)
{
	MooncakePrivileges saved;
	Oid			existing;
	Oid			namespace;
	Oid			relid;
	char	   *statement;

	if (name->relpersistence == RELPERSISTENCE_TEMP)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("a mirror cannot be a temporary table")));
	namespace = RangeVarGetAndCheckCreationNamespace(name, NoLock, &existing);
	if (isAnyTempNamespace(namespace))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("a mirror cannot be a temporary table")));
	if (OidIsValid(existing))
		ereport(ERROR, (errcode(ERRCODE_DUPLICATE_TABLE), errmsg("relation \"%s\" already exists", name->relname)));
	mooncake_spi_begin(&saved, false);
	statement = mirror_statement(source,
								 quote_qualified_identifier(get_namespace_name(namespace), name->relname),
								 positions);
	mooncake_spi_run(statement, SPI_OK_UTILITY);
	relid = get_relname_relid(name->relname, namespace);
	mooncake_spi_end(&saved);
	if (!OidIsValid(relid))
		elog(ERROR, "mirror \"%s\" was not created", name->relname);
	return relid;
}

static Datum
smallint_array(List *values)
{
	Datum	   *datums = palloc(sizeof(Datum) * list_length(values));
	int			n = 0;
	ListCell   *cell;

	foreach(cell, values)
		datums[n++] = Int16GetDatum((int16) lfirst_int(cell));
	return PointerGetDatum(construct_array(datums, n, INT2OID, sizeof(int16), true, TYPALIGN_SHORT));
}

/* The key's columns as attribute numbers of the mirror. */
static List *
key_in_mirror(const MooncakeKey *key, List *positions)
{
	List	   *result = NIL;
	ListCell   *cell;

	foreach(cell, key->attributes)
	{
		int			attribute = 1;
		ListCell   *position;

		foreach(position, positions)
		{
			if (lfirst_int(position) == lfirst_int(cell))
				break;
			attribute++;
		}
		if (attribute > list_length(positions))
			elog(ERROR, "key column %d is not in the mirror", lfirst_int(cell));
		result = lappend_int(result, attribute);
	}
	return result;
}

/* Needs SPI and the superuser, and that this session has closed the source. */
static void
prepare_source(Oid source, const MooncakeKey *key)
{
	char	   *name = mooncake_qualified_name(source);

	if (!mooncake_is_published(source))
		mooncake_spi_run(psprintf("ALTER PUBLICATION " MOONCAKE_PUBLICATION " ADD TABLE ONLY %s", name), SPI_OK_UTILITY);
	if (!key->must_set)
		return;
	mooncake_lock_briefly(source, "set its replica identity");
	if (key->replica_identity == REPLICA_IDENTITY_INDEX)
		mooncake_spi_run(psprintf("ALTER TABLE ONLY %s REPLICA IDENTITY USING INDEX %s", name,
								  quote_identifier(get_rel_name(key->index))), SPI_OK_UTILITY);
	else
		mooncake_spi_run(psprintf("ALTER TABLE ONLY %s REPLICA IDENTITY DEFAULT", name), SPI_OK_UTILITY);
}

/*
 * What to restore is what was there before the first mirror of the source. An index identity whose index is gone
 * works like NOTHING and is recorded so. Needs SPI and the superuser.
 */
static void
register_mirror(Oid mirror, Relation source, const MooncakeKey *key, List *positions, Datum config, bool has_config)
{
	Oid			types[] = {OIDOID, OIDOID, INT2ARRAYOID, INT2ARRAYOID, CHAROID, NAMEOID, JSONOID};
	char		before = source->rd_rel->relreplident;
	Oid			index = RelationGetReplicaIndex(source);
	NameData	index_name;
	Datum		values[7];
	char		nulls[8] = "       ";

	if (before == REPLICA_IDENTITY_INDEX && !OidIsValid(index))
		before = REPLICA_IDENTITY_NOTHING;
	values[0] = ObjectIdGetDatum(mirror);
	values[1] = ObjectIdGetDatum(RelationGetRelid(source));
	values[2] = smallint_array(key_in_mirror(key, positions));
	values[3] = smallint_array(positions);
	values[4] = CharGetDatum(before);
	if (before == REPLICA_IDENTITY_INDEX)
	{
		namestrcpy(&index_name, get_rel_name(index));
		values[5] = NameGetDatum(&index_name);
	}
	else
		nulls[5] = 'n';
	if (has_config)
		values[6] = config;
	else
		nulls[6] = 'n';
	if (SPI_execute_with_args("INSERT INTO mooncake.tables"
							  " (mirror, source, key, columns, replica_identity, replica_identity_index, config)"
							  " SELECT $1, $2, $3, $4, coalesce(b.replica_identity, $5),"
							  " CASE WHEN b.source IS NULL THEN $6 ELSE b.replica_identity_index END, $7"
							  " FROM (SELECT 1) one LEFT JOIN (SELECT source, replica_identity, replica_identity_index"
							  " FROM mooncake.tables WHERE source = $2 LIMIT 1) b ON true",
							  7, types, values, nulls, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "could not register mirror %u", mirror);
}

static RangeVar *
parse_name(FunctionCallInfo fcinfo, int argument, const char *what)
{
	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the name of the %s must not be null", what)));
	return makeRangeVarFromNameList(textToQualifiedNameList(PG_GETARG_TEXT_PP(argument)));
}

Datum
mooncake_create_table(PG_FUNCTION_ARGS)
{
	RangeVar   *dst = parse_name(fcinfo, 0, "mirror");
	RangeVar   *src = parse_name(fcinfo, 1, "source");
	MooncakePrivileges saved;
	MooncakeKey key;
	Relation	source;
	List	   *positions = NIL;
	Oid			mirror;
	Oid			relid;

	if (!PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("remote sources are not supported yet"),
				 errhint("Leave out src_uri to mirror a table of this database.")));
	if (!PG_ARGISNULL(3))
		check_config(PG_GETARG_DATUM(3));
	check_server();

	/* Blocks neither readers nor writers of the source, only other changes of its definition. */
	source = table_open(RangeVarGetRelidExtended(src, ShareUpdateExclusiveLock, 0, check_source, NULL), NoLock);
	mirror = create_mirror(dst, source, &positions);
	key = mooncake_choose_key(source);
	mooncake_spi_begin(&saved, true);
	register_mirror(mirror, source, &key, positions,
					PG_ARGISNULL(3) ? (Datum) 0 : PG_GETARG_DATUM(3), !PG_ARGISNULL(3));
	relid = RelationGetRelid(source);
	table_close(source, NoLock);
	prepare_source(relid, &key);
	mooncake_spi_end(&saved);
	mooncake_wake_at_commit();
	PG_RETURN_VOID();
}
