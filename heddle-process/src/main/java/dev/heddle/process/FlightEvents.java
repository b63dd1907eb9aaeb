package dev.heddle.process;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether events for the JVM's flight recorder may be made. The first event of any kind has the recorder
/// loaded, which takes 100 ms and more; so that nobody's first task waits for that, kinds are prepared
/// when a recording is asked for, or when a node has run for some seconds. For any thread.
public final class FlightEvents {
  /// After so long a node should [#prepare].
  public static final long PREPARED_AFTER_NANOS = 5_000_000_000L;

  private static final Logger log = LoggerFactory.getLogger(FlightEvents.class);
  private static final List<Runnable> KINDS = new CopyOnWriteArrayList<>();
  private static boolean asked;
  private static volatile boolean prepared;

  private FlightEvents() {}

  /// Names what loads the kinds of events of a module, once for each module.
  public static synchronized void add(Runnable kinds) {
    KINDS.add(kinds);
    if (prepared) {
      kinds.run();
    }
  }

  /// Loads all kinds, once. A Java runtime without the flight recorder makes no events.
  public static synchronized void prepare() {
    if (asked) {
      return;
    }
    asked = true;
    try {
      KINDS.forEach(Runnable::run);
      prepared = true;
    } catch (LinkageError e) {
      log.info("no flight recorder in this Java runtime: {}", e.toString());
    }
  }

  public static boolean arePrepared() {
    return prepared;
  }
}
