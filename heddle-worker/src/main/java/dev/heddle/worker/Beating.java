package dev.heddle.worker;

import dev.heddle.process.Body;
import dev.heddle.process.Received;
import dev.heddle.process.Source;
import dev.heddle.worker.WorkerEvent.BeatDue;
import java.time.Duration;

/// Makes the core tell the schedulers every second that this worker lives.
///
/// - In: `end`, which nothing comes from until it is done.
/// - Out: [BeatDue], to the core.
record Beating(Source<?> end, Control control) implements Body {
  private static final Duration PERIOD = Duration.ofSeconds(1);

  @Override
  public void run() throws InterruptedException {
    while (end.receiveOrDone(PERIOD) instanceof Received.TimedOut) {
      control.report(new BeatDue());
    }
  }
}
