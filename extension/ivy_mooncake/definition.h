/*
 * definition.h: the shape of a mirror, as mooncake.tables.definition keeps it for the engine.
 */
#ifndef MOONCAKE_DEFINITION_H
#define MOONCAKE_DEFINITION_H

#include "postgres.h"

#include "access/attnum.h"
#include "nodes/pg_list.h"

typedef enum MooncakeIdentity
{
	MOONCAKE_KEY,				/* rows are found by the key's columns */
	MOONCAKE_FULL,				/* by all columns */
	MOONCAKE_APPEND				/* not at all: the source only grows */
} MooncakeIdentity;

/* What becomes of the mirror when its source's columns change: table_config's on_ddl. */
typedef enum MooncakePolicy
{
	MOONCAKE_EVOLVE,
	MOONCAKE_IGNORE,
	MOONCAKE_ERROR
} MooncakePolicy;

typedef struct MooncakeColumn
{
	AttrNumber	field;			/* attribute number in the mirror; 0: the mirror has it not yet */
	AttrNumber	source;			/* attribute number in the source; 0: the source has dropped it */
	char	   *source_name;
	char	   *name;
	Oid			type;
	int32		typmod;
	Oid			collation;		/* of the source's column; not kept in the registry */
	bool		not_null;
	bool		as_text;		/* the engine keeps it as text, since its own form could not hold a value */
	char	   *initial;		/* binary send format in hex, of rows older than the column; NULL: they are null */
} MooncakeColumn;

typedef struct MooncakeDefinition
{
	List	   *columns;		/* of MooncakeColumn, in the mirror's order */
	List	   *key;			/* fields of the key in key order: all with FULL, none with APPEND */
	MooncakeIdentity identity;
	MooncakePolicy policy;
	char	   *filter;			/* NULL: all rows */
} MooncakeDefinition;

extern const char *mooncake_policy_name(MooncakePolicy policy);

/* False when there is no such policy. */
extern bool mooncake_policy_named(const char *name, MooncakePolicy *policy);

/* The column of the definition that follows this attribute of the source, or NULL. */
extern MooncakeColumn *mooncake_column_of(const MooncakeDefinition *definition, AttrNumber source);

extern char *mooncake_definition_text(const MooncakeDefinition *definition);

/* Needs SPI. The result lies in the current memory context, which must not be SPI's. */
extern MooncakeDefinition *mooncake_definition_parse(const char *text);

/* The registry's arrays: fields of the key, and the attribute in the source of each column. */
extern Datum mooncake_key_array(const MooncakeDefinition *definition);
extern Datum mooncake_source_array(const MooncakeDefinition *definition);

#endif
