package dev.heddle.cluster;

import dev.heddle.metadata.MetadataStore;
import dev.heddle.process.Body;
import dev.heddle.worker.Worker;
import dev.heddle.worker.WorkerOptions;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// A process that starts a worker in this JVM, while others start what else there is: most of the time of a
/// start is spent on loading classes.
final class InsideWorker implements Body {
  private final WorkerOptions options;
  private final MetadataStore store;
  private final Optional<Doors.Door> door;
  private final CountDownLatch done = new CountDownLatch(1);
  // Written before `done`.
  private @Nullable Worker worker;
  private @Nullable IOException refusal;
  private @Nullable RuntimeException defect;

  /// @param door before which others stand, if there is one
  InsideWorker(WorkerOptions options, MetadataStore store, Optional<Doors.Door> door) {
    this.options = options;
    this.store = store;
    this.door = door;
  }

  @Override
  public void run() throws InterruptedException {
    try {
      var started = Worker.start(options, store);
      worker = started;
      door.ifPresent(open -> open.leadsTo(started.listensAt()));
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
