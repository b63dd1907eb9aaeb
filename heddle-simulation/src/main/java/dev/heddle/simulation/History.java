package dev.heddle.simulation;

import dev.heddle.wire.Key;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What happened in one run: a digest of it, to tell whether two runs were the same; the kinds of events
/// and commands; and the last lines in words, where somebody will read them.
public final class History {
  private static final int LINES_MAX = 4_000;

  /// What nobody reads.
  private static final Pattern ABBREVIATED = Pattern.compile(
      "Payload\\[codec=[0-9], codeBases=\\[\\], header=[^,]*, buffers=\\[\\]\\]"
          + "|dev[.]heddle[.]scheduler[.]Function@[0-9a-f]+"
          + "|heddle://10[.]0[.]0[.]|, isScheduler=(true|false)|, captured=\\[\\]|, holders=\\{\\}"
          + "|, settings=TaskSettings\\[priority=0, retries=0, timeoutMillis=0, workers=\\[\\],"
          + " resources=\\{\\}, blocking=false, detached=false\\]|, scheduler=Optional.empty"
          + "|, fingerprint=Optional.empty|, timeoutMillis=0|, blocking=false");

  private final SimulatedTime time;
  private final boolean inWords;
  private final ArrayDeque<String> lines = new ArrayDeque<>();
  private final Set<Class<?>> kinds = new HashSet<>();
  private long digest = 17;

  public History(SimulatedTime time, boolean inWords) {
    this.time = time;
    this.inWords = inWords;
  }

  /// Whether words are of any use.
  public boolean isInWords() {
    return inWords;
  }

  /// An event or a command came.
  public void kind(Object what) {
    kinds.add(what.getClass());
    mix(what.getClass().getSimpleName().hashCode());
  }

  public void mix(long number) {
    digest = (digest ^ number) * 0x9E3779B97F4A7C15L;
    digest ^= digest >>> 29;
  }

  public void mix(Key key) {
    mix(key.hashCode());
  }

  public void note(String who, Object what) {
    if (inWords) {
      if (lines.size() == LINES_MAX) {
        lines.removeFirst();
      }
      lines.add("%.3f ms  %s %s".formatted(time.now() / 1e6, who,
          ABBREVIATED.matcher(String.valueOf(what)).replaceAll("…")));
    }
  }

  Set<Class<?>> kinds() {
    return kinds;
  }

  long digest() {
    return digest;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
