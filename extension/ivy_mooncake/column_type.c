/*
 * column_type.c: which types of columns a mirror can hold: all that have a binary form.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/tupdesc.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "mooncake.h"

static Oid	without_binary_form(Oid type);

static Oid
column_without_binary_form(Oid composite)
{
	TupleDesc	row = lookup_rowtype_tupdesc_copy(composite, -1);
	Oid			found = InvalidOid;

	for (int i = 0; i < row->natts && !OidIsValid(found); i++)
	{
		if (!TupleDescAttr(row, i)->attisdropped)
			found = without_binary_form(TupleDescAttr(row, i)->atttypid);
	}
	FreeTupleDesc(row);
	return found;
}

/*
 * The type, or the part of it, whose values cannot be sent in binary; InvalidOid when there is none. The log would end
 * in an error at the first of them.
 */
static Oid
without_binary_form(Oid type)
{
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	Form_pg_type form;
	Oid			part = InvalidOid;
	Oid			found = InvalidOid;
	char		kind;

	check_stack_depth();
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for type %u", type);
	form = (Form_pg_type) GETSTRUCT(tuple);
	kind = form->typtype;
	if (kind == TYPTYPE_DOMAIN)
		part = form->typbasetype;
	else if (!OidIsValid(form->typsend) || !OidIsValid(form->typreceive))
		found = type;
	else if (form->typsend == F_ARRAY_SEND)
		part = form->typelem;
	ReleaseSysCache(tuple);
	if (kind == TYPTYPE_RANGE)
		part = get_range_subtype(type);
	else if (kind == TYPTYPE_MULTIRANGE)
		part = get_multirange_range(type);
	else if (kind == TYPTYPE_COMPOSITE && !OidIsValid(found))
		found = column_without_binary_form(type);
	return OidIsValid(part) ? without_binary_form(part) : found;
}

/* Raises an error for a column whose values a mirror could not keep exactly. */
void
mooncake_check_type(const char *table, const MooncakeColumn *column)
{
	Oid			found = without_binary_form(column->type);

	if (OidIsValid(found))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot mirror column \"%s\" of table \"%s\": type %s is not supported", column->source_name,
						table, format_type_with_typemod(column->type, column->typmod)),
				 errdetail("Type %s has no binary send and receive functions.", format_type_be(found))));
}
