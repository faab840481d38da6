package mooncake.query.exact;

import java.math.BigDecimal;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.query.exact.NumberTemplate.SignPlace;
import mooncake.query.exact.Numeric.Finite;
import mooncake.query.exact.Template.Literal;
import mooncake.query.exact.Template.Node;
import mooncake.query.exact.Template.Pattern;

/// `to_number` under the C locale.
final class NumberParser {
    private static final String DATA = "0123456789.,+-";
    private static final int TYPMOD_HEADER = 4;

    private final NumberTemplate template;
    private final String in;
    private final StringBuilder digits = new StringBuilder();
    private char sign = ' ';
    private int at;
    private int readWhole;
    private int readFraction;
    private boolean inFraction;

    private NumberParser(NumberTemplate template, String in) {
        this.template = template;
        this.in = in;
    }

    static Numeric parse(String text, NumberTemplate template, int major) {
        if (template.scientific) {
            throw unsupported("\"EEEE\" not supported for input");
        }
        if (template.roman) {
            if (major >= 18) {
                throw Errors.notComputed("a Roman number");
            }
            throw unsupported("\"RN\" not supported for input");
        }
        NumberParser parser = new NumberParser(template, text);
        for (Node node : template.nodes) {
            if (parser.at >= text.length()) {
                break;
            }
            parser.read(node);
        }
        return parser.result(major);
    }

    private Numeric result(int major) {
        if (!digits.isEmpty() && digits.charAt(digits.length() - 1) == '.') {
            digits.setLength(digits.length() - 1);
        }
        int scale = readFraction;
        int precision = template.whole + template.shift + scale;
        Numeric number = NumericMath.typmod(
                NumberInput.numeric(sign + digits.toString(), major),
                ((precision << 16) | (scale & 0x7ff)) + TYPMOD_HEADER);
        return template.shifted
                ? NumericMath.multiply(
                        number, NumericPowers.power(ten(), new Finite(BigDecimal.valueOf(-template.shift)), major))
                : number;
    }

    private static Numeric ten() {
        return new Finite(BigDecimal.TEN);
    }

    private static MooncakeException unsupported(String message) {
        return new MooncakeException(ErrorCode.UNSUPPORTED_TYPE, message);
    }

    private void read(Node node) {
        switch (node) {
            case Literal _ -> at += Character.charCount(in.codePointAt(at));
            case Pattern(String key, boolean _, boolean _, char _) -> {
                switch (key.toUpperCase(java.util.Locale.ROOT)) {
                    case "9", "0" -> {
                        readPart(true);
                        at++;
                    }
                    case ".", "D" -> {
                        readPart(false);
                        at++;
                    }
                    case ",", "G" -> {
                        if (!template.fill && in.charAt(at) == ',') {
                            at++;
                        }
                    }
                    case "L" -> skip(1);
                    case "TH" -> {
                        if (!template.decimal && sign != '-') {
                            skip(2);
                        }
                    }
                    case "MI" -> readSign("-");
                    case "PL" -> readSign("+");
                    case "SG" -> readSign("-+");
                    default -> {}
                }
            }
        }
    }

    private void readSign(String signs) {
        if (signs.indexOf(in.charAt(at)) >= 0) {
            sign = in.charAt(at);
            at++;
        } else {
            skip(1);
        }
    }

    /// Leaves out characters that can be no part of a number.
    private void skip(int count) {
        for (int i = 0; i < count && at < in.length() && DATA.indexOf(in.charAt(at)) < 0; i++) {
            at += Character.charCount(in.codePointAt(at));
        }
    }

    private boolean atEnd() {
        return at >= in.length();
    }

    private void readPart(boolean digit) {
        if (in.charAt(at) == ' ') {
            at++;
        }
        if (atEnd()) {
            return;
        }
        if (sign == ' ' && digit && readWhole + readFraction == 0) {
            readLeadingSign();
        }
        if (atEnd()) {
            return;
        }
        boolean read = false;
        char c = in.charAt(at);
        if (NumberInput.isDigit(c)) {
            if (inFraction && readFraction == template.fraction) {
                return;
            }
            digits.append(c);
            if (inFraction) {
                readFraction++;
            } else {
                readWhole++;
            }
            read = true;
        } else if (template.decimal && !inFraction && c == '.') {
            digits.append('.');
            inFraction = true;
            read = true;
        }
        if (sign == ' ' && readWhole + readFraction > 0) {
            readTrailingSign(read);
        }
    }

    private void readLeadingSign() {
        char c = in.charAt(at);
        boolean local = template.localSign && template.signPlace == SignPlace.BEFORE;
        if (c == '-' || (!local && template.bracket && c == '<')) {
            sign = '-';
            at++;
        } else if (c == '+') {
            sign = '+';
            at++;
        }
    }

    private void readTrailingSign(boolean read) {
        if (template.localSign && read && at + 1 < in.length() && !NumberInput.isDigit(in.charAt(at + 1))) {
            char next = in.charAt(at + 1);
            if (next == '-' || next == '+') {
                sign = next;
                at++;
            }
        } else if (!read && !template.localSign && (template.plus || template.minus)) {
            char c = in.charAt(at);
            if (c == '-' || c == '+') {
                sign = c;
            }
        }
    }
}
