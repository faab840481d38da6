package mooncake.source.wire;

import java.nio.ByteBuffer;
import mooncake.source.Endpoint;

/// The first message of a session: who connects to what, and the settings that our reading relies on.
final class StartupMessage {
    static final int CANCEL_REQUEST = 80877102;
    private static final int PROTOCOL_3_0 = 3 << 16;

    private StartupMessage() {}

    static ByteBuffer of(Endpoint endpoint, boolean replication) {
        MessageWriter message = MessageWriter.untyped()
                .int32(PROTOCOL_3_0)
                .string("user")
                .string(endpoint.user())
                .string("database")
                .string(endpoint.database())
                .string("application_name")
                .string(endpoint.applicationName())
                .string("client_encoding")
                .string("UTF8")
                // No object of a user may stand in for one of the system's.
                .string("search_path")
                .string("pg_catalog")
                // Rows must not be left out silently: a table with policies that bind us is an error.
                .string("row_security")
                .string("off")
                // Defaults of a role or database must not end a long copy.
                .string("statement_timeout")
                .string("0")
                .string("idle_in_transaction_session_timeout")
                .string("0");
        if (replication) {
            message.string("replication").string("database");
        }
        return message.raw(new byte[1]).finish();
    }
}
