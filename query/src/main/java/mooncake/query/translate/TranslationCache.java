package mooncake.query.translate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mooncake.query.collate.CollationCatalog;
import mooncake.query.frame.Target;
import mooncake.query.frame.Value;
import org.jspecify.annotations.Nullable;

/// Translations of the latest queries, so that what was planned is not translated again to be run, and what is run
/// again not at all. Any thread.
///
/// A translation depends on its request and on what it asked about mirrors, types and collations. The answers are kept
/// with it and asked for again: it is used only as long as all of them are the same, whatever was altered meanwhile.
public final class TranslationCache {
    private static final int TRANSLATIONS_MAX = 512;

    /// Characters of a request that is remembered; longer ones are translated each time.
    private static final int REQUEST_CHARACTERS_MAX = 50_000;

    private final Map<Key, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Known> eldest) {
            return size() > TRANSLATIONS_MAX;
        }
    };

    private record Key(
            String tree, List<Value> values, List<Target> targets, String session, boolean allNumericsFree) {}

    private record Known(Translation.Pushed translation, Map<Question, Object> answers) {}

    /// What a translation asked.
    private sealed interface Question {
        Object answer(Translator.Settings settings);

        record MirrorColumn(int mirror, int attribute) implements Question {
            @Override
            public Object answer(Translator.Settings settings) {
                return settings.types().find(mirror, attribute);
            }
        }

        record ShippedColumn(int shipment, int attribute) implements Question {
            @Override
            public Object answer(Translator.Settings settings) {
                return settings.shippedTypes().find(shipment, attribute);
            }
        }

        record Type(int oid) implements Question {
            @Override
            public Object answer(Translator.Settings settings) {
                return settings.userTypes().find(oid);
            }
        }

        record Collation(int oid) implements Question {
            @Override
            public Object answer(Translator.Settings settings) {
                return settings.collations().find(oid);
            }
        }
    }

    /// As [Translator#translate]; what is refused is not remembered.
    public Translation translate(String tree, List<Value> values, List<Target> targets, Translator.Settings settings) {
        if (characters(tree, values) > REQUEST_CHARACTERS_MAX) {
            return Translator.translate(tree, values, targets, settings);
        }
        Key key = new Key(tree, values, targets, settings.session(), settings.allNumericsFree());
        Known before = get(key);
        if (before != null
                && before.answers.entrySet().stream()
                        .allMatch(asked -> asked.getKey().answer(settings).equals(asked.getValue()))) {
            return before.translation;
        }
        Map<Question, Object> answers = new LinkedHashMap<>();
        Translation translation = Translator.translate(tree, values, targets, noting(settings, answers));
        if (translation instanceof Translation.Pushed pushed) {
            put(key, new Known(pushed, Map.copyOf(answers)));
        }
        return translation;
    }

    private static long characters(String tree, List<Value> values) {
        long characters = tree.length();
        for (Value value : values) {
            String text = value.text();
            characters += text == null ? 0 : text.length();
        }
        return characters;
    }

    private synchronized @Nullable Known get(Key key) {
        return known.get(key);
    }

    private synchronized void put(Key key, Known translation) {
        known.put(key, translation);
    }

    /// The same settings, which note what they are asked and what they answer.
    private static Translator.Settings noting(Translator.Settings settings, Map<Question, Object> answers) {
        CollationCatalog collations =
                oid -> noted(settings.collations().find(oid), new Question.Collation(oid), answers);
        MirrorTypes types = (mirror, attribute) ->
                noted(settings.types().find(mirror, attribute), new Question.MirrorColumn(mirror, attribute), answers);
        MirrorTypes shipped = (shipment, attribute) -> noted(
                settings.shippedTypes().find(shipment, attribute),
                new Question.ShippedColumn(shipment, attribute),
                answers);
        UserTypes userTypes = oid -> noted(settings.userTypes().find(oid), new Question.Type(oid), answers);
        return new Translator.Settings(
                settings.session(), collations, settings.allNumericsFree(), types, shipped, userTypes);
    }

    private static <T> T noted(T answer, Question question, Map<Question, Object> answers) {
        answers.put(question, answer);
        return answer;
    }
}
