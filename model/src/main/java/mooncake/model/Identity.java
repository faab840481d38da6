package mooncake.model;

/// How a mirror finds the row that an UPDATE or DELETE of its source means.
public enum Identity {
    /// By the key's columns, which are unique and never null.
    KEY,

    /// By all columns, nulls included: the source has no key, sends whole old rows, and may hold equal rows.
    FULL_ROW,

    /// Not at all: the source is promised to grow only.
    APPEND_ONLY
}
