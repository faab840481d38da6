package mooncake.query.translate;

import java.util.List;

/// What the server's catalog says of a type that is not built in.
public sealed interface UserType {
    /// An enum with its labels in their order.
    record Labels(List<String> labels) implements UserType {
        public Labels {
            labels = List.copyOf(labels);
        }
    }

    record ArrayOf(int element) implements UserType {}

    /// A domain.
    ///
    /// @param checked whether values of the type below have to be checked for it
    record Domain(int base, int typmod, boolean checked) implements UserType {}

    /// Any other type.
    record Other() implements UserType {}
}
