package mooncake.server;

import mooncake.source.Endpoint;
import org.jspecify.annotations.Nullable;

/// What a [Session] follows: one slot of one database of one server, for the mirrors of one of our
/// databases.
///
/// The local source is the database that has the mirrors itself; its slot also carries the
/// registry. A remote source is another endpoint with a slot and a publication of its own, whose
/// log knows nothing of the registry.
///
/// @param database OID of our database, the one with the mirrors
/// @param home our database: the registry and the Iceberg catalog
/// @param source where the slot is and rows are copied from
/// @param uri how the registry names a remote source, null for the local one
record Followed(
        int database,
        Endpoint home,
        Endpoint source,
        String slot,
        String publication,
        @Nullable String uri) {
    private static final String PUBLICATION = "mooncake";

    /// A database as the source of its own mirrors.
    static Followed local(int database, Endpoint home) {
        return new Followed(database, home, home, slotName(database), PUBLICATION, null);
    }

    static String slotName(int database) {
        return "mooncake_" + Integer.toUnsignedString(database);
    }

    /// Whether the registry comes with this source's changes.
    boolean isLocal() {
        return uri == null;
    }

    /// For logs and threads.
    String displayName() {
        return isLocal() ? home.database() : home.database() + "<" + source.host() + "/" + source.database();
    }
}
