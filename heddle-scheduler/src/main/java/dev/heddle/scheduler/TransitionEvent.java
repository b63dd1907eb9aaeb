package dev.heddle.scheduler;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/// A task went from one state to another, for the flight recorder.
@Name("dev.heddle.Transition")
@Label("Transition")
@Category("Heddle")
@StackTrace(false)
final class TransitionEvent extends Event {
  private static final TransitionEvent PROBE = new TransitionEvent();

  @Label("Key")
  @Nullable
  String key;
  @Label("From")
  @Nullable
  String from;
  @Label("To")
  @Nullable
  String to;
  @Label("Because")
  @Nullable
  String because;
  @Label("Worker")
  @Nullable
  String worker;

  /// Whether anybody records these. Costs next to nothing and makes no object, so ask first.
  static boolean isOn() {
    return PROBE.isEnabled();
  }
}
