/*
 * definition.c: the definition of a mirror as JSON, written and read.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/json.h"

#include "definition.h"

static const char *const identity_names[] = {"key", "full", "append"};
static const char *const policy_names[] = {"evolve", "ignore", "error"};

/* The index of a name, or -1. */
static int
find_name(const char *const *names, int count, const char *name)
{
	for (int i = 0; i < count; i++)
	{
		if (name != NULL && strcmp(names[i], name) == 0)
			return i;
	}
	return -1;
}

const char *
mooncake_policy_name(MooncakePolicy policy)
{
	return policy_names[policy];
}

bool
mooncake_policy_named(const char *name, MooncakePolicy *policy)
{
	int			found = find_name(policy_names, lengthof(policy_names), name);

	if (found >= 0)
		*policy = (MooncakePolicy) found;
	return found >= 0;
}

MooncakeColumn *
mooncake_column_of(const MooncakeDefinition *definition, AttrNumber source)
{
	ListCell   *cell;

	foreach(cell, definition->columns)
	{
		MooncakeColumn *column = lfirst(cell);

		if (column->source == source)
			return column;
	}
	return NULL;
}

/* ---- writing ---- */

static void
put_text(StringInfo json, const char *text)
{
	if (text == NULL)
		appendStringInfoString(json, "null");
	else
		escape_json(json, text);
}

static void
put_column(StringInfo json, const MooncakeColumn *column)
{
	appendStringInfo(json, "{\"field\":%d,\"source\":%d,\"sourceName\":", column->field, column->source);
	put_text(json, column->source_name);
	appendStringInfoString(json, ",\"name\":");
	put_text(json, column->name);
	appendStringInfo(json, ",\"type\":%u,\"typmod\":%d,\"notNull\":%s,\"initial\":", column->type, column->typmod,
					 column->not_null ? "true" : "false");
	put_text(json, column->initial);
	appendStringInfoString(json, column->as_text ? ",\"text\":true}" : "}");
}

char *
mooncake_definition_text(const MooncakeDefinition *definition)
{
	StringInfoData json;
	ListCell   *cell;

	initStringInfo(&json);
	appendStringInfoString(&json, "{\"columns\":[");
	foreach(cell, definition->columns)
	{
		if (foreach_current_index(cell) > 0)
			appendStringInfoChar(&json, ',');
		put_column(&json, lfirst(cell));
	}
	appendStringInfoString(&json, "],\"key\":[");
	foreach(cell, definition->key)
		appendStringInfo(&json, "%s%d", foreach_current_index(cell) > 0 ? "," : "", lfirst_int(cell));
	appendStringInfo(&json, "],\"identity\":\"%s\",\"onDdl\":\"%s\",\"filter\":",
					 identity_names[definition->identity], policy_names[definition->policy]);
	put_text(&json, definition->filter);
	appendStringInfoChar(&json, '}');
	return json.data;
}

static Datum
smallint_array(Datum *values, int count)
{
	return PointerGetDatum(construct_array(values, count, INT2OID, sizeof(int16), true, TYPALIGN_SHORT));
}

Datum
mooncake_key_array(const MooncakeDefinition *definition)
{
	Datum	   *values = palloc(sizeof(Datum) * (list_length(definition->key) + 1));
	int			count = 0;
	ListCell   *cell;

	foreach(cell, definition->key)
		values[count++] = Int16GetDatum((int16) lfirst_int(cell));
	return smallint_array(values, count);
}

Datum
mooncake_source_array(const MooncakeDefinition *definition)
{
	Datum	   *values = palloc(sizeof(Datum) * (list_length(definition->columns) + 1));
	int			count = 0;
	ListCell   *cell;

	foreach(cell, definition->columns)
		values[count++] = Int16GetDatum(((MooncakeColumn *) lfirst(cell))->source);
	return smallint_array(values, count);
}

/* ---- reading ---- */

static void
query(const char *sql, const char *text)
{
	Oid			types[] = {TEXTOID};
	Datum		values[] = {CStringGetTextDatum(text)};

	if (SPI_execute_with_args(sql, 1, types, values, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read the definition of a mirror");
}

/* A value of the last statement's row in the caller's memory, NULL for null. */
static char *
value(uint64 row, int column, MemoryContext context)
{
	char	   *text = SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column);

	return text == NULL ? NULL : MemoryContextStrdup(context, text);
}

static int64
number(uint64 row, int column)
{
	char	   *text = SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column);

	if (text == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED), errmsg("the definition of a mirror is incomplete")));
	return strtoll(text, NULL, 10);
}

static MooncakeColumn *
read_column(uint64 row, MemoryContext context)
{
	MooncakeColumn *column = MemoryContextAllocZero(context, sizeof(MooncakeColumn));
	char	   *not_null = value(row, 7, context);
	char	   *as_text = value(row, 9, context);

	column->field = (AttrNumber) number(row, 1);
	column->source = (AttrNumber) number(row, 2);
	column->source_name = value(row, 3, context);
	column->name = value(row, 4, context);
	column->type = (Oid) number(row, 5);
	column->typmod = (int32) number(row, 6);
	column->not_null = not_null != NULL && strcmp(not_null, "true") == 0;
	column->initial = value(row, 8, context);
	column->as_text = as_text != NULL && strcmp(as_text, "true") == 0;
	if (column->name == NULL || column->source_name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED), errmsg("the definition of a mirror is incomplete")));
	return column;
}

MooncakeDefinition *
mooncake_definition_parse(const char *text)
{
	MemoryContext context = CurrentMemoryContext;
	MooncakeDefinition *definition = palloc0(sizeof(MooncakeDefinition));
	int			identity;

	query("SELECT c->>'field', c->>'source', c->>'sourceName', c->>'name', c->>'type', c->>'typmod', c->>'notNull',"
		  " c->>'initial', c->>'text' FROM json_array_elements($1::json->'columns') c", text);
	MemoryContextSwitchTo(context);
	for (uint64 row = 0; row < SPI_processed; row++)
		definition->columns = lappend(definition->columns, read_column(row, context));
	query("SELECT k FROM json_array_elements_text($1::json->'key') k", text);
	MemoryContextSwitchTo(context);
	for (uint64 row = 0; row < SPI_processed; row++)
		definition->key = lappend_int(definition->key, (int) number(row, 1));
	query("SELECT j->>'identity', j->>'onDdl', j->>'filter' FROM (SELECT $1::json j) d", text);
	MemoryContextSwitchTo(context);
	identity = find_name(identity_names, lengthof(identity_names), value(0, 1, context));
	if (identity < 0 || !mooncake_policy_named(value(0, 2, context), &definition->policy))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED), errmsg("the definition of a mirror is incomplete")));
	definition->identity = (MooncakeIdentity) identity;
	definition->filter = value(0, 3, context);
	return definition;
}
