package dev.heddle.scheduler;

import dev.heddle.process.FlightEvents;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/// A worker that says every second that it lives was silent for longer, for the flight recorder.
@Name("dev.heddle.HeartbeatGap")
@Label("Heartbeat gap")
@Category("Heddle")
@StackTrace(false)
final class HeartbeatGapEvent extends Event {
  private static final HeartbeatGapEvent PROBE = new HeartbeatGapEvent();

  @Label("Worker")
  @Nullable
  String worker;
  @Label("Silent for")
  @Timespan(Timespan.NANOSECONDS)
  long silentNanos;

  /// Whether anybody records these. Costs next to nothing and makes no object; only where
  /// [FlightEvents#arePrepared].
  static boolean isOn() {
    return PROBE.isEnabled();
  }
}
