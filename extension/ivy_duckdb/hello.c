/*
 * hello.c: the socket, and what HELLO says about this backend.
 */
#include "postgres.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "access/htup_details.h"
#include "client.h"
#include "commands/dbcommands.h"
#include "compat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

IvyWriter	ivy_hello = {0};

static const char *
default_collation_name(void)
{
	HeapTuple	tuple;
	Form_pg_database database;
	Datum		value;
	bool		is_null;
	char	   *name;

	if (ivy_default_collation_is_c())
		return "C";
	tuple = SearchSysCache1(DATABASEOID, ObjectIdGetDatum(MyDatabaseId));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for database %u", MyDatabaseId);
	database = (Form_pg_database) GETSTRUCT(tuple);
	if (database->datlocprovider == COLLPROVIDER_LIBC)
	{
		value = SysCacheGetAttr(DATABASEOID, tuple, Anum_pg_database_datcollate, &is_null);
		name = is_null ? pstrdup("") : TextDatumGetCString(value);
	}
	else
	{
		value = SysCacheGetAttr(DATABASEOID, tuple, IVY_DATABASE_LOCALE, &is_null);
		name = is_null ? pstrdup("icu:") : psprintf("icu:%s", TextDatumGetCString(value));
	}
	ReleaseSysCache(tuple);
	return name;
}

void
ivy_prepare_hello(void)
{
	const char *collation;
	char	   *database;
	IvyWriter	writer = {.grow = ivy_grow_in_top};

	if (ivy_hello.length > 0)
		return;
	if (GetDatabaseEncoding() != PG_UTF8)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("mirrors need a database in the encoding UTF8, this one is in %s",
						GetDatabaseEncodingName())));
	collation = default_collation_name();
	database = get_database_name(MyDatabaseId);
	if (database == NULL)
		elog(ERROR, "cache lookup failed for database %u", MyDatabaseId);
	ivy_write_u32(&writer, IVY_PROTOCOL_VERSION);
	ivy_write_u32(&writer, (uint32) MyProcPid);
	ivy_write_u32(&writer, MyDatabaseId);
	ivy_write_string(&writer, database);
	ivy_write_string(&writer, collation);
	ivy_hello = writer;
}

pgsocket
ivy_open_socket(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	pgsocket	result = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int			saved_errno;

	if (result == PGINVALID_SOCKET)
		return result;
	StaticAssertStmt(sizeof(IVY_SOCKET_PATH) <= sizeof(address.sun_path), "the socket's path is too long");
	memcpy(address.sun_path, IVY_SOCKET_PATH, sizeof(IVY_SOCKET_PATH));
	if (connect(result, (struct sockaddr *) &address, sizeof address) == 0)
		return result;
	saved_errno = errno;
	closesocket(result);
	errno = saved_errno;
	return PGINVALID_SOCKET;
}
