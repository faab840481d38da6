package mooncake.query.translate;

import mooncake.query.exact.Arrays;
import mooncake.query.frame.Value;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// Constants of types that are held as text.
final class DocumentLiterals {
    private DocumentLiterals() {}

    static Scalar of(Value value, Form.Document form) {
        Value literal = value.known() ? value : null;
        String text = value.text();
        if (text == null) {
            return new Scalar("CAST(NULL AS VARCHAR)", form, literal, false);
        }
        return new Scalar(
                "CAST(" + Literals.text(canonical(value.type(), text)) + " AS VARCHAR)", form, literal, false);
    }

    /// The session's time zone shows in moments; as mirrors keep them, they are in UTC.
    private static String canonical(int type, String text) {
        int element = mooncake.query.tree.ArrayTypes.elementOf(type);
        if (element == Oids.TIMESTAMPTZ) {
            return Arrays.map(text, Arrays::inUtc);
        }
        int range = mooncake.query.tree.ArrayTypes.rangeOf(type);
        if (mooncake.query.tree.ArrayTypes.boundOf(range == 0 ? type : range) == Oids.TIMESTAMPTZ) {
            throw Refusal.because("A constant of type %d is not translated.", type);
        }
        return text;
    }
}
