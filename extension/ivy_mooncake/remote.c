/*
 * remote.c: the mirror of a table in another database, named by a URI.
 *
 * The engine looks at the table now and does the rest after the commit: publication, replica identity and slot are
 * made there, by it. So nothing of this transaction reaches the other server.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "mooncake.h"

static bool
ends_word(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '?' || c == '&';
}

/* Has a connection string, or the part of a URI behind its question mark, this key? */
static bool
has_key(const char *text, const char *key)
{
	for (const char *at = strstr(text, key); at != NULL; at = strstr(at + 1, key))
	{
		const char *after = at + strlen(key);

		while (*after == ' ')
			after++;
		if (*after == '=' && (at == text || ends_word(at[-1])))
			return true;
	}
	return false;
}

/* Has a URI a password before its host? */
static bool
has_user_password(const char *uri)
{
	const char *start = strstr(uri, "://");
	size_t		length;
	const char *at;

	if (start == NULL)
		return false;
	start += 3;
	length = strcspn(start, "/?");
	at = memchr(start, '@', length);
	return at != NULL && memchr(start, ':', at - start) != NULL;
}

/* The URI is kept in the registry, where it can be read; the message does not repeat it. */
static void
check_uri(const char *uri)
{
	if (!superuser())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("only superusers may mirror tables of other servers"),
				 errdetail("The connection is made by the server's own account.")));
	if (has_user_password(uri) || has_key(uri, "password"))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("src_uri must not contain a password"),
				 errhint("Name a password file with passfile=/path, or a variable of the server's environment with password_env=NAME.")));
}

/* Needs SPI and the superuser. */
static void
register_remote(Oid mirror, const char *uri, const IvyDescription *description, const MooncakeDefinition *definition,
				NullableDatum config)
{
	Oid			types[] = {OIDOID, INT2ARRAYOID, INT2ARRAYOID, JSONOID, TEXTOID, TEXTOID, TEXTOID};
	Datum		values[7];
	char		nulls[] = "       ";

	values[0] = ObjectIdGetDatum(mirror);
	values[1] = mooncake_key_array(definition);
	values[2] = mooncake_source_array(definition);
	values[3] = config.value;
	if (config.isnull)
		nulls[3] = 'n';
	values[4] = CStringGetTextDatum(mooncake_definition_text(definition));
	values[5] = CStringGetTextDatum(uri);
	values[6] = CStringGetTextDatum(description->source);
	if (mooncake_spi_insert("INSERT INTO mooncake.tables (mirror, source, key, columns, replica_identity, config,"
							" definition, source_uri, source_name) VALUES ($1, 0, $2, $3, 'n', $4, $5, $6, $7)",
							7, types, values, nulls) != 1)
		elog(ERROR, "could not register mirror %u", mirror);
}

static void
check_types(const MooncakeDefinition *definition, const char *source)
{
	ListCell   *cell;

	foreach(cell, definition->columns)
		mooncake_check_type(source, lfirst(cell));
}

void
mooncake_create_remote(RangeVar *name, const char *source, const char *uri, NullableDatum config)
{
	IvyDescription description;
	MooncakeDefinition *definition;
	MemoryContext context = CurrentMemoryContext;
	MooncakePrivileges saved;
	Oid			mirror;

	check_uri(uri);
	description = ivy_api()->describe(uri, source,
									  config.isnull ? "" : TextDatumGetCString(config.value));
	mooncake_spi_begin(&saved, false);
	MemoryContextSwitchTo(context);
	definition = mooncake_definition_parse(description.definition);
	mooncake_spi_end(&saved);
	check_types(definition, source);
	mirror = mooncake_create_mirror(name, definition);
	mooncake_spi_begin(&saved, true);
	register_remote(mirror, uri, &description, definition, config);
	mooncake_spi_end(&saved);
}
