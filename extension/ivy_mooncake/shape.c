/*
 * shape.c: the definition of a mirror that follows from its source as it is now.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
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

/* Without a key all columns find a row, new ones too. */
void
mooncake_number_key(MooncakeDefinition *definition)
{
	ListCell   *cell;

	if (definition->identity != MOONCAKE_FULL)
		return;
	definition->key = NIL;
	foreach(cell, definition->columns)
		definition->key = lappend_int(definition->key, ((MooncakeColumn *) lfirst(cell))->field);
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
	mooncake_number_key(definition);
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

/* ---- changes ---- */

static char *
hex_of(const char *bytes, int length)
{
	char	   *hex = palloc(2 * length + 1);

	hex[hex_encode(bytes, length, hex)] = '\0';
	return hex;
}

/* A value in its type's binary send format, in hex. */
static char *
sent_in_hex(Oid type, Datum value)
{
	Oid			function;
	bool		is_varlena;
	bytea	   *sent;

	getTypeBinaryOutputInfo(type, &function, &is_varlena);
	sent = OidSendFunctionCall(function, value);
	return hex_of(VARDATA(sent), VARSIZE(sent) - VARHDRSZ);
}

static int
width_of_integer(Oid type)
{
	return type == INT2OID ? 2 : type == INT4OID ? 4 : type == INT8OID ? 8 : 0;
}

static bool
is_wider_numeric(int32 from, int32 to)
{
	int			from_precision = ((from - VARHDRSZ) >> 16) & 0xffff;
	int			to_precision = ((to - VARHDRSZ) >> 16) & 0xffff;

	return from >= (int32) VARHDRSZ && to >= (int32) VARHDRSZ &&
		((from - VARHDRSZ) & 0x7ff) == ((to - VARHDRSZ) & 0x7ff) && from_precision <= to_precision &&
		to_precision <= NUMERIC_PRECISION_MAX;
}

/* Do all values of the old type stay what they are in the new one, in files that were written with the old? */
static bool
is_widening(const MooncakeColumn *from, Form_pg_attribute to)
{
	int			from_width = width_of_integer(from->type);
	bool		varying = from->type == VARCHAROID || from->type == TEXTOID;

	if (from_width > 0)
		return width_of_integer(to->atttypid) >= from_width;
	if (from->type == FLOAT4OID)
		return to->atttypid == FLOAT8OID && from->initial == NULL;
	if (from->type == NUMERICOID)
		return to->atttypid == NUMERICOID && is_wider_numeric(from->typmod, to->atttypmod);
	if (varying && to->atttypid == TEXTOID)
		return true;
	return varying && to->atttypid == VARCHAROID &&
		(to->atttypmod < 0 || (from->type == VARCHAROID && from->typmod >= 0 && to->atttypmod >= from->typmod));
}

/* An integer in hex keeps its value with more digits in front. */
static char *
widen_initial(char *initial, Oid from, Oid to)
{
	int			digits = 2 * (width_of_integer(to) - width_of_integer(from));
	bool		negative;

	if (initial == NULL || digits <= 0)
		return initial;
	negative = strchr("89abcdef", initial[0]) != NULL;
	return psprintf("%.*s%s", digits, negative ? "ffffffffffff" : "000000000000", initial);
}

static void
follow_type(MooncakeColumn *column, Form_pg_attribute attribute, MooncakeShape *shape)
{
	column->collation = attribute->attcollation;
	if (column->type == attribute->atttypid && column->typmod == attribute->atttypmod)
		return;
	shape->changed = true;
	if (is_widening(column, attribute))
		column->initial = widen_initial(column->initial, column->type, attribute->atttypid);
	else
	{
		shape->resync = true;
		column->initial = NULL;
		column->as_text = false;
	}
	column->type = attribute->atttypid;
	column->typmod = attribute->atttypmod;
}

/* The column as the source has it now; false when it goes from the mirror. */
static bool
follow_column(Relation source, MooncakeColumn *column, MooncakeShape *shape)
{
	TupleDesc	row = RelationGetDescr(source);
	Form_pg_attribute attribute = column->source > 0 && column->source <= row->natts ?
		TupleDescAttr(row, column->source - 1) : NULL;
	bool		keeps = shape->definition->policy == MOONCAKE_IGNORE;

	if (column->source == 0)
		return true;
	if (attribute == NULL || !is_in_log(attribute))
	{
		shape->changed = true;
		column->source = 0;
		column->not_null = false;
		return keeps;
	}
	if (strcmp(column->source_name, NameStr(attribute->attname)) != 0)
	{
		shape->changed = true;
		column->source_name = pstrdup(NameStr(attribute->attname));
		if (!keeps)
			column->name = column->source_name;
	}
	follow_type(column, attribute, shape);
	if (column->not_null != attribute->attnotnull)
	{
		shape->changed = true;
		column->not_null = attribute->attnotnull;
	}
	return true;
}

/* A table with rows of the source, of which all or none have a value for rows older than a column; or InvalidOid. */
static Oid
some_store(Relation source)
{
	ListCell   *cell;

	if (source->rd_rel->relkind == RELKIND_RELATION)
		return RelationGetRelid(source);
	foreach(cell, find_all_inheritors(RelationGetRelid(source), NoLock, NULL))
	{
		if (get_rel_relkind(lfirst_oid(cell)) == RELKIND_RELATION)
			return lfirst_oid(cell);
	}
	return InvalidOid;
}

/*
 * What do rows have that are older than the column? Postgres keeps a constant default beside the column; without a
 * default they are null; anything else was written into each row, and only a copy can tell it.
 */
static void
find_initial(Relation source, MooncakeColumn *column, MooncakeShape *shape)
{
	Oid			store = some_store(source);
	Relation	relation;
	Form_pg_attribute attribute;

	if (!OidIsValid(store))
		return;
	relation = table_open(store, NoLock);
	attribute = TupleDescAttr(RelationGetDescr(relation), get_attnum(store, column->source_name) - 1);
	if (attribute->atthasmissing)
	{
		bool		is_null;
		Datum		value = getmissingattr(RelationGetDescr(relation), attribute->attnum, &is_null);

		column->initial = is_null ? NULL : sent_in_hex(attribute->atttypid, value);
	}
	else if (attribute->atthasdef || attribute->attidentity != '\0' ||
			 getBaseType(attribute->atttypid) != attribute->atttypid)
		shape->resync = true;
	table_close(relation, NoLock);
}

static void
add_columns(Relation source, MooncakeShape *shape)
{
	MooncakeDefinition *definition = shape->definition;
	TupleDesc	row = RelationGetDescr(source);

	for (int i = 0; i < row->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(row, i);
		MooncakeColumn *column;

		if (!is_in_log(attribute) || mooncake_column_of(definition, attribute->attnum) != NULL)
			continue;
		column = mooncake_column_make(attribute);
		mooncake_check_type(RelationGetRelationName(source), column);
		find_initial(source, column, shape);
		definition->columns = lappend(definition->columns, column);
		shape->changed = true;
	}
}

/*
 * Changes the definition into the one that follows from the source as it is now; `grows`: the mirror has all columns
 * of its source. The key is left to mooncake_set_key, once new columns have their fields.
 */
MooncakeShape
mooncake_reshape(Relation source, MooncakeDefinition *definition, bool grows)
{
	MooncakeShape shape = {definition, false, false};
	List	   *kept = NIL;
	ListCell   *cell;

	foreach(cell, definition->columns)
	{
		MooncakeColumn *column = lfirst(cell);

		if (follow_column(source, column, &shape))
			kept = lappend(kept, column);
		if (column->source != 0)
			mooncake_check_type(RelationGetRelationName(source), column);
	}
	definition->columns = kept;
	if (grows && definition->policy != MOONCAKE_IGNORE)
		add_columns(source, &shape);
	if (definition->columns == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("no column of table \"%s\" is left to mirror", RelationGetRelationName(source))));
	return shape;
}
