package mooncake.query.regex;

/// How a pattern is read and matched.
///
/// @param newlineStops whether `.` and complements leave the newline out
/// @param newlineAnchors whether `^` and `$` also match at lines
/// @param expanded whether blanks and comments in the pattern mean nothing
/// @param literal whether the pattern is the text itself
public record Options(
        boolean ignoreCase, boolean newlineStops, boolean newlineAnchors, boolean expanded, boolean literal) {
    public static final Options NONE = new Options(false, false, false, false, false);

    public Options withIgnoreCase(boolean set) {
        return new Options(set, newlineStops, newlineAnchors, expanded, literal);
    }

    public Options withNewlines(boolean stops, boolean anchors) {
        return new Options(ignoreCase, stops, anchors, expanded, literal);
    }

    public Options withExpanded(boolean set) {
        return new Options(ignoreCase, newlineStops, newlineAnchors, set, literal);
    }

    public Options withLiteral(boolean set) {
        return new Options(ignoreCase, newlineStops, newlineAnchors, expanded, set);
    }
}
