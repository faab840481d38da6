package mooncake.query.exact;

import java.time.LocalDate;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// Reads dates, times and timestamps as Postgres' input functions do, in the forms of [MomentFields].
final class MomentInput {
    /// Words that stand for moments; other words are errors.
    private static final Set<String> WORDS =
            Set.of("now", "today", "tomorrow", "yesterday", "allballs", "infinity", "epoch");

    private static final Pattern WORD = Pattern.compile("[A-Za-z]*");
    private static final long FIRST_DAY = Timestamps.FIRST_DAY;

    private MomentInput() {}

    static int date(String text, String order) {
        String word = word(text, "date");
        switch (word) {
            case "infinity" -> {
                return Timestamps.DATE_INFINITY;
            }
            case "-infinity" -> {
                return -Timestamps.DATE_INFINITY;
            }
            case "epoch" -> {
                return 0;
            }
            default -> {}
        }
        LocalDate day = MomentFields.parse(text, order).day();
        long number = day.toEpochDay();
        if (!MomentFields.isNumbered(day) || number < FIRST_DAY || number > Timestamps.LAST_DATE) {
            throw Errors.dateTime("date out of range: \"" + text + "\"");
        }
        return (int) number;
    }

    static long time(String text) {
        String word = word(text, "time");
        if (word.equals("infinity") || word.equals("-infinity") || word.equals("epoch")) {
            throw MomentFields.unread(text);
        }
        return MomentFields.time(text);
    }

    static long timestamp(String text, String order) {
        Long special = special(text, "timestamp");
        return special == null ? local(MomentFields.parse(text, order), text) : special;
    }

    /// @param session the zone of texts that name none
    static long timestamptz(String text, String order, Zone session) {
        Long special = special(text, "timestamp with time zone");
        if (special != null) {
            return special;
        }
        MomentFields fields = MomentFields.parse(text, order);
        long local = local(fields, text);
        Integer offset = fields.offset();
        Zone named = fields.zone();
        try {
            return offset != null
                    ? Zone.shifted(local, -offset * Timestamps.SECOND)
                    : (named == null ? session : named).fromLocal(local);
        } catch (MooncakeException _) {
            throw outOfRange(text);
        }
    }

    private static long local(MomentFields fields, String text) {
        LocalDate day = fields.day();
        Long time = fields.micros();
        long micros = time == null ? 0 : time;
        long number = day.toEpochDay() + micros / Timestamps.DAY;
        if (!MomentFields.isNumbered(day) || number < FIRST_DAY) {
            throw outOfRange(text);
        }
        if (number > Timestamps.LAST_TIMESTAMP_DAY) {
            throw day.getYear() > 294_276 ? outOfRange(text) : MomentFields.unread(text);
        }
        return number * Timestamps.DAY + micros % Timestamps.DAY;
    }

    private static MooncakeException outOfRange(String text) {
        return Errors.dateTime("timestamp out of range: \"" + text + "\"");
    }

    private static @Nullable Long special(String text, String type) {
        return switch (word(text, type)) {
            case "infinity" -> Timestamps.INFINITY;
            case "-infinity" -> -Timestamps.INFINITY;
            case "epoch" -> 0L;
            default -> null;
        };
    }

    /// The text in lower case; one that is no more than a word has to be one of those that mean something.
    private static String word(String text, String type) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (WORD.matcher(word).matches() && !WORDS.contains(word)) {
            throw Errors.invalidDateTime("invalid input syntax for type " + type + ": \"" + text + "\"");
        }
        return word;
    }
}
