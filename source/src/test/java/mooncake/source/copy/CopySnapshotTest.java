package mooncake.source.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import org.junit.jupiter.api.Test;

class CopySnapshotTest {
    @Test
    void seesWhatHadEnded() {
        CopySnapshot snapshot = CopySnapshot.parse("100:110:108,100,103", new Lsn(1));

        assertThat(snapshot.sees(99)).isTrue();
        assertThat(snapshot.sees(100)).isFalse();
        assertThat(snapshot.sees(102)).isTrue();
        assertThat(snapshot.sees(103)).isFalse();
        assertThat(snapshot.sees(109)).isTrue();
        assertThat(snapshot.sees(110)).isFalse();
        assertThat(snapshot.sees(2_000_000_000)).isFalse();
    }

    @Test
    void knowsTheUpperHalfAcrossAWraparound() {
        long epoch = 3L << 32;
        CopySnapshot early = new CopySnapshot(epoch - 5, epoch + 4, new long[] {epoch - 5, epoch + 3}, Lsn.NONE);

        assertThat(early.sees(-6)).isTrue();
        assertThat(early.sees(-5)).isFalse();
        assertThat(early.sees(-4)).isTrue();
        assertThat(early.sees(3)).isFalse();
        assertThat(early.sees(4)).isFalse();
        assertThat(early.sees(-2_000_000_000)).isTrue();

        CopySnapshot late = new CopySnapshot(epoch - 2, epoch - 1, new long[] {epoch - 2}, Lsn.NONE);
        assertThat(late.sees(-2)).isFalse();
        assertThat(late.sees(-3)).isTrue();
        assertThat(late.sees(5)).isFalse();
    }

    @Test
    void anEmptyListOfRunningTransactionsIsRead() {
        assertThat(CopySnapshot.parse("7:7:", Lsn.NONE).running()).isEmpty();
        assertThatThrownBy(() -> CopySnapshot.parse("7:7", Lsn.NONE)).isInstanceOf(MooncakeException.class);
    }
}
