package mooncake.query.exact;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.query.collate.Utf8;
import mooncake.query.regex.Regex;
import org.jspecify.annotations.Nullable;

/// What Postgres' functions make of the matches of a pattern.
final class RegexText {
    private RegexText() {}

    /// Replaces the match with this number, or all for 0.
    ///
    /// @param start where the search begins, from 0
    static byte[] replace(Regex regex, byte[] source, byte[] replacement, int start, int number) {
        int[] text = Utf8.characters(source);
        ByteArrayOutputStream out = new ByteArrayOutputStream(source.length + 16);
        int copied = 0;
        int matches = 0;
        int search = start;
        while (search <= text.length) {
            int[] match = regex.match(text, search);
            if (match == null) {
                break;
            }
            matches++;
            search = match[1] + (match[0] == match[1] ? 1 : 0);
            if (number > 0 && matches != number) {
                continue;
            }
            out.writeBytes(Utf8.encode(text, copied, match[0]));
            writeReplacement(out, replacement, text, match);
            copied = match[1];
            if (number > 0) {
                break;
            }
        }
        if (matches == 0) {
            return source;
        }
        out.writeBytes(Utf8.encode(text, copied, text.length));
        return out.toByteArray();
    }

    /// `\1` to `\9` stand for groups, `\&` for the match.
    private static void writeReplacement(ByteArrayOutputStream out, byte[] replacement, int[] text, int[] match) {
        int at = 0;
        while (at < replacement.length) {
            int next = replacement[at] == '\\' && at + 1 < replacement.length ? replacement[at + 1] : -1;
            if (next == '&' || (next >= '1' && next <= '9')) {
                int group = next == '&' ? 0 : next - '0';
                if (2 * group < match.length && match[2 * group] >= 0) {
                    out.writeBytes(Utf8.encode(text, match[2 * group], match[2 * group + 1]));
                }
                at += 2;
            } else if (next == '\\') {
                out.write('\\');
                at += 2;
            } else {
                out.write(replacement[at++]);
            }
        }
    }

    /// All matches, or the first.
    ///
    /// @param splitting leaves out those of no length at the ends of the text and just behind another
    static List<int[]> matches(Regex regex, int[] text, int start, boolean all, boolean splitting) {
        List<int[]> matches = new ArrayList<>();
        int search = start;
        int end = 0;
        while (search <= text.length) {
            int[] match = regex.match(text, search);
            if (match == null) {
                break;
            }
            if (!splitting || (match[0] < text.length && match[1] > end)) {
                matches.add(match);
            }
            end = match[1];
            if (!all) {
                break;
            }
            search = end + (match[0] == match[1] ? 1 : 0);
        }
        return matches;
    }

    /// The groups of a match, or all of it when the pattern has none.
    static List<byte @Nullable []> groups(int[] text, int[] match) {
        List<byte @Nullable []> groups = new ArrayList<>();
        for (int i = match.length > 2 ? 2 : 0; i < match.length; i += 2) {
            groups.add(piece(text, match[i], match[i + 1]));
        }
        return groups;
    }

    static byte @Nullable [] piece(int[] text, int from, int to) {
        return from < 0 ? null : Utf8.encode(text, from, to);
    }

    static List<byte @Nullable []> split(Regex regex, byte[] source) {
        int[] text = Utf8.characters(source);
        List<byte @Nullable []> pieces = new ArrayList<>();
        int from = 0;
        for (int[] match : matches(regex, text, 0, true, true)) {
            pieces.add(Utf8.encode(text, from, match[0]));
            from = match[1];
        }
        pieces.add(Utf8.encode(text, from, text.length));
        return pieces;
    }

    /// The group of a match that functions with a number of it mean, null when there is none.
    static int @Nullable [] place(Regex regex, int[] text, int start, int number, int group) {
        List<int[]> matches = matches(regex, text, start - 1, true, false);
        int groups = group > 0 && regex.groups() > 0 ? regex.groups() : 1;
        if (number > matches.size() || group > groups) {
            return null;
        }
        int[] match = matches.get(number - 1);
        int index = group > 0 && regex.groups() > 0 ? 2 * group : 0;
        return match[index] < 0 ? null : new int[] {match[index], match[index + 1]};
    }

    static void requireAtLeast(String parameter, int value, int least) {
        if (value < least) {
            throw invalid(parameter, value);
        }
    }

    static MooncakeException invalid(String parameter, int value) {
        return new MooncakeException(
                ErrorCode.INVALID_PARAMETER, "invalid value for parameter \"" + parameter + "\": " + value);
    }

    static void requireNoGlobal(String function, String flags) {
        if (flags.indexOf('g') >= 0) {
            throw new MooncakeException(
                    ErrorCode.INVALID_PARAMETER, function + "() does not support the \"global\" option");
        }
    }
}
