package mooncake.query.frame;

/// A request or reply with the number that ties them together.
public record Frame<T>(long number, T body) {
    /// Bytes before every payload.
    public static final int HEADER_BYTES = 16;

    /// The version of the protocol that this engine speaks.
    public static final int PROTOCOL_VERSION = 1;
}
