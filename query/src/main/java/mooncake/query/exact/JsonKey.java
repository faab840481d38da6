package mooncake.query.exact;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// The order of jsonb: of keys within an object, and of whole values.
final class JsonKey {
    /// The order of keys: by their length in bytes, then by the bytes.
    static final Comparator<String> ORDER = JsonKey::compare;

    private static final int NULL = 1;
    private static final int TEXT = 2;
    private static final int NUMBER = 3;
    private static final int BOOLEAN = 4;
    private static final int ARRAY = 5;
    private static final int OBJECT = 6;

    private JsonKey() {}

    private static int compare(String a, String b) {
        byte[] left = a.getBytes(StandardCharsets.UTF_8);
        byte[] right = b.getBytes(StandardCharsets.UTF_8);
        return left.length != right.length
                ? Integer.compare(left.length, right.length)
                : Arrays.compareUnsigned(left, right);
    }

    /// A scalar is kept as an array of one element, and comes before such an array.
    static void write(Json json, KeyWriter out) {
        if (json.isScalar()) {
            out.bytes(ARRAY);
            out.integer(1);
            out.bytes(0);
            writePart(json, out);
        } else {
            writePart(json, out);
        }
    }

    private static void writePart(Json json, KeyWriter out) {
        switch (json) {
            case Json.Literal.NULL -> out.bytes(NULL);
            case Json.Literal.FALSE -> {
                out.bytes(BOOLEAN);
                out.bytes(0);
            }
            case Json.Literal.TRUE -> {
                out.bytes(BOOLEAN);
                out.bytes(1);
            }
            case Json.Text(String value) -> {
                out.bytes(TEXT);
                out.text(value);
            }
            case Json.Numeral(String text) -> {
                out.bytes(NUMBER);
                out.number(text);
            }
            case Json.Array(List<Json> elements) -> {
                out.bytes(ARRAY);
                out.integer(elements.size());
                out.bytes(1);
                elements.forEach(element -> writePart(element, out));
            }
            case Json.Members(Map<String, Json> members) -> {
                out.bytes(OBJECT);
                out.integer(members.size());
                members.forEach((key, value) -> {
                    out.text(key);
                    writePart(value, out);
                });
            }
        }
    }
}
