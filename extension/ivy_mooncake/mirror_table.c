/*
 * mirror_table.c: the table that a mirror is to Postgres.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"

#include "mooncake.h"

/* A column as CREATE TABLE and ADD COLUMN take it, but for NOT NULL. */
static char *
column_sql(const MooncakeColumn *column)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "%s %s", quote_identifier(column->name),
					 format_type_with_typemod(column->type, column->typmod));
	if (OidIsValid(column->collation) && column->collation != get_typcollation(column->type))
		appendStringInfo(&sql, " COLLATE %s", generate_collation_name(column->collation));
	return sql.data;
}

static char *
create_sql(const char *mirror, const MooncakeDefinition *definition)
{
	StringInfoData sql;
	ListCell   *cell;

	initStringInfo(&sql);
	appendStringInfo(&sql, "CREATE TABLE %s (", mirror);
	foreach(cell, definition->columns)
	{
		MooncakeColumn *column = lfirst(cell);

		appendStringInfo(&sql, "%s%s%s", foreach_current_index(cell) == 0 ? "" : ", ", column_sql(column),
						 column->not_null ? " NOT NULL" : "");
	}
	appendStringInfoString(&sql, ") USING " MOONCAKE_AM);
	return sql.data;
}

/* Creates the mirror as the current user. */
Oid
mooncake_create_mirror(RangeVar *name, const MooncakeDefinition *definition)
{
	MooncakePrivileges saved;
	Oid			existing;
	Oid			namespace;
	Oid			relid;

	if (name->relpersistence == RELPERSISTENCE_TEMP)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("a mirror cannot be a temporary table")));
	namespace = RangeVarGetAndCheckCreationNamespace(name, NoLock, &existing);
	if (isAnyTempNamespace(namespace))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("a mirror cannot be a temporary table")));
	if (OidIsValid(existing))
		ereport(ERROR, (errcode(ERRCODE_DUPLICATE_TABLE), errmsg("relation \"%s\" already exists", name->relname)));
	mooncake_spi_begin(&saved, false);
	mooncake_spi_run(create_sql(quote_qualified_identifier(get_namespace_name(namespace), name->relname), definition),
					 SPI_OK_UTILITY);
	relid = get_relname_relid(name->relname, namespace);
	mooncake_spi_end(&saved);
	if (!OidIsValid(relid))
		elog(ERROR, "mirror \"%s\" was not created", name->relname);
	return relid;
}
