/*
 * command.c: how the engine is started: its command line, and its settings as environment variables.
 */
#include "postgres.h"

#include <unistd.h>

#include "miscadmin.h"
#include "postmaster/postmaster.h"
#include "port.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/varlena.h"

#include "process.h"
#include "mooncake.h"

#define VARIABLE_PREFIX "MOONCAKE_"
#define STORAGE_FAULTS VARIABLE_PREFIX "STORAGE_FAULTS"
#define DUCKDB_LIBRARY "native/libduckdb_java.so_linux_amd64"

#define SYSTEM_ZONES "/usr/share/zoneinfo"

extern char **environ;

typedef struct Strings
{
	char	  **values;
	int			count;
	int			capacity;
} Strings;

static void
add(Strings *strings, char *value)
{
	if (strings->count + 1 >= strings->capacity)
	{
		strings->capacity = Max(32, 2 * strings->capacity);
		strings->values = strings->values == NULL ? palloc(sizeof(char *) * strings->capacity)
			: repalloc(strings->values, sizeof(char *) * strings->capacity);
	}
	strings->values[strings->count++] = value;
	strings->values[strings->count] = NULL;
}

static void
set(Strings *environment, const char *name, const char *value)
{
	add(environment, psprintf(VARIABLE_PREFIX "%s=%s", name, value));
}

static void
set_number(Strings *environment, const char *name, int value)
{
	set(environment, name, psprintf("%d", value));
}

/* A setting of ivy_duckdb, in its base unit. */
static const char *
option(const char *name)
{
	const char *value = GetConfigOption(name, true, false);

	return value == NULL ? "" : value;
}

static char *
absolute(const char *path)
{
	return is_absolute_path(path) ? pstrdup(path) : psprintf("%s/%s", DataDir, path);
}

/* The path, or the default below the data directory when it is empty. */
static char *
path_or(const char *path, const char *otherwise)
{
	return absolute(path != NULL && path[0] != '\0' ? path : otherwise);
}

/* The first directory of unix_socket_directories, empty when the server has no such socket. */
static char *
socket_directory(void)
{
	char	   *directories = pstrdup(option("unix_socket_directories"));
	List	   *list;

	if (!SplitDirectoriesString(directories, ',', &list) || list == NIL)
		return pstrdup("");
	return ((char *) linitial(list))[0] == '@' ? linitial(list) : absolute(linitial(list));
}

/* Settings of ours come from Postgres' configuration alone, but for the one that makes storage fail in tests. */
static bool
is_inherited(const char *variable)
{
	return strncmp(variable, VARIABLE_PREFIX, strlen(VARIABLE_PREFIX)) != 0 ||
		strncmp(variable, STORAGE_FAULTS "=", strlen(STORAGE_FAULTS "=")) == 0;
}

static Strings
inherited_environment(void)
{
	Strings		environment = {NULL, 0, 0};

	for (char **variable = environ; *variable != NULL; variable++)
	{
		if (is_inherited(*variable))
			add(&environment, *variable);
	}
	return environment;
}

static Strings
engine_settings(const char *superuser)
{
	Strings		settings = {NULL, 0, 0};

	set_number(&settings, "PORT", PostPortNumber);
	set(&settings, "SOCKET_DIRECTORY", socket_directory());
	set(&settings, "DATA_DIRECTORY", DataDir);
	set(&settings, "CONNINFO", mooncake_engine_conninfo);
	set(&settings, "SUPERUSER", superuser);
	set(&settings, "WAREHOUSE", path_or(mooncake_warehouse, MOONCAKE_NOT_IN_BACKUPS "_warehouse"));
	set_number(&settings, "ENGINE_MEMORY_MB", mooncake_engine_memory_mb);
	set_number(&settings, "FLUSH_ROWS", mooncake_flush_rows);
	set_number(&settings, "FLUSH_SIZE_KB", mooncake_flush_size_kb);
	set_number(&settings, "FLUSH_INTERVAL_MS", mooncake_flush_interval_ms);
	set_number(&settings, "MAX_RETAINED_WAL_MB", mooncake_max_retained_wal_mb);
	set(&settings, "RETAINED_WAL_POLICY", mooncake_retained_wal_policy_name());
	set(&settings, "FAILOVER_SLOTS", mooncake_failover_slots ? "true" : "false");
	set(&settings, "MERGE_FILES", mooncake_merge_files ? "true" : "false");
	set(&settings, "DUCKDB_MEMORY_LIMIT_MB", option("duckdb.memory_limit"));
	set(&settings, "DUCKDB_THREADS", option("duckdb.threads"));
	set(&settings, "DUCKDB_TEMPORARY_DIRECTORY", path_or(option("duckdb.temporary_directory"), MOONCAKE_NOT_IN_BACKUPS));
	return settings;
}

/*
 * Where this server finds its time zones: below its own files, or where distributions keep them for all programs, as
 * configured by --with-system-tzdata.
 */
static char *
zone_folder(void)
{
	char		share[MAXPGPATH];
	char	   *own;

	get_share_path(my_exec_path, share);
	own = psprintf("%s/timezone", share);
	return access(own, R_OK | X_OK) == 0 ? own : pstrdup(SYSTEM_ZONES);
}

static Strings
engine_arguments(char *java)
{
	Strings		arguments = {NULL, 0, 0};
	char		folder[MAXPGPATH];

	get_pkglib_path(my_exec_path, folder);
	add(&arguments, java);
	add(&arguments, psprintf("-Xmx%dm", mooncake_engine_memory_mb / 2));
	add(&arguments, "--enable-native-access=ALL-UNNAMED");
	add(&arguments, "--sun-misc-unsafe-memory-access=allow");
	add(&arguments, "-XX:+ExitOnOutOfMemoryError");
	add(&arguments, psprintf("-Dmooncake.duckdb.library=%s/" MOONCAKE_EXTENSION "/" DUCKDB_LIBRARY, folder));
	add(&arguments, psprintf("-Dmooncake.zoneinfo=%s", zone_folder()));
	add(&arguments, "-cp");
	add(&arguments, psprintf("%s/" MOONCAKE_EXTENSION "/lib/*", folder));
	add(&arguments, "mooncake.server.Main");
	return arguments;
}

EngineCommand
mooncake_engine_command(char *java, const char *superuser)
{
	Strings		arguments = engine_arguments(java);
	Strings		environment = inherited_environment();
	Strings		settings = engine_settings(superuser);
	StringInfoData text;
	EngineCommand command;

	initStringInfo(&text);
	for (int i = 0; i < arguments.count; i++)
		appendStringInfo(&text, "%s\n", arguments.values[i]);
	for (int i = 0; i < settings.count; i++)
	{
		appendStringInfo(&text, "%s\n", settings.values[i]);
		add(&environment, settings.values[i]);
	}
	command.arguments = arguments.values;
	command.environment = environment.values;
	command.text = text.data;
	return command;
}
