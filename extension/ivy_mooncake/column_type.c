/*
 * column_type.c: which types of columns a mirror can hold.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "mooncake.h"

static void
refuse_type(const char *table, const MooncakeColumn *column, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot mirror column \"%s\" of table \"%s\": type %s is not supported", column->source_name, table,
					format_type_with_typemod(column->type, column->typmod)),
			 detail == NULL ? 0 : errdetail("%s", detail)));
}

static void
check_numeric(const char *table, const MooncakeColumn *column)
{
	int			precision;
	int			scale;

	if (column->typmod < (int32) VARHDRSZ)
		refuse_type(table, column, "A numeric column needs a precision, for example numeric(18,2).");
	precision = ((column->typmod - VARHDRSZ) >> 16) & 0xffff;
	scale = (((column->typmod - VARHDRSZ) & 0x7ff) ^ 1024) - 1024;
	if (precision > NUMERIC_PRECISION_MAX)
		refuse_type(table, column, "The precision of a numeric column must not be above 38.");
	if (scale < 0 || scale > precision)
		refuse_type(table, column, "The scale of a numeric column must be between 0 and its precision.");
}

/* Raises an error for a column whose values a mirror could not keep exactly. */
void
mooncake_check_type(const char *table, const MooncakeColumn *column)
{
	switch (column->type)
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
			check_numeric(table, column);
			break;
		default:
			refuse_type(table, column, NULL);
	}
}
