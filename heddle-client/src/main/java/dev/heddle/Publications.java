package dev.heddle;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// Gets what other programs published.
final class Publications {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final ClientCore core;

  Publications(ClientCore core) {
    this.core = core;
  }

  // The type is the caller's promise.
  @SuppressWarnings("unchecked")
  <T extends @Nullable Object> RemoteFuture<T> adopt(String name) throws InterruptedException {
    if (core.ledger().awaitConnection(System.nanoTime() + TIMEOUT.toNanos()) == null) {
      throw new ClusterUnavailableException("the scheduler at " + core.address()
          + " was away for " + Texts.of(TIMEOUT) + ", so '" + name + "' could not be asked for");
    }
    var handle = core.submitter().submit(new Submission(core.ledger().reserve(1),
        new Label.Published(name), new Spec.Adopted(name), List.of(), List.of(),
        Submission.NO_OWN, CallSite.here())).getFirst();
    var isThere = false;
    try {
      for (var adoption : core.ledger().withTelling((telling, _) -> telling.takeAdoptions())) {
        if (adoption.entry() == handle.entry()) {
          core.adopted(adoption);
        } else {
          core.callbacks().execute(() -> core.lookAfter(adoption));
        }
      }
      isThere = true;
      return (RemoteFuture<T>) handle;
    } catch (NoSuchElementException e) {
      throw e;
    } catch (IOException e) {
      throw new ClusterUnavailableException(
          "'" + name + "' could not be asked for: " + e.getMessage(), e);
    } finally {
      if (!isThere) {
        handle.close();
      }
    }
  }
}
