package mooncake.source.remote;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import mooncake.source.Endpoint;

/// The URI of a remote source, as the registry keeps it: it names where a password is found and never holds one.
public final class RemoteUri {
    private static final int HASH_CHARACTERS = 16;

    private RemoteUri() {}

    /// What the URI names. [mooncake.model.ErrorCode#BAD_CONFIGURATION] when it holds a password.
    public static Endpoint endpoint(String uri) {
        return Endpoint.parseWithoutPassword(uri);
    }

    /// The name of slot and publication on the remote: the same for as long as this database follows this URI, and none
    /// that an engine of the remote takes for its own.
    ///
    /// @param system identifier of the local server's data, from `pg_control_system()`
    /// @param database OID of the local database
    public static String slotName(long system, int database, String uri) {
        return RemotePublication.PREFIX + Long.toUnsignedString(system, Character.MAX_RADIX) + "_"
                + Integer.toUnsignedString(database) + "_" + hash(uri);
    }

    /// A short name for the URI that says nothing about what it holds.
    public static String hash(String uri) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(uri.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
