package dev.heddle.process;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Finds processes that wait for each other, so that none of them goes on.
///
/// Who may be moved by somebody unknown is taken to be fine: a process that reads from a socket, and one
/// that waits for a channel to which threads send that are no processes. So what is found is found
/// rightly, unless a process comes that has never used those channels; not all that stands still is found.
final class WaitCycles {
  /// What is over sooner is a coincidence: the processes are not looked at in one moment.
  private static final long SINCE_NANOS_MIN = 100_000_000;

  private final Map<NamedProcess, Await> waits = new LinkedHashMap<>();

  private WaitCycles() {}

  /// Each cycle in words, a line a process.
  static List<String> among(Iterable<NamedProcess> processes) {
    var cycles = new WaitCycles();
    for (var process : processes) {
      var wait = process.await(SINCE_NANOS_MIN);
      if (wait != null && !wait.who().isEmpty()) {
        cycles.waits.put(process, wait);
      }
    }
    cycles.removeWhoCanGoOn();
    return cycles.texts();
  }

  private void removeWhoCanGoOn() {
    boolean removed = true;
    while (removed) {
      removed = waits.entrySet().removeIf(each -> {
        var who = each.getValue().who();
        return each.getValue().forAll()
            ? who.stream().noneMatch(waits::containsKey)
            : !who.stream().allMatch(waits::containsKey);
      });
    }
  }

  private List<String> texts() {
    var texts = new ArrayList<String>();
    var seen = new HashMap<NamedProcess, Integer>();
    var walk = 0;
    for (var start : waits.keySet()) {
      walk++;
      var path = new LinkedHashSet<NamedProcess>();
      var process = start;
      while (!seen.containsKey(process)) {
        seen.put(process, walk);
        path.add(process);
        process = next(process);
      }
      if (seen.get(process) == walk) {
        text(path, process, texts);
      }
    }
    return texts;
  }

  private Await waitOf(NamedProcess process) {
    return Objects.requireNonNull(waits.get(process), "a process that waits");
  }

  /// Rather somebody whose own wait nobody else can end.
  private NamedProcess next(NamedProcess process) {
    return waitOf(process).who().stream().filter(waits::containsKey)
        .max(Comparator.comparing(each -> waitOf(each).hard())).orElseThrow();
  }

  private void text(Set<NamedProcess> path, NamedProcess first, List<String> texts) {
    var cycle = path.stream().dropWhile(each -> each != first).toList();
    if (cycle.stream().noneMatch(each -> waitOf(each).hard())) {
      return;
    }
    var lines = new ArrayList<String>();
    for (var i = 0; i < cycle.size(); i++) {
      var process = cycle.get(i);
      lines.add("`" + process.name() + "` " + waitOf(process).what() + " since "
          + Waits.text(process.info().since()) + ", which is up to `"
          + cycle.get((i + 1) % cycle.size()).name() + "`");
    }
    texts.add(String.join("\n", lines));
  }
}
