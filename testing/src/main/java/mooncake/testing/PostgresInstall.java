package mooncake.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// One private tree of Postgres with its programs, share folder and libraries, made by `tools/postgres-tree.sh`.
public record PostgresInstall(int major, Path home) {
    private static final int MAJOR_MIN = 15;
    private static final int MAJOR_MAX = 18;

    public static PostgresInstall of(int major) {
        PostgresInstall install =
                new PostgresInstall(major, Checkout.postgresHome().resolve("pg" + major));
        if (!install.exists()) {
            throw new IllegalStateException(
                    "there is no private PostgreSQL " + major + ": run tools/postgres-tree.sh " + major);
        }
        return install;
    }

    /// The majors that this machine has; where none can be had but the distribution's, only that one.
    public static List<Integer> majors() {
        return IntStream.rangeClosed(MAJOR_MIN, MAJOR_MAX)
                .filter(major ->
                        new PostgresInstall(major, Checkout.postgresHome().resolve("pg" + major)).exists())
                .boxed()
                .toList();
    }

    /// The major that most tests run on: 15 where there is one.
    public static int preferredMajor() {
        return majors().stream().findFirst().orElseThrow(() -> new IllegalStateException("no private Postgres tree"));
    }

    /// Do the extensions and the engine lie in the tree?
    public boolean hasExtensions() {
        return Files.isDirectory(Path.of(config("--pkglibdir")).resolve("ivy_mooncake"));
    }

    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    String config(String question) {
        return Command.mustRun(List.of(home.resolve("pg_config").toString(), question))
                .out()
                .strip();
    }

    /// Makes a new data directory by copying one that initdb made once for this tree.
    void copyTemplate(Path data) {
        Path templates = Checkout.postgresHome().resolve("templates");
        Path template = templates.resolve("pg" + major);
        try (FileChannel channel = FileChannel.open(
                        Checkout.postgresHome().resolve("templates.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new IllegalStateException("the lock of the templates was lost");
            }
            if (!Files.isDirectory(template)) {
                initialise(templates, template);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Command.mustRun(
                Command.asServerUser(List.of("cp", "-a", "--reflink=auto", template.toString(), data.toString())));
    }

    private void initialise(Path templates, Path template) {
        Path fresh = templates.resolve("pg" + major + ".new");
        Command.mustRun(Command.asServerUser(List.of("rm", "-rf", fresh.toString())));
        List<String> words = new ArrayList<>(List.of(program("initdb"), "--pgdata=" + fresh, "--username=postgres"));
        words.addAll(List.of("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"));
        Command done = Command.run(Command.asServerUser(words), Map.of());
        if (done.exit() != 0) {
            throw new IllegalStateException("initdb failed: " + done.err() + done.out());
        }
        Command.mustRun(Command.asServerUser(List.of("mv", fresh.toString(), template.toString())));
    }

    private boolean exists() {
        return Files.isExecutable(home.resolve("bin/postgres"));
    }
}
