package mooncake.system;

import org.junit.jupiter.api.BeforeAll;

/// A server for all tests of a class, and the sources and mirrors that they make there.
abstract class PairsFixture extends ServerFixture {
    static MirrorPairs pairs;

    @BeforeAll
    static void startPairs() {
        pairs = new MirrorPairs(server);
    }
}
