/*
 * spawn.c: starts another program from a process of the server.
 */
#include "postgres.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mooncake.h"

#define OOM_SCORE_ADJUST "500"
#define EXIT_CANNOT_EXECUTE 127
#define CLOSE_MAX 65536

/* Under memory pressure the kernel shall choose the engine, not Postgres. Raising one's own score is always allowed. */
static void
offer_to_oom_killer(void)
{
	int			file = open("/proc/self/oom_score_adj", O_WRONLY);

	if (file < 0)
		return;
	if (write(file, OOM_SCORE_ADJUST, strlen(OOM_SCORE_ADJUST)) < 0)
		(void) 0;				/* the kernel then judges as it does for any process */
	close(file);
}

static void
close_inherited_files(void)
{
#ifdef SYS_close_range
	if (syscall(SYS_close_range, 3U, ~0U, 0U) == 0)
		return;
#endif
	for (int file = 3; file < CLOSE_MAX; file++)
		close(file);
}

/* Between fork and exec only what is safe in a signal handler may be called. */
static void
become(char *const argv[], char *const envp[], int output, pid_t parent)
{
	static const char failed[] = "ERROR cannot execute the java program\n";
	sigset_t	none;
	int			null = open("/dev/null", O_RDONLY);

	for (int number = 1; number < NSIG; number++)
		(void) signal(number, SIG_DFL);
	sigemptyset(&none);
	(void) sigprocmask(SIG_SETMASK, &none, NULL);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(EXIT_CANNOT_EXECUTE);
	(void) setsid();
	if (dup2(null, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0)
		_exit(EXIT_CANNOT_EXECUTE);
	close_inherited_files();
	offer_to_oom_killer();
	execve(argv[0], argv, envp);
	if (write(STDERR_FILENO, failed, sizeof(failed) - 1) < 0)
		_exit(EXIT_CANNOT_EXECUTE);
	_exit(EXIT_CANNOT_EXECUTE);
}

/*
 * Runs argv[0] with its standard output and error going to the pipe whose reading end `output` receives. It dies
 * with this process, however that ends. Returns -1, with errno, when it cannot be started.
 */
pid_t
mooncake_spawn(char *const argv[], char *const envp[], int *output)
{
	pid_t		parent = getpid();
	pid_t		child;
	int			ends[2];

	if (pipe(ends) != 0)
		return -1;
	fflush(NULL);
	child = fork();
	if (child == 0)
		become(argv, envp, ends[1], parent);
	close(ends[1]);
	if (child < 0)
	{
		int			saved = errno;

		close(ends[0]);
		errno = saved;
		return -1;
	}
	*output = ends[0];
	return child;
}
