package mooncake.testing;

import java.io.IOException;

/// Starts a server with the extensions and keeps it until a line is typed: `ServerMain [MAJOR]`.
public final class ServerMain {
    private ServerMain() {}

    public static void main(String[] arguments) throws IOException {
        int major = arguments.length == 0 ? PostgresInstall.preferredMajor() : Integer.parseInt(arguments[0]);
        PostgresServerBuilder builder = PostgresServer.major(major);
        if (!PostgresInstall.of(major).hasExtensions()) {
            builder.plain();
        }
        try (PostgresServer server = builder.start()) {
            IO.println("PostgreSQL " + major + " runs. Connect with:\n  " + server.psqlLine() + "\n  "
                    + server.jdbcUrl("postgres") + "\nEnter ends it.");
            System.in.read();
        }
    }
}
