/*
 * java.c: finds the Java that runs the engine.
 */
#include "postgres.h"

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/fd.h"

#include "mooncake.h"

#define VERSION_TIMEOUT_MS 10000
#define JVM_DIRECTORY "/usr/lib/jvm"

extern char **environ;

static bool
is_program(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

/* All that a program prints within VERSION_TIMEOUT_MS, cut at `size`. */
static void
read_output(int file, char *text, int size)
{
	struct pollfd poll_file = {file, POLLIN, 0};
	int			length = 0;

	while (length < size - 1 && poll(&poll_file, 1, VERSION_TIMEOUT_MS) > 0)
	{
		ssize_t		n = read(file, text + length, size - 1 - length);

		if (n <= 0)
			break;
		length += n;
	}
	text[length] = '\0';
}

/* The feature version that `java -version` tells, 0 when it tells none. */
static int
java_version(char *java)
{
	char	   *argv[] = {java, "-version", NULL};
	char		text[4096];
	char	   *version;
	int			output;
	pid_t		child = mooncake_spawn(argv, environ, &output);

	if (child < 0)
		return 0;
	read_output(output, text, sizeof(text));
	close(output);
	(void) kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		continue;
	version = strstr(text, "version \"");
	return version == NULL ? 0 : atoi(version + strlen("version \""));
}

/* Takes `java` if it is a program of a sufficient version; `best` keeps the highest version that was seen. */
static bool
is_suitable(char *java, int *best)
{
	int			version;

	if (!is_program(java))
		return false;
	version = java_version(java);
	*best = Max(*best, version);
	return version >= MOONCAKE_JAVA_VERSION;
}

static char *
find_on_path(int *best)
{
	const char *path = getenv("PATH");
	char	   *folders = pstrdup(path == NULL ? "" : path);

	for (char *folder = strtok(folders, ":"); folder != NULL; folder = strtok(NULL, ":"))
	{
		char	   *java = psprintf("%s/java", folder);

		if (is_suitable(java, best))
			return java;
	}
	return NULL;
}

static char *
find_installed(int *best)
{
	DIR		   *folder = AllocateDir(JVM_DIRECTORY);
	struct dirent *entry;
	char	   *found = NULL;

	if (folder == NULL)
		return NULL;
	while (found == NULL && (entry = ReadDirExtended(folder, JVM_DIRECTORY, DEBUG1)) != NULL)
	{
		char	   *java = psprintf("%s/%s/bin/java", JVM_DIRECTORY, entry->d_name);

		if (entry->d_name[0] != '.' && is_suitable(java, best))
			found = java;
	}
	FreeDir(folder);
	return found;
}

/*
 * The java program to run: the setting if there is one, else the first suitable one of JAVA_HOME, the PATH and the
 * usual folder. NULL when there is none; `best` then holds the highest version that was seen, 0 for no Java at all.
 */
char *
mooncake_find_java(const char *setting, int *best)
{
	const char *home = getenv("JAVA_HOME");
	char	   *java;

	*best = 0;
	if (setting[0] != '\0')
	{
		java = psprintf("%s/bin/java", setting);
		java = is_program(java) ? java : pstrdup(setting);
		return is_suitable(java, best) ? java : NULL;
	}
	if (home != NULL)
	{
		java = psprintf("%s/bin/java", home);
		if (is_suitable(java, best))
			return java;
	}
	java = find_on_path(best);
	return java != NULL ? java : find_installed(best);
}
