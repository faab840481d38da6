package mooncake.server;

import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the engine until it is told to stop. Started by the background worker, which restarts it
/// when it ends.
public final class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);

    private Main() {}

    public static void main(String[] arguments) {
        try {
            EngineSettings settings = EngineSettings.fromEnvironment(System.getenv());
            Engine engine = new Engine(settings);
            CountDownLatch stopped = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                engine.close();
                stopped.countDown();
            }));
            engine.start();
            stopped.await();
        } catch (InterruptedException e) {
            log.info("interrupted");
        } catch (Throwable failure) {
            log.error("the engine cannot run: {}", failure.getMessage(), failure);
            Runtime.getRuntime().halt(1);
        }
    }
}
