/*
 * create_table.c: CALL mooncake.create_table(dst, src [, src_uri, table_config]).
 *
 * All of it is part of the caller's transaction: the mirror, the source's place in the publication, its replica
 * identity and the row in the registry, which the engine reads from the WAL once the transaction has committed.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

#include "mooncake.h"

PG_FUNCTION_INFO_V1(mooncake_create_table);

/* Checks privileges before the source is locked, so that nobody can lock what he may not use. */
static void
check_source(const RangeVar *relation, Oid relid, Oid old_relid, void *arg)
{
	if (OidIsValid(relid))
		mooncake_check_source(relid);
}

/* Locked against other changes of its definition; that blocks neither its readers nor its writers. */
static Relation
open_source(const RangeVar *name)
{
	Oid			relid = RangeVarGetRelidExtended(name, NoLock, 0, check_source, NULL);

	mooncake_lock_briefly(list_make1_oid(relid), ShareUpdateExclusiveLock, "mirror it");
	mooncake_check_source(relid);
	mooncake_check_partitions(relid);
	return table_open(relid, NoLock);
}

/*
 * What to restore is what was there before the first mirror of the source; the source is prepared already. Needs SPI
 * and the superuser.
 */
static void
register_mirror(Oid mirror, Oid source, const MooncakeDefinition *definition, NullableDatum config)
{
	Oid			types[] = {OIDOID, OIDOID, INT2ARRAYOID, INT2ARRAYOID, JSONOID, TEXTOID};
	Datum		values[6];
	char		nulls[] = "      ";

	values[0] = ObjectIdGetDatum(mirror);
	values[1] = ObjectIdGetDatum(source);
	values[2] = mooncake_key_array(definition);
	values[3] = mooncake_source_array(definition);
	values[4] = config.value;
	if (config.isnull)
		nulls[4] = 'n';
	values[5] = CStringGetTextDatum(mooncake_definition_text(definition));
	if (mooncake_spi_insert("INSERT INTO mooncake.tables (mirror, source, key, columns, replica_identity,"
							" replica_identity_index, config, definition)"
							" SELECT $1, $2, $3, $4, before, before_index, $5, $6"
							" FROM mooncake.replica_identities WHERE relation = $2", 6, types, values, nulls) != 1)
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

static MooncakeKey
key_of(Relation source)
{
	MooncakePrivileges saved;
	MemoryContext context = CurrentMemoryContext;
	MooncakeKey key;

	mooncake_spi_begin(&saved, true);
	MemoryContextSwitchTo(context);
	key = mooncake_source_key(source, mooncake_key_in_use(RelationGetRelid(source)));
	mooncake_spi_end(&saved);
	return key;
}

/* With the search path that the engine's sessions have. */
static void
check_filter(Relation source, const char *filter)
{
	MooncakePrivileges saved;

	mooncake_spi_begin(&saved, false);
	mooncake_check_filter(source, filter);
	mooncake_spi_end(&saved);
}

static void
create_local(RangeVar *dst, RangeVar *src, const MooncakeConfig *config, NullableDatum config_json)
{
	Relation	source = open_source(src);
	Oid			relid = RelationGetRelid(source);
	MooncakeKey key = key_of(source);
	MooncakeDefinition *definition = mooncake_define(source, config, &key);
	MooncakePrivileges saved;
	Oid			mirror;

	if (config->filter != NULL)
		check_filter(source, config->filter);
	mirror = mooncake_create_mirror(dst, definition);
	table_close(source, NoLock);
	mooncake_spi_begin(&saved, true);
	mooncake_prepare_source(relid, &key);
	register_mirror(mirror, relid, definition, config_json);
	mooncake_spi_end(&saved);
}

Datum
mooncake_create_table(PG_FUNCTION_ARGS)
{
	RangeVar   *dst = parse_name(fcinfo, 0, "mirror");
	RangeVar   *src = parse_name(fcinfo, 1, "source");
	NullableDatum config_json = {PG_ARGISNULL(3) ? (Datum) 0 : PG_GETARG_DATUM(3), PG_ARGISNULL(3)};
	MooncakeConfig config = {false, NIL, NULL, false, MOONCAKE_EVOLVE};

	if (!config_json.isnull)
		config = mooncake_config_parse(config_json.value);
	mooncake_check_server();
	if (PG_ARGISNULL(2))
		create_local(dst, src, &config, config_json);
	else
		mooncake_create_remote(dst, text_to_cstring(PG_GETARG_TEXT_PP(1)), text_to_cstring(PG_GETARG_TEXT_PP(2)),
							   config_json);
	mooncake_wake_at_commit();
	PG_RETURN_VOID();
}
