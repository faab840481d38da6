package mooncake.server;

/// What happens when a slot makes its server keep more log than it may.
enum RetainedWalPolicy {
    /// It is logged and shown by `mooncake.status()`.
    WARN("warn"),

    /// The slot is dropped, and its mirrors are copied anew behind a new one.
    RESYNC("resync");

    private final String label;

    RetainedWalPolicy(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
