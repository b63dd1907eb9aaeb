package dev.heddle.scheduler;

import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The workers that are not known to be dead, one life of each name.
final class Crew {
  private final Map<String, Member> byName = new LinkedHashMap<>();
  private @Nullable Member last;
  private int serial;
  private boolean changed;

  /// @return null if it is unknown, dead, or another life of that name
  @Nullable
  Member find(WorkerId id) {
    var known = last;
    if (known != null && known.id().equals(id) && !known.dead) {
      return known;
    }
    var found = byName.get(id.name());
    if (found == null || !found.id().equals(id)) {
      return null;
    }
    last = found;
    return found;
  }

  @Nullable
  Member named(String name) {
    return byName.get(name);
  }

  /// @param queueAheadNanos see [SchedulerConfig#queueAhead]
  Member add(WorkerInfo info, long queueAheadNanos) {
    var member = new Member(serial++, info, queueAheadNanos / Pace.UNIT_NANOS);
    byName.put(member.name(), member);
    changed = true;
    return member;
  }

  void remove(Member member) {
    member.dead = true;
    byName.remove(member.name(), member);
    changed = true;
  }

  List<Member> all() {
    return new ArrayList<>(byName.values());
  }

  int size() {
    return byName.size();
  }

  boolean isEmpty() {
    return byName.isEmpty();
  }

  List<WorkerInfo> infos() {
    return byName.values().stream().map(member -> member.info).toList();
  }

  /// Whether workers came or died since the last call.
  boolean takeChanged() {
    var was = changed;
    changed = false;
    return was;
  }

  void tellAgain() {
    changed = true;
  }
}
