package mooncake.query.exact;

import java.util.Locale;
import mooncake.query.exact.NumberTemplate.SignPlace;
import mooncake.query.exact.Template.Literal;
import mooncake.query.exact.Template.Node;
import mooncake.query.exact.Template.Pattern;

/// Sets the digits of a number into a template.
final class NumberWriter {
    private static final char END = '\0';
    private static final int ROMAN_WIDTH = 15;

    private final NumberTemplate template;
    private final String number;
    private final int spaces;
    private final char sign;
    private final StringBuilder out = new StringBuilder();
    private boolean signWritten;
    private boolean inNumber;
    private int count;
    private int current;
    private int at;

    /// The place of the last digit that matters under `FM`, -1 when all do.
    private int lastRelevant = -1;

    private NumberWriter(NumberTemplate template, String number, int spaces, char sign) {
        this.template = template;
        this.number = number;
        this.spaces = spaces;
        this.sign = sign;
    }

    /// @param spaces how many digits of the template stay empty before the number
    static String write(NumberTemplate template, String number, int spaces, char sign) {
        if (template.roman) {
            return roman(template, number);
        }
        NumberWriter writer = new NumberWriter(template, number, spaces, sign);
        writer.prepare();
        template.nodes.forEach(writer::write);
        return text(writer.out);
    }

    /// What comes before the end that C sees.
    private static String text(StringBuilder out) {
        int end = out.indexOf("\0");
        return end < 0 ? out.toString() : out.substring(0, end);
    }

    private static String roman(NumberTemplate template, String number) {
        StringBuilder out = new StringBuilder();
        for (Node node : template.nodes) {
            switch (node) {
                case Literal(String text, boolean _) -> out.append(text);
                case Pattern(String key, boolean _, boolean _, char _) -> {
                    if (key.equalsIgnoreCase("RN")) {
                        String shown = key.equals("rn") ? number.toLowerCase(Locale.ROOT) : number;
                        out.append(template.fill ? "" : " ".repeat(ROMAN_WIDTH - shown.length()))
                                .append(shown);
                    } else {
                        romanOther(template, key, out);
                    }
                }
            }
        }
        return text(out);
    }

    /// Patterns beside a Roman number: signs are blank, groups empty.
    private static void romanOther(NumberTemplate template, String key, StringBuilder out) {
        switch (key.toUpperCase(Locale.ROOT)) {
            case ",", "G", "MI", "PL" -> out.append(template.fill ? "" : " ");
            case "L" -> out.append(' ');
            case "SG" -> out.append(END);
            default -> {}
        }
    }

    private void prepare() {
        template.zeroStart = Math.max(template.zeroStart - 1, 0);
        if (template.plus || template.minus) {
            signWritten = !template.plus || template.minus;
        } else {
            if (sign != '-' && template.fill) {
                template.bracket = false;
            }
            signWritten = sign == '+' && template.fill && !template.localSign;
            if (template.signPlace == SignPlace.BEFORE && template.whole == template.digitsBeforeSign) {
                template.signPlace = SignPlace.AFTER;
            }
        }
        count = template.fraction + template.whole - 1;
        if (template.fill && template.decimal) {
            lastRelevant = lastDecimal();
            if (lastRelevant >= 0 && template.zeroEnd > spaces) {
                lastRelevant = Math.max(lastRelevant, Math.min(number.length() - 1, template.zeroEnd - spaces));
            }
        }
        if (!signWritten && spaces == 0) {
            count++;
        }
    }

    private int lastDecimal() {
        int point = number.indexOf('.');
        if (point < 0) {
            return -1;
        }
        int last = point;
        for (int i = point + 1; i < number.length(); i++) {
            if (number.charAt(i) != '0') {
                last = i;
            }
        }
        return last;
    }

    private void write(Node node) {
        switch (node) {
            case Literal(String text, boolean _) -> out.append(text);
            case Pattern(String key, boolean _, boolean _, char _) -> {
                switch (key.toUpperCase(Locale.ROOT)) {
                    case "9", ".", "D" -> digit(false);
                    case "0" -> digit(true);
                    case ",", "G" -> out.append(inNumber ? "," : template.fill ? "" : " ");
                    case "L" -> out.append(' ');
                    case "TH" -> ordinal(key.equals("TH"));
                    case "MI" -> out.append(sign == '-' ? "-" : template.fill ? "" : " ");
                    case "PL" -> out.append(sign == '+' ? "+" : template.fill ? "" : " ");
                    case "SG" -> out.append(sign);
                    default -> {}
                }
            }
        }
    }

    private void ordinal(boolean upper) {
        if (number.charAt(0) != '#' && sign != '-' && !template.decimal) {
            out.append(Template.ordinal(number, upper));
        }
    }

    private void digit(boolean zeroPattern) {
        inNumber = false;
        writeSign();
        if (current < spaces && (template.zeroStart > current || !template.zero)) {
            if (!template.fill) {
                out.append(' ');
            }
        } else if (template.zero && current < spaces) {
            out.append('0');
            inNumber = true;
        } else {
            writeNumber(zeroPattern);
        }
        int end = count + (spaces > 0 ? 1 : 0) + (template.decimal ? 1 : 0);
        if (lastRelevant >= 0 && lastRelevant == at) {
            end = current;
        }
        if (current + 1 == end) {
            if (signWritten && template.bracket) {
                out.append(sign == '+' ? ' ' : '>');
            } else if (template.localSign && template.signPlace == SignPlace.AFTER) {
                out.append(sign == '-' ? '-' : '+');
            }
        }
        current++;
    }

    private void writeSign() {
        boolean due = current >= spaces || (template.zero && template.zeroStart == current);
        if (signWritten || !due || (isLeadingZero() && !isRelevantPoint())) {
            return;
        }
        if (template.localSign) {
            if (template.signPlace == SignPlace.BEFORE) {
                out.append(sign == '-' ? '-' : '+');
                signWritten = true;
            }
        } else if (template.bracket) {
            out.append(sign == '+' ? ' ' : '<');
            signWritten = true;
        } else {
            if (sign == '-' || !template.fill) {
                out.append(sign == '-' ? '-' : ' ');
            }
            signWritten = true;
        }
    }

    private void writeNumber(boolean zeroPattern) {
        if (charAt(at) == '.') {
            if (!isRelevantPoint() || template.fill) {
                out.append('.');
            }
        } else if (lastRelevant >= 0 && at > lastRelevant && !zeroPattern) {
            // A zero at the end that FM leaves out.
        } else if (isLeadingZero()) {
            if (!template.fill) {
                out.append(' ');
            } else if (isRelevantPoint()) {
                out.append('0');
            }
        } else {
            out.append(charAt(at));
            inNumber = true;
        }
        if (at < number.length()) {
            at++;
        }
    }

    /// Whether the point is the last that matters.
    private boolean isRelevantPoint() {
        return lastRelevant >= 0 && charAt(lastRelevant) == '.';
    }

    /// Whether the zero before the point is at hand, which `9.9` leaves out.
    private boolean isLeadingZero() {
        return !template.zero && at == 0 && charAt(0) == '0' && template.fraction != 0;
    }

    private char charAt(int index) {
        return index < number.length() ? number.charAt(index) : END;
    }
}
