package mooncake.query.exact;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Reads intervals as Postgres' input function does under IntervalStyle postgres: numbers with units, a time, `ago`,
/// and
/// the form of ISO 8601 that names its units. Other forms are not computed.
final class IntervalInput {
    private static final int FIRST_WITH_INFINITY = 17;
    private static final int MONTHS_A_YEAR = 12;
    private static final int DAYS_A_MONTH = 30;
    private static final int DAYS_A_WEEK = 7;

    private static final Pattern TERM = Pattern.compile("\\s*([+-]?)(\\d{1,19})?(?:\\.(\\d{0,20}))?\\s*([A-Za-z]+)");
    private static final Pattern TIME =
            Pattern.compile("\\s*([+-]?)(\\d{1,9}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d{1,20}))?)?");
    private static final Pattern BARE = Pattern.compile("\\s*([+-]?)(\\d{1,9})(?=\\s+[+-]?\\d{1,9}:|\\s*$)");
    private static final Pattern AGO = Pattern.compile("\\s+[Aa][Gg][Oo]\\s*$");
    private static final Pattern WORD = Pattern.compile("[A-Za-z]*");
    private static final Pattern ISO = Pattern.compile("P(?:(-?\\d{1,9})Y)?(?:(-?\\d{1,9})M)?(?:(-?\\d{1,9})W)?"
            + "(?:(-?\\d{1,9})D)?(?:T(?:(-?\\d{1,9})H)?(?:(-?\\d{1,9})M)?(?:(-?\\d{1,9}(?:\\.\\d{1,9})?)S)?)?");

    /// What a number counts, and the names of that.
    private enum Unit {
        MICROSECOND(1, "us usec usecs usecond useconds microsecond microseconds"),
        MILLISECOND(1_000, "ms msec msecs msecond mseconds millisecond milliseconds"),
        SECOND(Timestamps.SECOND, "s sec secs second seconds"),
        MINUTE(60 * Timestamps.SECOND, "m min mins minute minutes"),
        HOUR(3_600 * Timestamps.SECOND, "h hr hrs hour hours"),
        DAY(1, "d day days"),
        WEEK(DAYS_A_WEEK, "w week weeks"),
        MONTH(1, "mon mons month months"),
        YEAR(1, "y yr yrs year years"),
        DECADE(10, "dec decs decade decades"),
        CENTURY(100, "c cent century centuries"),
        MILLENNIUM(1_000, "mil mils millennium millennia");

        private final long scale;
        private final String names;

        Unit(long scale, String names) {
            this.scale = scale;
            this.names = names;
        }
    }

    private static final Map<String, Unit> UNITS = new HashMap<>();

    static {
        for (Unit unit : Unit.values()) {
            for (String name : unit.names.split(" ", -1)) {
                UNITS.put(name, unit);
            }
        }
    }

    private final String text;
    private final Set<Unit> seen = EnumSet.noneOf(Unit.class);
    private int years;
    private int months;
    private int days;
    private long micros;

    private IntervalInput(String text) {
        this.text = text;
    }

    static Interval read(String text, int major) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (major >= FIRST_WITH_INFINITY && word.endsWith("infinity")) {
            if (!word.equals("infinity") && !word.equals("-infinity")) {
                throw unread(text);
            }
            return word.startsWith("-") ? Interval.NEGATIVE_INFINITY : Interval.INFINITY;
        }
        if (WORD.matcher(word).matches() && !word.startsWith("p")) {
            throw invalid(text);
        }
        IntervalInput input = new IntervalInput(text);
        try {
            Matcher iso = ISO.matcher(text);
            if (iso.matches() && text.length() > 1 && !text.endsWith("T")) {
                input.iso(iso);
            } else {
                input.terms();
            }
        } catch (ArithmeticException _) {
            throw overflow(text);
        }
        return input.value();
    }

    private Interval value() {
        try {
            return new Interval(Math.addExact(Math.multiplyExact(years, MONTHS_A_YEAR), months), days, micros);
        } catch (ArithmeticException _) {
            throw Errors.intervalOutOfRange();
        }
    }

    /// A part of the text, which counts once it is known that all parts can be read.
    private interface Term {
        void count();
    }

    /// The last part counts first, and the first one that is wrong decides about the error.
    private void terms() {
        Matcher ago = AGO.matcher(text);
        boolean past = ago.find();
        String rest = past ? text.substring(0, ago.start()) : text;
        Deque<Term> terms = new ArrayDeque<>();
        int at = 0;
        while (!rest.substring(at).isBlank()) {
            at = term(rest, at, terms);
        }
        if (terms.isEmpty()) {
            throw unread(text);
        }
        terms.forEach(Term::count);
        if (past) {
            years = Math.negateExact(years);
            months = Math.negateExact(months);
            days = Math.negateExact(days);
            micros = Math.negateExact(micros);
        }
    }

    /// Reads a part and returns where it ends.
    private int term(String rest, int at, Deque<Term> terms) {
        Matcher time = TIME.matcher(rest).region(at, rest.length());
        if (time.lookingAt()) {
            terms.push(() -> time(time));
            return time.end();
        }
        Matcher bare = BARE.matcher(rest).region(at, rest.length());
        if (bare.lookingAt()) {
            boolean alone = rest.substring(bare.end()).isBlank();
            terms.push(() -> add(bare.group(1).equals("-"), bare.group(2), "", alone ? Unit.SECOND : Unit.DAY));
            return bare.end();
        }
        Matcher term = TERM.matcher(rest).region(at, rest.length());
        if (!term.lookingAt()
                || (term.group(2) == null
                        && (term.group(3) == null || term.group(3).isEmpty()))) {
            throw unread(text);
        }
        Unit unit = UNITS.get(term.group(4).toLowerCase(Locale.ROOT));
        if (unit == null) {
            throw unread(text);
        }
        String whole = term.group(2) == null ? "0" : term.group(2);
        String digits = term.group(3) == null ? "" : term.group(3);
        terms.push(() -> add(term.group(1).equals("-"), whole, digits, unit));
        return term.end();
    }

    private void add(boolean negative, String whole, String digits, Unit unit) {
        long value;
        try {
            value = Long.parseLong(negative ? "-" + whole : whole);
        } catch (NumberFormatException _) {
            throw overflow(text);
        }
        double fraction = digits.isEmpty() ? 0 : Double.parseDouble("0." + digits);
        add(value, negative ? -fraction : fraction, unit);
        once(unit);
        if (unit == Unit.SECOND && fraction != 0) {
            once(Unit.MILLISECOND);
            once(Unit.MICROSECOND);
        }
    }

    private void once(Unit unit) {
        if (!seen.add(unit)) {
            throw invalid(text);
        }
    }

    private void add(long value, double fraction, Unit unit) {
        switch (unit) {
            case MICROSECOND, MILLISECOND, SECOND, MINUTE, HOUR -> {
                micros = Math.addExact(micros, Math.multiplyExact(value, unit.scale));
                addMicros(fraction, unit.scale);
            }
            case DAY, WEEK -> {
                days = Math.addExact(days, Math.toIntExact(Math.multiplyExact(value, unit.scale)));
                addDays(fraction, (int) unit.scale);
            }
            case MONTH -> {
                months = Math.addExact(months, Math.toIntExact(value));
                addDays(fraction, DAYS_A_MONTH);
            }
            case YEAR, DECADE, CENTURY, MILLENNIUM -> {
                years = Math.addExact(years, Math.toIntExact(Math.multiplyExact(value, unit.scale)));
                months = Math.addExact(months, (int) Math.rint(fraction * unit.scale * MONTHS_A_YEAR));
            }
        }
    }

    private void addDays(double fraction, int scale) {
        double part = fraction * scale;
        int whole = (int) part;
        days = Math.addExact(days, whole);
        addMicros(part - whole, Timestamps.DAY);
    }

    private void addMicros(double fraction, long scale) {
        double part = fraction * scale;
        long whole = (long) part;
        double rest = part - whole;
        micros = Math.addExact(micros, whole + (rest > 0.5 ? 1 : rest < -0.5 ? -1 : 0));
    }

    private void time(Matcher time) {
        int minutes = Integer.parseInt(time.group(3));
        int seconds = time.group(4) == null ? 0 : Integer.parseInt(time.group(4));
        String digits = time.group(5);
        long fraction = digits == null ? 0 : (long) Math.rint(Double.parseDouble("0." + digits) * Timestamps.SECOND);
        if (minutes > 59 || seconds > 60) {
            throw time.group(1).isEmpty() ? overflow(text) : invalid(text);
        }
        long size = (Long.parseLong(time.group(2)) * 3_600 + minutes * 60L + seconds) * Timestamps.SECOND + fraction;
        micros = Math.addExact(micros, time.group(1).equals("-") ? -size : size);
        List.of(Unit.HOUR, Unit.MINUTE, Unit.SECOND, Unit.MILLISECOND, Unit.MICROSECOND)
                .forEach(this::once);
    }

    private void iso(Matcher iso) {
        Unit[] units = {Unit.YEAR, Unit.MONTH, Unit.WEEK, Unit.DAY, Unit.HOUR, Unit.MINUTE, Unit.SECOND};
        for (int i = 0; i < units.length; i++) {
            String number = iso.group(i + 1);
            if (number != null) {
                double value = Double.parseDouble(number);
                long whole = (long) value;
                add(whole, value - whole, units[i]);
            }
        }
    }

    private static MooncakeException invalid(String text) {
        return Errors.invalidDateTime("invalid input syntax for type interval: \"" + text + "\"");
    }

    private static MooncakeException overflow(String text) {
        return new MooncakeException(
                ErrorCode.INTERVAL_OVERFLOW, "interval field value out of range: \"" + text + "\"");
    }

    private static MooncakeException unread(String text) {
        return Errors.notComputed("the interval \"" + text + "\"");
    }
}
