/*
 * process.c: starts, watches and stops the engine's process, and passes on what it prints.
 */
#include "postgres.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "miscadmin.h"
#include "storage/latch.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

#include "process.h"
#include "mooncake.h"

#define STOP_TIMEOUT_MS 5000
#define STOP_POLL_MS 100

typedef struct Level
{
	const char *word;
	int			level;
} Level;

/* Nothing that the engine prints may end the supervisor, so its errors are warnings here. */
static const Level levels[] = {
	{"ERROR ", WARNING}, {"WARN ", WARNING}, {"INFO ", LOG}, {"DEBUG ", DEBUG1}, {"TRACE ", DEBUG2}
};

static void
emit_line(char *line)
{
	int			level = LOG;

	if (line[0] == '\0')
		return;
	for (int i = 0; i < lengthof(levels); i++)
	{
		if (strncmp(line, levels[i].word, strlen(levels[i].word)) == 0)
		{
			level = levels[i].level;
			line += strlen(levels[i].word);
			break;
		}
	}
	ereport(level, (errmsg_internal("moonlink: %s", line), errhidestmt(true), errhidecontext(true)));
}

static void
end_line(Engine *engine)
{
	engine->line[engine->line_length] = '\0';
	engine->line_length = 0;
	emit_line(engine->line);
}

/* Passes on what the engine has printed so far, without waiting for more. */
void
engine_relay(Engine *engine)
{
	char		text[ENGINE_LINE_MAX];
	ssize_t		length;

	while (engine->output >= 0 && (length = read(engine->output, text, sizeof(text))) != 0)
	{
		if (length < 0)
		{
			if (errno == EINTR)
				continue;
			return;
		}
		for (ssize_t i = 0; i < length; i++)
		{
			if (text[i] != '\n')
				engine->line[engine->line_length++] = text[i];
			if (text[i] == '\n' || engine->line_length == ENGINE_LINE_MAX - 1)
				end_line(engine);
		}
	}
	if (engine->output >= 0)
	{
		if (engine->line_length > 0)
			end_line(engine);
		close(engine->output);
		engine->output = -1;
	}
}

bool
engine_start(Engine *engine, const EngineCommand *command)
{
	pid_t		pid = mooncake_spawn(command->arguments, command->environment, &engine->output);

	if (pid < 0)
	{
		ereport(WARNING, (errmsg("moonlink: could not start the engine: %m")));
		return false;
	}
	if (fcntl(engine->output, F_SETFL, O_NONBLOCK) != 0 || fcntl(engine->output, F_SETFD, FD_CLOEXEC) != 0)
		elog(ERROR, "could not set up the pipe to the engine: %m");
	engine->pid = pid;
	engine->started = GetCurrentTimestamp();
	engine->line_length = 0;
	engine->command = MemoryContextStrdup(TopMemoryContext, command->text);
	ereport(LOG, (errmsg("moonlink: engine started with pid %d", (int) pid)));
	return true;
}

static void
report_end(pid_t pid, int status)
{
	if (WIFSIGNALED(status))
		ereport(LOG, (errmsg("moonlink: engine with pid %d was terminated by signal %d", (int) pid, WTERMSIG(status))));
	else
		ereport(LOG, (errmsg("moonlink: engine with pid %d ended with exit code %d", (int) pid, WEXITSTATUS(status))));
}

/* True once the engine has ended; then its last words are out and it may be started again. */
bool
engine_reap(Engine *engine)
{
	int			status;
	pid_t		ended;

	if (engine->pid == 0)
		return false;
	ended = waitpid(engine->pid, &status, WNOHANG);
	if (ended == 0 || (ended < 0 && errno == EINTR))
		return false;
	engine_relay(engine);
	if (engine->output >= 0)
		close(engine->output);
	engine->output = -1;
	if (ended > 0)
		report_end(ended, status);
	engine->pid = 0;
	pfree(engine->command);
	engine->command = NULL;
	return true;
}

/* Asks the engine to end and kills it when it does not within STOP_TIMEOUT_MS. */
void
engine_stop(Engine *engine)
{
	TimestampTz begin = GetCurrentTimestamp();
	bool		killed = false;

	if (engine->pid == 0)
		return;
	(void) kill(engine->pid, SIGTERM);
	while (!engine_reap(engine))
	{
		if (!killed && TimestampDifferenceExceeds(begin, GetCurrentTimestamp(), STOP_TIMEOUT_MS))
		{
			ereport(WARNING, (errmsg("moonlink: engine with pid %d did not stop in time and is killed", (int) engine->pid)));
			(void) kill(engine->pid, SIGKILL);
			killed = true;
		}
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, STOP_POLL_MS, PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		engine_relay(engine);
	}
}
