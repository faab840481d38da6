package mooncake.query.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A change of the part of a jsonb value that a path of keys and subscripts names.
///
/// @param value the new part, null when it is deleted
record JsonPathChange(List<@Nullable String> path, @Nullable Json value, Kind kind) {
    enum Kind {
        DELETE,
        REPLACE,
        /// Replaces, or adds as the last step names it.
        CREATE,
        INSERT_BEFORE,
        INSERT_AFTER;

        boolean adds() {
            return this == CREATE || isInsert();
        }

        boolean isInsert() {
            return this == INSERT_BEFORE || this == INSERT_AFTER;
        }
    }

    Json apply(Json json) {
        boolean empty = switch (json) {
            case Json.Array(List<Json> elements) -> elements.isEmpty();
            case Json.Members(Map<String, Json> members) -> members.isEmpty();
            case Json.Literal _, Json.Numeral _, Json.Text _ -> false;
        };
        return path.isEmpty() || (empty && !kind.adds()) ? json : change(json, 0);
    }

    private Json change(Json json, int level) {
        String step = path.get(level);
        if (step == null) {
            throw Errors.nullNotAllowed("path element at position " + (level + 1) + " is null");
        }
        return switch (json) {
            case Json.Members(Map<String, Json> members) -> members(members, step, level);
            case Json.Array(List<Json> elements) -> elements(elements, step, level);
            case Json.Literal _, Json.Numeral _, Json.Text _ -> json;
        };
    }

    private boolean isLast(int level) {
        return level == path.size() - 1;
    }

    private Json members(Map<String, Json> members, String key, int level) {
        TreeMap<String, Json> changed = Json.Members.sorted();
        changed.putAll(members);
        Json old = members.get(key);
        Json added = value;
        if (old == null) {
            if (isLast(level) && kind.adds() && added != null) {
                changed.put(key, added);
            }
        } else if (!isLast(level)) {
            changed.put(key, change(old, level + 1));
        } else if (kind.isInsert()) {
            throw Errors.invalidParameter("cannot replace existing key");
        } else if (added == null) {
            changed.remove(key);
        } else {
            changed.put(key, added);
        }
        return new Json.Members(changed);
    }

    private Json elements(List<Json> elements, String step, int level) {
        Integer index = JsonChanges.index(step);
        if (index == null) {
            throw Errors.malformed("path element at position " + (level + 1) + " is not an integer: \"" + step + "\"");
        }
        List<Json> changed = new ArrayList<>(elements);
        long at = index < 0 ? (long) elements.size() + index : Math.min(index, elements.size());
        Json added = value;
        if (at < 0 || at >= elements.size()) {
            if (isLast(level) && kind.adds() && added != null) {
                changed.add(at < 0 ? 0 : elements.size(), added);
            }
        } else if (!isLast(level)) {
            changed.set((int) at, change(elements.get((int) at), level + 1));
        } else if (added == null) {
            changed.remove((int) at);
        } else if (kind.isInsert()) {
            changed.add((int) at + (kind == Kind.INSERT_AFTER ? 1 : 0), added);
        } else {
            changed.set((int) at, added);
        }
        return new Json.Array(changed);
    }
}
