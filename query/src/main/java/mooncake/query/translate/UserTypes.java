package mooncake.query.translate;

/// The types of a server that are not built in.
public interface UserTypes {
    /// None is known.
    UserTypes UNKNOWN = _ -> new UserType.Other();

    UserType find(int oid);
}
