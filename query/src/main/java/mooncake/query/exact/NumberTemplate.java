package mooncake.query.exact;

import java.util.List;
import java.util.Locale;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.query.exact.Template.Node;
import mooncake.query.exact.Template.Pattern;

/// What a template for numbers asks for.
final class NumberTemplate {
    static final List<String> KEYS = List.of(
            ",", ".", "0", "9", "B", "C", "D", "EEEE", "FM", "G", "L", "MI", "PL", "PR", "RN", "SG", "SP", "S", "TH",
            "V", "b", "c", "d", "eeee", "fm", "g", "l", "mi", "pl", "pr", "rn", "sg", "sp", "s", "th", "v");

    /// Where `S` writes the sign.
    enum SignPlace {
        NONE,
        BEFORE,
        AFTER
    }

    final List<Node> nodes;
    int whole;
    int fraction;
    int shift;
    int zeroStart;
    int zeroEnd;
    boolean zero;
    boolean blank;
    boolean fill;
    boolean decimal;
    boolean bracket;
    boolean minus;
    boolean plus;
    boolean roman;
    boolean shifted;
    boolean scientific;
    boolean localSign;
    SignPlace signPlace = SignPlace.NONE;
    int digitsBeforeSign;

    private NumberTemplate(List<Node> nodes) {
        this.nodes = nodes;
    }

    static NumberTemplate of(String template) {
        NumberTemplate parsed = new NumberTemplate(Template.ofNumbers(template, KEYS));
        for (Node node : parsed.nodes) {
            if (node instanceof Pattern pattern) {
                parsed.add(pattern.key().toUpperCase(Locale.ROOT));
            }
        }
        return parsed;
    }

    /// A copy for one value, whose formatting changes it.
    NumberTemplate copy() {
        NumberTemplate copy = new NumberTemplate(nodes);
        copy.whole = whole;
        copy.fraction = fraction;
        copy.shift = shift;
        copy.zeroStart = zeroStart;
        copy.zeroEnd = zeroEnd;
        copy.zero = zero;
        copy.blank = blank;
        copy.fill = fill;
        copy.decimal = decimal;
        copy.bracket = bracket;
        copy.minus = minus;
        copy.plus = plus;
        copy.roman = roman;
        copy.shifted = shifted;
        copy.scientific = scientific;
        copy.localSign = localSign;
        copy.signPlace = signPlace;
        copy.digitsBeforeSign = digitsBeforeSign;
        return copy;
    }

    private void add(String key) {
        if (scientific && !key.equals("EEEE")) {
            throw syntax("\"EEEE\" must be the last pattern used");
        }
        switch (key) {
            case "9", "0" -> addDigit(key);
            case "B" -> blank |= whole == 0 && fraction == 0 && !zero;
            case "D", "." -> {
                if (decimal) {
                    throw syntax("multiple decimal points");
                }
                if (shifted) {
                    throw syntax("cannot use \"V\" and decimal point together");
                }
                decimal = true;
            }
            case "FM" -> fill = true;
            case "S" -> addSign();
            case "MI", "PL", "SG" -> {
                if (localSign) {
                    throw syntax("cannot use \"S\" and \"" + key + "\" together");
                }
                minus |= !key.equals("PL");
                plus |= !key.equals("MI");
            }
            case "PR" -> {
                if (localSign || plus || minus) {
                    throw syntax("cannot use \"PR\" and \"S\"/\"PL\"/\"MI\"/\"SG\" together");
                }
                bracket = true;
            }
            case "RN" -> roman = true;
            case "V" -> {
                if (decimal) {
                    throw syntax("cannot use \"V\" and decimal point together");
                }
                shifted = true;
            }
            case "EEEE" -> {
                if (scientific) {
                    throw syntax("cannot use \"EEEE\" twice");
                }
                if (blank || fill || localSign || bracket || minus || plus || roman || shifted) {
                    throw syntax("\"EEEE\" is incompatible with other formats");
                }
                scientific = true;
            }
            default -> {}
        }
    }

    private void addDigit(String key) {
        if (bracket) {
            throw syntax("\"" + key + "\" must be ahead of \"PR\"");
        }
        if (key.equals("9") && shifted) {
            shift++;
            return;
        }
        if (key.equals("0") && !zero && !decimal) {
            zero = true;
            zeroStart = whole + 1;
        }
        if (decimal) {
            fraction++;
        } else {
            whole++;
        }
        if (key.equals("0")) {
            zeroEnd = whole + fraction;
        }
    }

    private void addSign() {
        if (localSign) {
            throw syntax("cannot use \"S\" twice");
        }
        if (plus || minus || bracket) {
            throw syntax("cannot use \"S\" and \"PL\"/\"MI\"/\"SG\"/\"PR\" together");
        }
        if (!decimal) {
            signPlace = SignPlace.BEFORE;
            digitsBeforeSign = whole;
            localSign = true;
        } else if (signPlace == SignPlace.NONE) {
            signPlace = SignPlace.AFTER;
            localSign = true;
        }
    }

    static MooncakeException syntax(String message) {
        return new MooncakeException(ErrorCode.SYNTAX, message);
    }
}
