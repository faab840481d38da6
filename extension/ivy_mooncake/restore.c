/*
 * restore.c: the registry as a dump brings it.
 *
 * In the restored database columns have other numbers and types other OIDs; only names are as they were. So a row that
 * is not written by create_table is brought in line with what it names. The dump adds the sources to the publication
 * after their rows are there, which has their mirrors copied again (ddl.c).
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "mooncake.h"

PG_FUNCTION_INFO_V1(mooncake_on_restore);

static Datum
value_of(TriggerData *trigger, const char *column, bool *is_null)
{
	TupleDesc	row = RelationGetDescr(trigger->tg_relation);

	return heap_getattr(trigger->tg_trigtuple, SPI_fnumber(row, column), row, is_null);
}

static AttrNumber
number_of(Oid table, const char *column)
{
	AttrNumber	number = get_attnum(table, column);

	if (number <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("table %s has no column \"%s\", which the registry of mirrors names", mooncake_qualified_name(table),
						column)));
	return number;
}

/* `source` is InvalidOid where its columns are not here. */
static void
renumber(MooncakeDefinition *definition, Oid mirror, Oid source)
{
	List	   *fields = NIL;
	ListCell   *cell;
	ListCell   *key;

	foreach(cell, definition->columns)
	{
		MooncakeColumn *column = lfirst(cell);
		AttrNumber	before = column->field;

		column->field = number_of(mirror, column->name);
		get_atttypetypmodcoll(mirror, column->field, &column->type, &column->typmod, &column->collation);
		if (OidIsValid(source) && column->source > 0)
			column->source = number_of(source, column->source_name);
		fields = lappend(fields, list_make2_int(before, column->field));
	}
	foreach(key, definition->key)
	{
		foreach(cell, fields)
		{
			if (linitial_int(lfirst(cell)) == lfirst_int(key))
			{
				lfirst_int(key) = lsecond_int(lfirst(cell));
				break;
			}
		}
	}
}

static HeapTuple
renumbered(TriggerData *trigger, Oid source)
{
	TupleDesc	row = RelationGetDescr(trigger->tg_relation);
	bool		is_null;
	Oid			mirror = DatumGetObjectId(value_of(trigger, "mirror", &is_null));
	bool		detached = DatumGetBool(value_of(trigger, "detached", &is_null));
	char	   *json = TextDatumGetCString(value_of(trigger, "definition", &is_null));
	MooncakeDefinition *definition = mooncake_definition_parse(json);
	int			numbers[4];
	Datum		values[4];
	bool		nulls[4] = {false};

	renumber(definition, mirror, detached ? InvalidOid : source);
	numbers[0] = SPI_fnumber(row, "source");
	values[0] = ObjectIdGetDatum(detached ? InvalidOid : source);
	numbers[1] = SPI_fnumber(row, "key");
	values[1] = mooncake_key_array(definition);
	numbers[2] = SPI_fnumber(row, "columns");
	values[2] = mooncake_source_array(definition);
	numbers[3] = SPI_fnumber(row, "definition");
	values[3] = CStringGetTextDatum(mooncake_definition_text(definition));
	return heap_modify_tuple_by_cols(trigger->tg_trigtuple, row, 4, numbers, values, nulls);
}

/* Trigger BEFORE INSERT on mooncake.tables. */
Datum
mooncake_on_restore(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	MooncakePrivileges saved;
	MemoryContext context = CurrentMemoryContext;
	HeapTuple	tuple;
	Oid			source;
	bool		is_null;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("mooncake.on_restore can only be called as a trigger")));
	if (mooncake_own_statement)
		return PointerGetDatum(trigger->tg_trigtuple);
	source = DatumGetObjectId(value_of(trigger, "source", &is_null));
	mooncake_spi_begin(&saved, true);
	MemoryContextSwitchTo(context);
	tuple = renumbered(trigger, source);
	mooncake_spi_end(&saved);
	mooncake_wake_at_commit();
	return PointerGetDatum(tuple);
}
