package mooncake.source.remote;

/// A table of another server, ready to be mirrored.
///
/// @param oid its OID there
/// @param name its quoted, qualified name
/// @param definition the mirror's definition as the registry keeps it, JSON
public record RemoteTable(int oid, String name, String definition) {}
