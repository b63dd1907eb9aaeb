package dev.heddle.worker;

import dev.heddle.process.Body;
import dev.heddle.process.Received;
import dev.heddle.process.Source;
import dev.heddle.wire.Message.Vitals;
import dev.heddle.worker.WorkerEvent.BeatDue;
import java.time.Duration;

/// Makes the core tell the schedulers every second that this worker lives, and how.
///
/// - In: `end`, which nothing comes from until it is done.
/// - Out: [BeatDue], to the core.
final class Beating implements Body {
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final Source<?> end;
  private final Control control;
  private long atNanos = System.nanoTime();
  private long usedNanos = processorNanos();

  Beating(Source<?> end, Control control) {
    this.end = end;
    this.control = control;
  }

  @Override
  public void run() throws InterruptedException {
    while (end.receiveOrDone(PERIOD) instanceof Received.TimedOut) {
      control.report(new BeatDue(vitals()));
    }
  }

  private Vitals vitals() {
    var runtime = Runtime.getRuntime();
    var now = System.nanoTime();
    var used = processorNanos();
    var load = 100 * (used - usedNanos) / Math.max(1, now - atNanos);
    atNanos = now;
    usedNanos = used;
    return new Vitals(runtime.totalMemory() - runtime.freeMemory(), runtime.maxMemory(),
        (int) load);
  }

  /// 0 where the system does not tell.
  private static long processorNanos() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }
}
