package dev.heddle.code;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who can be asked about a code base: the sources that its users named, and those of the code bases
/// that have it for a parent. Any thread may use it.
final class Sources {
  /// How many users named each source. Guarded by `this`.
  private final Map<CodeSource, Integer> uses = new LinkedHashMap<>();
  /// Guarded by `this`.
  private final List<Sources> children = new ArrayList<>();

  synchronized void add(CodeSource source) {
    uses.merge(source, 1, Integer::sum);
  }

  synchronized void remove(CodeSource source) {
    uses.computeIfPresent(source, (_, count) -> count == 1 ? null : count - 1);
  }

  synchronized void addChild(Sources child) {
    children.add(child);
  }

  synchronized void removeChild(Sources child) {
    children.remove(child);
  }

  /// Peers first, to spare the program that the classes come from.
  List<CodeSource> inOrder() {
    var all = new LinkedHashSet<CodeSource>();
    collect(all, new LinkedHashSet<>());
    var ordered = new ArrayList<CodeSource>();
    all.stream().filter(source -> !source.isOrigin()).forEach(ordered::add);
    all.stream().filter(CodeSource::isOrigin).forEach(ordered::add);
    return ordered;
  }

  private void collect(Set<CodeSource> all, Set<Sources> seen) {
    List<Sources> next;
    synchronized (this) {
      if (!seen.add(this)) {
        return;
      }
      all.addAll(uses.keySet());
      next = List.copyOf(children);
    }
    next.forEach(child -> child.collect(all, seen));
  }
}
