package mooncake.server;

/// What becomes of a mirror when its source is altered. The extension acts on it; the engine only
/// carries it.
enum DdlPolicy {
    EVOLVE("evolve"),
    IGNORE("ignore"),
    ERROR("error");

    private final String label;

    DdlPolicy(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
