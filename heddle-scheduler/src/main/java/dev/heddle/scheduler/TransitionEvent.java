package dev.heddle.scheduler;

import dev.heddle.process.FlightEvents;
import dev.heddle.wire.Key;
import dev.heddle.wire.WorkerId;
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

  /// Whether anybody records these. Costs next to nothing and makes no object; only where
  /// [FlightEvents#arePrepared].
  static boolean isOn() {
    return PROBE.isEnabled();
  }

  /// Makes an event of each transition while anybody records. Names no event before it is asked, so that the
  /// recorder is not loaded with it.
  static final class Recorder implements Story.Audience {
    @Override
    public boolean listens() {
      return FlightEvents.arePrepared() && isOn();
    }

    @Override
    public void hear(Key task, TaskState from, TaskState to, Cause because,
        @Nullable WorkerId worker) {
      var event = new TransitionEvent();
      event.key = task.text();
      event.from = from.text();
      event.to = to.text();
      event.because = because.text();
      event.worker = worker == null ? "" : worker.name();
      event.commit();
    }
  }
}
