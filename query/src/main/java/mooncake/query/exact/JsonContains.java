package mooncake.query.exact;

import java.util.List;
import java.util.Map;

/// The operator `@>` of jsonb.
final class JsonContains {
    private JsonContains() {}

    static boolean contains(Json whole, Json part) {
        if (whole.isScalar()) {
            return part.isScalar() && same(whole, part);
        }
        if (part.isScalar()) {
            return whole instanceof Json.Array(List<Json> elements)
                    && elements.stream().anyMatch(element -> same(element, part));
        }
        return containsContainer(whole, part);
    }

    private static boolean containsContainer(Json whole, Json part) {
        if (whole instanceof Json.Members(Map<String, Json> members) && part instanceof Json.Members wanted) {
            return wanted.members().entrySet().stream().allMatch(member -> {
                Json value = members.get(member.getKey());
                return value != null && containsValue(value, member.getValue());
            });
        }
        if (whole instanceof Json.Array(List<Json> elements) && part instanceof Json.Array wanted) {
            return wanted.elements().stream()
                    .allMatch(want -> elements.stream().anyMatch(element -> containsValue(element, want)));
        }
        return false;
    }

    private static boolean containsValue(Json value, Json wanted) {
        return (value.isScalar() || wanted.isScalar()) ? same(value, wanted) : containsContainer(value, wanted);
    }

    /// Whether two scalars are equal; numbers are whatever their scale.
    static boolean same(Json a, Json b) {
        if (a instanceof Json.Numeral(String left) && b instanceof Json.Numeral(String right)) {
            return new java.math.BigDecimal(left).compareTo(new java.math.BigDecimal(right)) == 0;
        }
        return a.isScalar() && a.equals(b);
    }
}
