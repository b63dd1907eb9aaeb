package dev.heddle.junit;

import dev.heddle.process.Processes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Which threads and sockets this JVM had at one moment, to find those that came after it and stayed.
final class Footprint {
  /// The system property that says for how long what is left may take to end.
  static final String PATIENCE = "heddle.junit.patienceMillis";
  private static final long PATIENCE_MILLIS = 5_000;
  private static final long PAUSE_MILLIS = 20;
  /// Threads of the JVM, of the JDK's shared pools, and of those who run tests, which come when they are first needed.
  private static final Pattern SHARED = Pattern.compile(
      "ForkJoinPool\\.commonPool-.*|ForkJoinPool-1-.*|process reaper.*|VirtualThread-.*|.*-Poller.*|Read-Poller|"
          + "Common-Cleaner|Cleaner-\\d+|Attach Listener|JFR .*|RMI .*|surefire-.*|junit-.*|"
          + "shared memory, let go|CompletableFutureDelayScheduler|Keep-Alive-.*|Java2D.*");

  private final Set<Leak> kinds;
  private final Set<Long> scopes = new HashSet<>();
  private final Set<Long> threads = new HashSet<>();
  private final Set<String> sockets = new HashSet<>();

  private Footprint(Set<Leak> kinds) {
    this.kinds = kinds;
  }

  /// By [System#nanoTime].
  static long deadlineNanos() {
    return System.nanoTime()
        + TimeUnit.MILLISECONDS.toNanos(Long.getLong(PATIENCE, PATIENCE_MILLIS));
  }

  static Footprint now(Set<Leak> kinds) {
    Origins.prepare();
    var footprint = new Footprint(kinds);
    if (kinds.contains(Leak.THREADS)) {
      Processes.openScopes().forEach(scope -> footprint.scopes.add(scope.id()));
      allThreads().forEach(thread -> footprint.threads.add(thread.threadId()));
    }
    if (kinds.contains(Leak.CONNECTIONS)) {
      footprint.sockets.addAll(Sockets.open().keySet());
    }
    return footprint;
  }

  private static Set<Thread> allThreads() {
    return Thread.getAllStackTraces().keySet();
  }

  /// What came since and has not ended within 5 s: a line each.
  ///
  /// @param mayStay threads with these names do not count
  List<String> left(List<Pattern> mayStay) throws InterruptedException {
    var deadline = deadlineNanos();
    while (true) {
      var left = new ArrayList<String>();
      var hasScopes = false;
      if (kinds.contains(Leak.THREADS)) {
        addScopes(left);
        hasScopes = !left.isEmpty();
        addThreads(left, mayStay);
      }
      if (kinds.contains(Leak.CONNECTIONS)) {
        addSockets(left, hasScopes);
      }
      if (left.isEmpty() || System.nanoTime() - deadline > 0) {
        return left;
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  /// What Heddle has opened runs in processes, which know who opened it.
  private void addScopes(List<String> left) {
    var byPlace = new LinkedHashMap<String, List<String>>();
    var processes = new LinkedHashMap<String, Integer>();
    for (var scope : Processes.openScopes()) {
      if (!scopes.contains(scope.id())) {
        var place = Program.place(scope.openedBy());
        byPlace.computeIfAbsent(place, _ -> new ArrayList<>()).add(scope.name());
        processes.merge(place, scope.processes().size(), Integer::sum);
      }
    }
    byPlace.forEach((place, names) -> left.add("what was opened at " + place
        + " is still open: " + String.join(", ", names) + ", with " + processes.get(place)
        + " threads; close it (try-with-resources)"));
  }

  private void addThreads(List<String> left, List<Pattern> mayStay) {
    for (var entry : Thread.getAllStackTraces().entrySet()) {
      var thread = entry.getKey();
      if (threads.contains(thread.threadId()) || !thread.isAlive() || isShared(thread)
          || Processes.isProcess(thread)
          || mayStay.stream().anyMatch(name -> name.matcher(thread.getName()).matches())) {
        continue;
      }
      left.add("the thread '" + thread.getName() + "' (#" + thread.threadId() + ", "
          + (thread.isDaemon() ? "daemon, " : "") + thread.getState() + ") lives on, "
          + standing(entry) + "; " + Origins.of(thread)
          + "; end it, or shut down the executor or client that it belongs to");
    }
  }

  private static boolean isShared(Thread thread) {
    var group = thread.getThreadGroup();
    return thread.equals(Thread.currentThread()) || SHARED.matcher(thread.getName()).matches()
        || (group != null && List.of("system", "InnocuousThreadGroup").contains(group.getName()));
  }

  private static String standing(Map.Entry<Thread, StackTraceElement[]> thread) {
    var frames = List.of(thread.getValue());
    return frames.isEmpty()
        ? "about to end"
        : "at " + frames.stream().filter(Program::isOfProgram).findFirst()
            .orElse(frames.getFirst());
  }

  private void addSockets(List<String> left, boolean isExplained) {
    var open = new LinkedHashMap<>(Sockets.open());
    open.keySet().removeAll(sockets);
    if (open.isEmpty()) {
      return;
    }
    if (isExplained) {
      left.add(open.size() + (open.size() == 1 ? " socket" : " sockets")
          + ", which go with what is open (or else were opened beside it): "
          + String.join(", ", open.values()));
      return;
    }
    open.values().forEach(socket -> left.add("the socket " + socket
        + " is open, which was not before the test; Java does not record who opened it: look for a"
        + " connection or server of that address that is not closed"));
  }
}
