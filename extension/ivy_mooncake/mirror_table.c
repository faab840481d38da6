/*
 * mirror_table.c: the table that a mirror is to Postgres: made, and altered as its source is altered.
 *
 * A mirror is altered by ordinary ALTER TABLE, so that its dependent objects are looked after or stand in the way as
 * they do for any table. Our own guards let our own statements pass, and scans of a mirror have no rows in them, so
 * that nothing that ALTER TABLE checks or rewrites asks the engine.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/multixact.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"
#include "utils/syscache.h"

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

/* ---- altering ---- */

static void
alter(const char *mirror, const char *action)
{
	mooncake_spi_run(psprintf("ALTER TABLE %s %s", mirror, action), SPI_OK_UTILITY);
}

static MooncakeColumn *
column_with_field(const MooncakeDefinition *definition, AttrNumber field)
{
	ListCell   *cell;

	foreach(cell, definition->columns)
	{
		MooncakeColumn *column = lfirst(cell);

		if (column->field == field)
			return column;
	}
	return NULL;
}

/* The mirror's columns as they are, in the caller's memory. */
static List *
current_columns(Oid mirror)
{
	Relation	relation = table_open(mirror, NoLock);
	List	   *columns = NIL;

	for (int i = 0; i < RelationGetDescr(relation)->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(relation), i);
		MooncakeColumn *column;

		if (attribute->attisdropped)
			continue;
		column = mooncake_column_make(attribute);
		column->field = attribute->attnum;
		columns = lappend(columns, column);
	}
	table_close(relation, NoLock);
	return columns;
}

/*
 * Two columns may swap their names, so that each that changes first gets a name that is nobody's.
 */
static void
rename_columns(const char *mirror, List *present, const MooncakeDefinition *next)
{
	List	   *renamed = NIL;
	ListCell   *cell;

	foreach(cell, present)
	{
		MooncakeColumn *old = lfirst(cell);
		MooncakeColumn *new = column_with_field(next, old->field);

		if (new != NULL && strcmp(old->name, new->name) != 0)
			renamed = lappend(renamed, old);
	}
	if (list_length(renamed) > 1)
	{
		foreach(cell, renamed)
		{
			MooncakeColumn *old = lfirst(cell);
			char	   *between = psprintf("mooncake column %d", old->field);

			alter(mirror, psprintf("RENAME COLUMN %s TO %s", quote_identifier(old->name), quote_identifier(between)));
			old->name = between;
		}
	}
	foreach(cell, renamed)
	{
		MooncakeColumn *old = lfirst(cell);

		alter(mirror, psprintf("RENAME COLUMN %s TO %s", quote_identifier(old->name),
							   quote_identifier(column_with_field(next, old->field)->name)));
	}
}

/* No value is converted, because a scan has none: the engine keeps the values. */
static void
change_type(const char *mirror, const MooncakeColumn *column)
{
	char	   *type = format_type_with_typemod(column->type, column->typmod);
	char	   *collation = OidIsValid(column->collation) ?
		psprintf(" COLLATE %s", generate_collation_name(column->collation)) : "";

	alter(mirror, psprintf("ALTER COLUMN %s TYPE %s%s USING NULL::%s", quote_identifier(column->name), type,
						   collation, type));
}

/*
 * ALTER TYPE swaps files and then believes in transactions that VACUUM must freeze one day. A mirror has none, and
 * without these its database's age does not stop at it.
 */
static void
forget_frozen(Oid mirror)
{
	Relation	classes = table_open(RelationRelationId, RowExclusiveLock);
	HeapTuple	tuple = SearchSysCacheCopy1(RELOID, ObjectIdGetDatum(mirror));
	Form_pg_class class;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", mirror);
	class = (Form_pg_class) GETSTRUCT(tuple);
	class->relfrozenxid = InvalidTransactionId;
	class->relminmxid = InvalidMultiXactId;
	CatalogTupleUpdate(classes, &tuple->t_self, tuple);
	heap_freetuple(tuple);
	table_close(classes, RowExclusiveLock);
	CommandCounterIncrement();
}

static void
change_types(Oid mirror, const char *name, List *present, const MooncakeDefinition *next)
{
	bool		changed = false;
	ListCell   *cell;

	foreach(cell, present)
	{
		MooncakeColumn *old = lfirst(cell);
		MooncakeColumn *new = column_with_field(next, old->field);

		if (new == NULL)
			continue;
		if (!OidIsValid(new->collation))
			new->collation = new->type == old->type ? old->collation : get_typcollation(new->type);
		if (new->type == old->type && new->typmod == old->typmod && new->collation == old->collation)
			continue;
		change_type(name, new);
		changed = true;
	}
	if (changed)
		forget_frozen(mirror);
}

static void
change_nullability(const char *mirror, List *present, const MooncakeDefinition *next)
{
	ListCell   *cell;

	foreach(cell, present)
	{
		MooncakeColumn *old = lfirst(cell);
		MooncakeColumn *new = column_with_field(next, old->field);

		if (new != NULL && new->not_null != old->not_null)
			alter(mirror, psprintf("ALTER COLUMN %s %s NOT NULL", quote_identifier(new->name),
								   new->not_null ? "SET" : "DROP"));
	}
}

static void
add_columns(Oid mirror, const char *name, MooncakeDefinition *next)
{
	ListCell   *cell;

	foreach(cell, next->columns)
	{
		MooncakeColumn *column = lfirst(cell);

		if (column->field != 0)
			continue;
		alter(name, psprintf("ADD COLUMN %s%s", column_sql(column), column->not_null ? " NOT NULL" : ""));
		column->field = get_attnum(mirror, column->name);
	}
}

/*
 * Makes the mirror's columns those of the definition, whose new columns get their fields. Its readers are waited for
 * only briefly, since the source is locked meanwhile. Needs SPI and the superuser.
 */
void
mooncake_alter_mirror(Oid mirror, MooncakeDefinition *next)
{
	char	   *name = mooncake_qualified_name(mirror);
	List	   *present;
	ListCell   *cell;

	mooncake_lock_mirror(mirror);
	present = current_columns(mirror);
	foreach(cell, present)
	{
		MooncakeColumn *old = lfirst(cell);

		if (column_with_field(next, old->field) == NULL)
			alter(name, psprintf("DROP COLUMN %s", quote_identifier(old->name)));
	}
	rename_columns(name, present, next);
	change_types(mirror, name, present, next);
	change_nullability(name, present, next);
	add_columns(mirror, name, next);
}
