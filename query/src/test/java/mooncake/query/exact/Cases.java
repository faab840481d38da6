package mooncake.query.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import mooncake.query.exact.Oracle.Case;

/// The cases of one test, made at random, and the seed that makes them again.
final class Cases {
    private final Oracle oracle;
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final List<Case> cases = new ArrayList<>();

    /// @param oracle decides what the outcomes should be
    Cases(Oracle oracle) {
        this.oracle = oracle;
    }

    /// All that is random about the cases must come from here.
    Random random() {
        return random;
    }

    void add(Case added) {
        cases.add(added);
    }

    void check() {
        oracle.check(seed, cases);
    }
}
