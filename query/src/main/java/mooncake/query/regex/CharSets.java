package mooncake.query.regex;

import mooncake.query.collate.CharacterClass;
import mooncake.query.collate.TextLocale;
import org.jspecify.annotations.Nullable;

/// The sets of characters that a pattern names, under its options and locale.
final class CharSets {
    private final TextLocale locale;
    private final Options options;

    CharSets(TextLocale locale, Options options) {
        this.locale = locale;
        this.options = options;
    }

    Options options() {
        return options;
    }

    /// A single character, in both cases where case does not matter.
    CharSet character(long character) {
        if (character > Character.MAX_CODE_POINT) {
            return CharSet.NONE;
        }
        int one = (int) character;
        return options.ignoreCase()
                ? CharSet.of(locale.lower(one)).union(CharSet.of(locale.upper(one)))
                : CharSet.of(one);
    }

    CharSet any() {
        return options.newlineStops() ? CharSet.ALL.without(CharSet.NEWLINE) : CharSet.ALL;
    }

    CharSet of(Escapes.Escape escape) {
        return switch (escape.characterClass()) {
            case 'd' -> CharSet.ofClass(locale, CharacterClass.DIGIT);
            case 's' -> CharSet.ofClass(locale, CharacterClass.SPACE);
            case 'w' -> word(locale);
            case 'D' -> CharSet.ofClass(locale, CharacterClass.DIGIT).complement();
            case 'S' -> CharSet.ofClass(locale, CharacterClass.SPACE).complement();
            case 'W' -> word(locale).complement();
            default -> character(escape.character());
        };
    }

    static CharSet word(TextLocale locale) {
        return CharSet.ofClass(locale, CharacterClass.ALNUM).union(CharSet.of('_'));
    }

    CharSet range(long first, long last) {
        if (first > last) {
            throw RegexError.RANGE.exception();
        }
        if (first > Character.MAX_CODE_POINT) {
            return CharSet.NONE;
        }
        int from = (int) first;
        int to = (int) Math.min(last, Character.MAX_CODE_POINT);
        CharSet set = CharSet.range(from, to);
        if (options.ignoreCase()) {
            for (int character = from; character <= to; character++) {
                set = with(set, locale.lower(character));
                set = with(set, locale.upper(character));
            }
        }
        return set;
    }

    private static CharSet with(CharSet set, int character) {
        return set.contains(character) ? set : set.union(CharSet.of(character));
    }

    /// A class by its name, null when there is none.
    @Nullable
    CharSet named(String name) {
        return switch (name) {
            case "alnum" -> CharSet.ofClass(locale, CharacterClass.ALNUM);
            case "alpha" -> CharSet.ofClass(locale, CharacterClass.ALPHA);
            case "ascii" -> CharSet.range(0, 127);
            case "blank" -> CharSet.of(' ').union(CharSet.of('\t'));
            case "cntrl" -> CharSet.range(0, 31).union(CharSet.range(127, 159));
            case "digit" -> CharSet.ofClass(locale, CharacterClass.DIGIT);
            case "graph" -> CharSet.ofClass(locale, CharacterClass.GRAPH);
            case "lower" -> letters(CharacterClass.LOWER);
            case "print" -> CharSet.ofClass(locale, CharacterClass.PRINT);
            case "punct" -> CharSet.ofClass(locale, CharacterClass.PUNCT);
            case "space" -> CharSet.ofClass(locale, CharacterClass.SPACE);
            case "upper" -> letters(CharacterClass.UPPER);
            case "word" -> word(locale);
            case "xdigit" ->
                CharSet.range('0', '9').union(CharSet.range('A', 'F')).union(CharSet.range('a', 'f'));
            default -> null;
        };
    }

    private CharSet letters(CharacterClass kind) {
        return CharSet.ofClass(locale, options.ignoreCase() ? CharacterClass.ALPHA : kind);
    }
}
