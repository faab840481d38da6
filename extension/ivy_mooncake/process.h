/*
 * process.h: the engine's process, as its supervisor handles it.
 */
#ifndef MOONCAKE_PROCESS_H
#define MOONCAKE_PROCESS_H

#include "postgres.h"

#include "utils/timestamp.h"

/* The longest line of the engine's output that is kept in one piece. */
#define ENGINE_LINE_MAX 8192

typedef struct Engine
{
	pid_t		pid;			/* 0: not running */
	int			output;			/* reading end of its output, -1: closed */
	TimestampTz started;
	char	   *command;		/* program, arguments and settings it was started with, for comparison */
	char		line[ENGINE_LINE_MAX];
	int			line_length;
} Engine;

/* command.c */
typedef struct EngineCommand
{
	char	  **arguments;
	char	  **environment;
	char	   *text;			/* all that would make an engine differ from another */
} EngineCommand;

extern EngineCommand mooncake_engine_command(char *java, const char *superuser);

/* process.c */
extern bool engine_start(Engine *engine, const EngineCommand *command);
extern void engine_relay(Engine *engine);
extern bool engine_reap(Engine *engine);
extern void engine_stop(Engine *engine);

#endif
