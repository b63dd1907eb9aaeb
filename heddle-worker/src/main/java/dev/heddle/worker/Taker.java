package dev.heddle.worker;

import dev.heddle.process.Body;
import dev.heddle.process.Source;

/// Copies large values out of the shared memory of peers; there are several of these.
///
/// - In: `copies`, answers of peers, from the links.
/// - Out: what came of them, to the core.
/// - Ends when `copies` is done. Memory that is not what a peer says never ends it.
final class Taker implements Body {
  private final Source<Fetches.Copying> copies;
  private final Fetches fetches;
  private final Control control;

  Taker(Source<Fetches.Copying> copies, Fetches fetches, Control control) {
    this.copies = copies;
    this.fetches = fetches;
    this.control = control;
  }

  @Override
  public void run() throws InterruptedException {
    while (copies.receiveOrDone() instanceof Fetches.Copying copy) {
      fetches.take(copy).ifPresent(control::report);
    }
  }
}
