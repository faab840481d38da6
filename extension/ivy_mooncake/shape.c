/*
 * shape.c: the definition of a mirror that follows from its source as it is now.
 */
#include "postgres.h"

#include "catalog/pg_attribute.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "mooncake.h"

/* Does pgoutput tell the values of this column? */
static bool
is_in_log(Form_pg_attribute attribute)
{
	return !attribute->attisdropped && attribute->attgenerated == '\0';
}

/* A column of a mirror as its source has it; the mirror's own field is not known yet. */
MooncakeColumn *
mooncake_column_make(Form_pg_attribute attribute)
{
	MooncakeColumn *column = palloc0(sizeof(MooncakeColumn));

	column->source = attribute->attnum;
	column->source_name = pstrdup(NameStr(attribute->attname));
	column->name = pstrdup(NameStr(attribute->attname));
	column->type = attribute->atttypid;
	column->typmod = attribute->atttypmod;
	column->collation = attribute->attcollation;
	column->not_null = attribute->attnotnull;
	return column;
}

/* Raises an error unless each configured column is one that can be mirrored. */
static void
check_names(Relation source, List *names)
{
	ListCell   *cell;

	foreach(cell, names)
	{
		char	   *name = strVal(lfirst(cell));
		AttrNumber	number = get_attnum(RelationGetRelid(source), name);

		if (number <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("column \"%s\" of \"columns\" in table_config is not a column of table \"%s\"", name,
							RelationGetRelationName(source))));
		if (!is_in_log(TupleDescAttr(RelationGetDescr(source), number - 1)))
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("cannot mirror generated column \"%s\" of table \"%s\"", name,
							RelationGetRelationName(source)),
					 errhint("Compute it in a view over the mirror.")));
	}
}

static void
tell_left_out(Relation source, Form_pg_attribute attribute)
{
	ereport(NOTICE,
			(errmsg("generated column \"%s\" of table \"%s\" is not mirrored", NameStr(attribute->attname),
					RelationGetRelationName(source)),
			 errhint("Compute it in a view over the mirror.")));
}

static List *
columns_of(Relation source, const MooncakeConfig *config)
{
	TupleDesc	row = RelationGetDescr(source);
	List	   *columns = NIL;

	if (config->has_columns)
		check_names(source, config->columns);
	for (int i = 0; i < row->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(row, i);
		bool		wanted = !attribute->attisdropped &&
			(!config->has_columns || list_member(config->columns, makeString(NameStr(attribute->attname))));

		if (wanted && is_in_log(attribute))
			columns = lappend(columns, mooncake_column_make(attribute));
		else if (wanted)
			tell_left_out(source, attribute);
	}
	if (columns == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot mirror \"%s\": it has no columns", RelationGetRelationName(source))));
	return columns;
}

/*
 * Sets the identity and the key's fields, for columns that all have their field. False when columns of the key are
 * not in the mirror.
 */
bool
mooncake_set_key(MooncakeDefinition *definition, const MooncakeKey *key, bool append_only)
{
	ListCell   *cell;

	definition->key = NIL;
	definition->identity = append_only ? MOONCAKE_APPEND : OidIsValid(key->index) ? MOONCAKE_KEY : MOONCAKE_FULL;
	if (definition->identity == MOONCAKE_FULL)
	{
		foreach(cell, definition->columns)
			definition->key = lappend_int(definition->key, ((MooncakeColumn *) lfirst(cell))->field);
	}
	if (definition->identity != MOONCAKE_KEY)
		return true;
	foreach(cell, key->attributes)
	{
		MooncakeColumn *column = mooncake_column_of(definition, (AttrNumber) lfirst_int(cell));

		if (column == NULL)
			return false;
		definition->key = lappend_int(definition->key, column->field);
	}
	return true;
}

/* The first definition of a mirror: its fields are numbered as CREATE TABLE will number them. */
MooncakeDefinition *
mooncake_define(Relation source, const MooncakeConfig *config, const MooncakeKey *key)
{
	MooncakeDefinition *definition = palloc0(sizeof(MooncakeDefinition));
	AttrNumber	field = 0;
	ListCell   *cell;

	definition->columns = columns_of(source, config);
	definition->policy = config->policy;
	definition->filter = config->filter;
	foreach(cell, definition->columns)
	{
		MooncakeColumn *column = lfirst(cell);

		mooncake_check_type(RelationGetRelationName(source), column);
		column->field = ++field;
	}
	if (!mooncake_set_key(definition, key, config->append_only))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"columns\" in table_config lacks a column of the key of table \"%s\"",
						RelationGetRelationName(source)),
				 errdetail("The key is index \"%s\".", get_rel_name(key->index))));
	return definition;
}
