package mooncake.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ActiveRequestTest {
    @Test
    void whatIsForgottenIsNotStopped() {
        ActiveRequest request = new ActiveRequest();
        AtomicBoolean stopped = new AtomicBoolean();
        Runnable stop = () -> stopped.set(true);
        request.onCancel(stop);
        request.forget(stop);
        request.cancel();
        assertThat(stopped).isFalse();
        request.onCancel(stop);
        assertThat(stopped).as("cancelled before it began").isTrue();
    }

    /// Otherwise the interrupt would hit the next query on the same connection.
    @Test
    void forgettingWaitsForAStopThatRuns() throws InterruptedException {
        ActiveRequest request = new ActiveRequest();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Runnable stop = () -> {
            running.countDown();
            await(goOn);
            ended.set(true);
        };
        request.onCancel(stop);
        Thread canceller = Thread.ofPlatform().start(request::cancel);
        running.await();
        AtomicBoolean endedBeforeForgotten = new AtomicBoolean();
        Thread owner = Thread.ofPlatform().start(() -> {
            request.forget(stop);
            endedBeforeForgotten.set(ended.get());
        });
        while (owner.isAlive() && owner.getState() != Thread.State.BLOCKED) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        owner.join();
        canceller.join();
        assertThat(endedBeforeForgotten).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
