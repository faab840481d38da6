package mooncake.source;

/// A password: never printed, so that no log or error can hold it by accident.
public record Secret(String value) {
    @Override
    public String toString() {
        return "****";
    }
}
