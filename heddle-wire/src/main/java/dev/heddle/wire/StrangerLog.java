package dev.heddle.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Tells of those who were not let in: a line each, but of the same cause and host at most one in
/// ten seconds, which then says how many were left out. For any thread.
final class StrangerLog {
  private static final long INTERVAL_NANOS = 10_000_000_000L;
  private static final int KNOWN_MAX = 256;

  private record Kind(Object cause, String host) {}

  private static final class Told {
    long nanos;
    int leftOut;
  }

  private final Consumer<String> sink;
  private final Map<Kind, Told> told = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Kind, Told> eldest) {
      return size() > KNOWN_MAX;
    }
  };

  StrangerLog(Consumer<String> sink) {
    this.sink = sink;
  }

  void tell(Object cause, String host, String line, long now) {
    var text = lineFor(new Kind(cause, host), line, now);
    if (!text.isEmpty()) {
      sink.accept(text);
    }
  }

  private synchronized String lineFor(Kind kind, String line, long now) {
    var before = told.get(kind);
    if (before == null) {
      var first = new Told();
      first.nanos = now;
      told.put(kind, first);
      return line;
    }
    if (now - before.nanos < INTERVAL_NANOS) {
      before.leftOut++;
      return "";
    }
    var leftOut = before.leftOut;
    before.nanos = now;
    before.leftOut = 0;
    return leftOut == 0 ? line : line + " (and " + leftOut + " more like this before)";
  }
}
