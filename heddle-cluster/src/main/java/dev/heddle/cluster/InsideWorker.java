package dev.heddle.cluster;

import dev.heddle.metadata.MetadataStore;
import dev.heddle.process.Body;
import dev.heddle.worker.Worker;
import dev.heddle.worker.WorkerOptions;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// A process that starts a worker in this JVM, while others start what else there is: most of the time of a
/// start is spent on loading classes.
final class InsideWorker implements Body {
  private final WorkerOptions options;
  private final MetadataStore store;
  private final CountDownLatch done = new CountDownLatch(1);
  // Written before `done`.
  private @Nullable Worker worker;
  private @Nullable IOException refusal;
  private @Nullable RuntimeException defect;

  InsideWorker(WorkerOptions options, MetadataStore store) {
    this.options = options;
    this.store = store;
  }

  @Override
  public void run() throws InterruptedException {
    try {
      worker = Worker.start(options, store);
    } catch (IOException e) {
      refusal = e;
    } catch (RuntimeException e) {
      defect = e;
    } finally {
      done.countDown();
    }
  }

  /// Waits until it takes requests.
  ///
  /// @throws IOException if it does not start
  void await() throws IOException, InterruptedException {
    done.await();
    if (refusal != null) {
      throw refusal;
    }
    if (defect != null) {
      throw defect;
    }
  }

  /// Ends it, once it has started.
  void close() throws InterruptedException {
    done.await();
    if (worker != null) {
      worker.close();
    }
  }
}
