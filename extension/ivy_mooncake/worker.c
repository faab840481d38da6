/*
 * worker.c: the background worker `moonlink`, which keeps the engine running.
 *
 *     waiting --start--> running --exit--> waiting (100 ms, doubled with each early exit, at most 30 s)
 *        ^                  |
 *        +---- changed settings, SIGTERM: the engine is asked to stop, and killed after 5 s
 *
 * The engine dies with the worker, however that ends (spawn.c). Whatever happens to the engine is no concern of the
 * server's: it is logged, and the engine is started again.
 */
#include "postgres.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/xact.h"
#include "catalog/pg_authid.h"
#include "miscadmin.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

#include "process.h"
#include "mooncake.h"

#define WORKER_RESTART_S 5
#define BACKOFF_MIN_MS 100
#define BACKOFF_MAX_MS 15000
#define STABLE_AFTER_MS 2000
#define IDLE_WAIT_MS 60000

typedef struct Shared
{
	int			engine_pid;
} Shared;

static Shared *shared = NULL;
static shmem_request_hook_type previous_request = NULL;
static shmem_startup_hook_type previous_startup = NULL;

PGDLLEXPORT void mooncake_worker_main(Datum argument);

static void
request_shared_memory(void)
{
	if (previous_request != NULL)
		previous_request();
	RequestAddinShmemSpace(MAXALIGN(sizeof(Shared)));
}

static void
start_shared_memory(void)
{
	bool		found;

	if (previous_startup != NULL)
		previous_startup();
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	shared = ShmemInitStruct("ivy_mooncake", sizeof(Shared), &found);
	shared->engine_pid = 0;
	LWLockRelease(AddinShmemInitLock);
}

int
mooncake_engine_pid(void)
{
	return shared == NULL ? 0 : shared->engine_pid;
}

/* A child's end interrupts the wait for its output. */
static void
on_child_end(SIGNAL_ARGS)
{
	int			saved = errno;

	SetLatch(MyLatch);
	errno = saved;
}

static void
make_directory(const char *path)
{
	if (mkdir(path, S_IRWXU) != 0 && errno != EEXIST)
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not create directory \"%s\": %m", path)));
	if (chmod(path, S_IRWXU) != 0)
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not set permissions of directory \"%s\": %m", path)));
}

/* The name of the superuser that initdb made, as whom the engine connects by default. */
static char *
superuser_name(void)
{
	char	   *name;

	StartTransactionCommand();
	name = GetUserNameFromId(BOOTSTRAP_SUPERUSERID, true);
	name = MemoryContextStrdup(TopMemoryContext, name == NULL ? "" : name);
	CommitTransactionCommand();
	return name;
}

/* The command to run now; false, after one word in the log, while there is no suitable Java. */
static bool
current_command(const char *superuser, EngineCommand *command)
{
	static bool told = false;
	int			best;
	char	   *java = mooncake_find_java(mooncake_java, &best);

	if (java == NULL)
	{
		ereport(told ? DEBUG1 : WARNING,
				(errmsg("moonlink: the engine needs Java %d or later, and there is none", MOONCAKE_JAVA_VERSION),
				 best > 0 ? errdetail("The newest Java that was found is version %d.", best)
				 : mooncake_java[0] != '\0' ? errdetail("\"%s\" is not a java program.", mooncake_java)
				 : errdetail("No Java was found in JAVA_HOME, on the PATH or in /usr/lib/jvm."),
				 errhint("Install one, or set pg_mooncake.java to the java program and reload the configuration.")));
		told = true;
		return false;
	}
	told = false;
	*command = mooncake_engine_command(java, superuser);
	return true;
}

/* Reads the configuration again and stops an engine that was started with another one. */
static void
reload(Engine *engine, const char *superuser)
{
	EngineCommand command;

	ProcessConfigFile(PGC_SIGHUP);
	if (engine->pid == 0 || !current_command(superuser, &command) || strcmp(command.text, engine->command) == 0)
		return;
	ereport(LOG, (errmsg("moonlink: settings have changed, the engine is restarted")));
	engine_stop(engine);
	shared->engine_pid = 0;
}

static bool
start(Engine *engine, const char *superuser)
{
	EngineCommand command;

	if (!current_command(superuser, &command) || !engine_start(engine, &command))
		return false;
	shared->engine_pid = engine->pid;
	return true;
}

/* Waits for output, the end of the engine, a signal, or the time. */
static void
wait_for_event(const Engine *engine, long timeout)
{
	int			events = WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH;

	if (engine->output >= 0)
		(void) WaitLatchOrSocket(MyLatch, events | WL_SOCKET_READABLE, engine->output, timeout, PG_WAIT_EXTENSION);
	else
		(void) WaitLatch(MyLatch, events, timeout, PG_WAIT_EXTENSION);
	ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
}

/* Until the worker is asked to end. */
static void
supervise(Engine *engine, const char *superuser)
{
	MemoryContext scratch = AllocSetContextCreate(TopMemoryContext, "moonlink", ALLOCSET_DEFAULT_SIZES);
	TimestampTz next_start = 0;
	int			backoff = BACKOFF_MIN_MS;

	while (!ShutdownRequestPending)
	{
		MemoryContextReset(scratch);
		MemoryContextSwitchTo(scratch);
		if (ConfigReloadPending)
		{
			ConfigReloadPending = false;
			reload(engine, superuser);
			next_start = 0;
		}
		if (engine->pid == 0 && GetCurrentTimestamp() >= next_start && !start(engine, superuser))
			next_start = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), BACKOFF_MAX_MS);
		wait_for_event(engine, engine->pid != 0 ? IDLE_WAIT_MS
					   : TimestampDifferenceMilliseconds(GetCurrentTimestamp(), next_start));
		engine_relay(engine);
		if (engine_reap(engine))
		{
			shared->engine_pid = 0;
			if (TimestampDifferenceExceeds(engine->started, GetCurrentTimestamp(), STABLE_AFTER_MS))
				backoff = BACKOFF_MIN_MS;
			ereport(LOG, (errmsg("moonlink: engine starts again in %d ms", backoff)));
			next_start = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), backoff);
			backoff = Min(2 * backoff, BACKOFF_MAX_MS);
		}
	}
}

void
mooncake_worker_main(Datum argument)
{
	Engine	   *engine = MemoryContextAllocZero(TopMemoryContext, sizeof(Engine));

	engine->output = -1;
	pqsignal(SIGTERM, SignalHandlerForShutdownRequest);
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGCHLD, on_child_end);
	BackgroundWorkerUnblockSignals();
	BackgroundWorkerInitializeConnection(NULL, NULL, 0);
	shared->engine_pid = 0;
	make_directory(MOONCAKE_DIRECTORY);
	make_directory(IVY_RUN_DIRECTORY);
	supervise(engine, superuser_name());
	engine_stop(engine);
	shared->engine_pid = 0;

	/* Exit code 0 would mean that the worker is never to be started again. */
	proc_exit(1);
}

void
mooncake_worker_init(void)
{
	BackgroundWorker worker = {0};

	previous_request = shmem_request_hook;
	shmem_request_hook = request_shared_memory;
	previous_startup = shmem_startup_hook;
	shmem_startup_hook = start_shared_memory;
	if (!ivy_api()->settings->engine_enabled || IsBinaryUpgrade)
		return;
	worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
	worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
	worker.bgw_restart_time = WORKER_RESTART_S;
	snprintf(worker.bgw_library_name, sizeof(worker.bgw_library_name), MOONCAKE_EXTENSION);
	snprintf(worker.bgw_function_name, sizeof(worker.bgw_function_name), "mooncake_worker_main");
	snprintf(worker.bgw_name, sizeof(worker.bgw_name), "moonlink");
	snprintf(worker.bgw_type, sizeof(worker.bgw_type), "moonlink");
	RegisterBackgroundWorker(&worker);
}
