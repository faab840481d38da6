/*
 * config.c: the parameter table_config of create_table.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "mooncake.h"

/* An unknown key or a value of the wrong kind is an error, so that a misspelt one never passes silently. */
static void
refuse_value(const char *key, const char *expected)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("\"%s\" in table_config must be %s", key, expected)));
}

/* The rows of a statement over one JSON value: (key, json_typeof, text); at least one column each. */
static void
query(const char *sql, Datum json)
{
	Oid			types[] = {JSONOID};

	if (SPI_execute_with_args(sql, 1, types, &json, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read table_config");
}

static char *
value(uint64 row, int column, MemoryContext context)
{
	char	   *text = SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column);

	return text == NULL ? NULL : MemoryContextStrdup(context, text);
}

static void
read_columns(MooncakeConfig *config, Datum json, MemoryContext context)
{
	MemoryContext old;

	query("SELECT json_typeof(e), e #>> '{}' FROM json_array_elements($1->'columns') e", json);
	if (SPI_processed == 0)
		refuse_value("columns", "an array of at least one column name");
	old = MemoryContextSwitchTo(context);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		char	   *name = value(row, 2, context);

		if (strcmp(value(row, 1, context), "string") != 0)
			refuse_value("columns", "an array of at least one column name");
		if (list_member(config->columns, makeString(name)))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("\"columns\" in table_config names column \"%s\" twice", name)));
		config->columns = lappend(config->columns, makeString(name));
	}
	MemoryContextSwitchTo(old);
}

static void
read_key(MooncakeConfig *config, const char *key, const char *kind, char *text)
{
	if (strcmp(key, "columns") == 0)
	{
		if (strcmp(kind, "array") != 0)
			refuse_value(key, "an array of at least one column name");
		config->has_columns = true;
	}
	else if (strcmp(key, "filter") == 0)
	{
		if (strcmp(kind, "string") != 0)
			refuse_value(key, "the text of a condition");
		config->filter = text;
	}
	else if (strcmp(key, "append_only") == 0)
	{
		if (strcmp(kind, "boolean") != 0)
			refuse_value(key, "true or false");
		config->append_only = strcmp(text, "true") == 0;
	}
	else if (strcmp(key, "on_ddl") == 0)
	{
		if (strcmp(kind, "string") != 0 || !mooncake_policy_named(text, &config->policy))
			refuse_value(key, "\"evolve\", \"ignore\" or \"error\"");
	}
	else
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("unknown key \"%s\" in table_config", key)));
}

/* Reads a JSON object; an error names the key that is wrong. */
MooncakeConfig
mooncake_config_parse(Datum json)
{
	MooncakeConfig config = {false, NIL, NULL, false, MOONCAKE_EVOLVE};
	MemoryContext context = CurrentMemoryContext;
	MooncakePrivileges saved;

	mooncake_spi_begin(&saved, false);
	query("SELECT json_typeof($1)", json);
	if (strcmp(value(0, 1, context), "object") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("table_config must be a JSON object")));
	query("SELECT key, json_typeof(value), value #>> '{}' FROM json_each($1) ORDER BY key", json);
	for (uint64 row = 0; row < SPI_processed; row++)
		read_key(&config, value(row, 1, context), value(row, 2, context), value(row, 3, context));
	if (config.has_columns)
		read_columns(&config, json, context);
	mooncake_spi_end(&saved);
	return config;
}
