package dev.heddle.worker;

import dev.heddle.process.FlightEvents;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/// A function ran, for the flight recorder.
@Name("dev.heddle.Task")
@Label("Task")
@Category("Heddle")
@StackTrace(false)
final class TaskEvent extends Event {
  private static final TaskEvent PROBE = new TaskEvent();

  @Label("Key")
  @Nullable
  String key;
  @Label("Slot")
  int slot;
  @Label("Succeeded")
  boolean succeeded;

  /// Whether anybody records these. Costs next to nothing and makes no object; only where
  /// [FlightEvents#arePrepared].
  static boolean isOn() {
    return PROBE.isEnabled();
  }
}
