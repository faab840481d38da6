package mooncake.query.translate;

import java.util.regex.Pattern;
import mooncake.query.tree.Refusal;

/// Amounts of money as Postgres prints them where `lc_monetary` is C.
final class Amounts {
    private static final Pattern AMOUNT = Pattern.compile("-?\\$\\d{1,3}(?:,\\d{3})*\\.\\d\\d");
    private static final Pattern SIGNS = Pattern.compile("[$,.]");

    private Amounts() {}

    /// The number of cents.
    static long parse(String text) {
        if (!AMOUNT.matcher(text).matches()) {
            throw Refusal.because("The amount %s is not as the C locale writes it.", text);
        }
        return Long.parseLong(SIGNS.matcher(text).replaceAll(""));
    }
}
