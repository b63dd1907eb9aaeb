package dev.heddle.worker;

import dev.heddle.process.Body;
import dev.heddle.process.Source;
import dev.heddle.worker.WorkerCommand.Fetch;

/// Connects with peers of whom something is wanted, and asks them; there are several of these. The
/// answers come to the links.
///
/// - In: `fetches`, what to get from whom, from the core.
/// - Out: the requests; to the core, which peers cannot be asked.
/// - Ends when `fetches` is done. A lost peer never ends it: that is an event.
final class Gatherer implements Body {
  private final Source<Fetch> fetches;
  private final Fetches asking;
  private final Control control;

  Gatherer(Source<Fetch> fetches, Fetches asking, Control control) {
    this.fetches = fetches;
    this.asking = asking;
    this.control = control;
  }

  @Override
  public void run() throws InterruptedException {
    while (fetches.receiveOrDone() instanceof Fetch fetch) {
      asking.connectAndAsk(fetch).ifPresent(control::report);
    }
  }
}
