package dev.heddle.worker;

import dev.heddle.process.FlightEvents;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/// Values were fetched from a peer, for the flight recorder.
@Name("dev.heddle.Transfer")
@Label("Transfer")
@Category("Heddle")
@StackTrace(false)
final class TransferEvent extends Event {
  private static final TransferEvent PROBE = new TransferEvent();

  @Label("First key")
  @Nullable
  String first;
  @Label("From")
  @Nullable
  String from;
  @Label("Values")
  int values;
  @Label("Size")
  @DataAmount
  long sizeBytes;
  /// From the question to its answer, which may be on different threads.
  @Label("Took")
  @Timespan(Timespan.NANOSECONDS)
  long tookNanos;

  /// Whether anybody records these. Costs next to nothing and makes no object; only where
  /// [FlightEvents#arePrepared].
  static boolean isOn() {
    return PROBE.isEnabled();
  }

  static void tell(String first, ActivityLog.Transfer transfer, long tookNanos) {
    var event = new TransferEvent();
    event.first = first;
    event.from = transfer.from();
    event.values = transfer.values();
    event.sizeBytes = transfer.sizeBytes();
    event.tookNanos = tookNanos;
    event.commit();
  }
}
