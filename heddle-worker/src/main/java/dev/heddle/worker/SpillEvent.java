package dev.heddle.worker;

import dev.heddle.process.FlightEvents;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// Values were written to disk, for the flight recorder.
@Name("dev.heddle.Spill")
@Label("Spill")
@Category("Heddle")
@StackTrace(false)
final class SpillEvent extends Event {
  private static final SpillEvent PROBE = new SpillEvent();

  @Label("Values")
  int values;

  /// Whether anybody records these. Costs next to nothing and makes no object; only where
  /// [FlightEvents#arePrepared].
  static boolean isOn() {
    return PROBE.isEnabled();
  }
}
