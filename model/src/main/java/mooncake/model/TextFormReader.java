package mooncake.model;

import java.util.ArrayList;
import java.util.List;

/// Reads what [TextForm#code] wrote.
public final class TextFormReader {
    private final String code;
    private int at;

    private TextFormReader(String code) {
        this.code = code;
    }

    public static TextForm read(String code) {
        TextFormReader reader = new TextFormReader(code);
        TextForm form = reader.form();
        reader.require(reader.at == code.length());
        return form;
    }

    private TextForm form() {
        String word = word();
        if (at == code.length() || code.charAt(at) == ')' || code.charAt(at) == ',') {
            for (TextForm.Simple simple : TextForm.Simple.values()) {
                if (simple.code().equals(word)) {
                    return simple;
                }
            }
            throw broken();
        }
        char delimiter = ',';
        if (word.equals("array") && code.charAt(at) != '(') {
            delimiter = code.charAt(at++);
        }
        expect('(');
        TextForm form = switch (word) {
            case "array" -> new TextForm.Array(form(), delimiter);
            case "range" -> new TextForm.Range(form());
            case "multirange" -> new TextForm.Multirange(form());
            case "row" -> new TextForm.Composite(fields());
            default -> throw broken();
        };
        expect(')');
        return form;
    }

    private List<TextForm.Field> fields() {
        List<TextForm.Field> fields = new ArrayList<>();
        while (at < code.length() && code.charAt(at) != ')') {
            if (!fields.isEmpty()) {
                expect(',');
            }
            int oid = Integer.parseUnsignedInt(word());
            expect(':');
            fields.add(new TextForm.Field(oid, form()));
        }
        return fields;
    }

    private String word() {
        int start = at;
        while (at < code.length() && (Character.isLetterOrDigit(code.charAt(at)) || code.charAt(at) == '_')) {
            at++;
        }
        require(at > start);
        return code.substring(start, at);
    }

    private void expect(char wanted) {
        require(at < code.length() && code.charAt(at) == wanted);
        at++;
    }

    private void require(boolean holds) {
        if (!holds) {
            throw broken();
        }
    }

    private IllegalArgumentException broken() {
        return new IllegalArgumentException("no text form at character " + at + " of " + code);
    }
}
