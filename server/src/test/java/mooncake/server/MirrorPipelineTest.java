package mooncake.server;

import static org.assertj.core.api.Assertions.assertThat;

import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import org.junit.jupiter.api.Test;

/// How far the slot may go: never past the earliest commit from which the next engine might start.
class MirrorPipelineTest {
    private static final Lsn FIRST = new Lsn(100);
    private static final Lsn SECOND = new Lsn(200);

    private final MirrorPipeline pipeline = new MirrorPipeline(1, 2, 0, new StreamPosition(), new MirrorState.Live());

    @Test
    void withoutACommitTheNextEngineCopiesAnyway() {
        pipeline.markChanged();
        assertThat(pipeline.safeToConfirm(false)).isNull();
    }

    @Test
    void aFirstCommitUnderWayMayBeFoundByTheNextEngine() {
        pipeline.markChanged();
        pipeline.durability().sealed();
        pipeline.durability().commitBegins(FIRST);
        assertThat(pipeline.safeToConfirm(true)).isEqualTo(FIRST);
        pipeline.markChanged();
        pipeline.durability().commitBegins(SECOND);
        assertThat(pipeline.safeToConfirm(true))
                .as("the first one may have become durable although it failed")
                .isEqualTo(FIRST);
        pipeline.durability().committed(SECOND);
        assertThat(pipeline.safeToConfirm(false)).isEqualTo(SECOND);
    }

    @Test
    void aCleanMirrorHoldsNothingBack() {
        pipeline.durability().commitBegins(FIRST);
        pipeline.durability().committed(FIRST);
        assertThat(pipeline.safeToConfirm(false)).isNull();
        pipeline.markChanged();
        assertThat(pipeline.safeToConfirm(false)).isEqualTo(FIRST);
    }

    @Test
    void aFailureHoldsTheSlotUntilItIsRecorded() {
        pipeline.durability().commitBegins(FIRST);
        MooncakeException cause = new MooncakeException(ErrorCode.UNREPRESENTABLE_VALUE, "NaN");
        pipeline.stop(new MirrorState.Failed(cause), cause);
        assertThat(pipeline.safeToConfirm(false)).isEqualTo(FIRST);
        pipeline.durability().recordFailure();
        assertThat(pipeline.safeToConfirm(false)).isNull();
    }
}
