package mooncake.query.exact;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import mooncake.query.regex.Options;
import mooncake.query.regex.Regex;

/// Patterns that were compiled before. A [Regex] is lent to one thread at a time and keeps what it learnt.
final class RegexCache {
    private static final int PATTERNS_MAX = 200;
    private static final int KEPT_MAX = 8;

    private static final Map<Key, Deque<Regex>> KEPT = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Deque<Regex>> eldest) {
            return size() > PATTERNS_MAX;
        }
    };

    private RegexCache() {}

    record Key(String pattern, Options options, String locale) {}

    static Regex lend(Key key) {
        synchronized (KEPT) {
            Deque<Regex> free = KEPT.get(key);
            if (free != null && !free.isEmpty()) {
                return free.pop();
            }
        }
        return new Regex(key.pattern().codePoints().toArray(), key.options(), CollationFunctions.locale(key.locale()));
    }

    static void giveBack(Key key, Regex regex) {
        synchronized (KEPT) {
            Deque<Regex> free = KEPT.computeIfAbsent(key, _ -> new ArrayDeque<>());
            if (free.size() < KEPT_MAX) {
                free.push(regex);
            }
        }
    }
}
