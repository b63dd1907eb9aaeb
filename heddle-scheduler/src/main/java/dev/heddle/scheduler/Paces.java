package dev.heddle.scheduler;

import dev.heddle.wire.Key;
import dev.heddle.wire.KeyStem;
import dev.heddle.wire.LongMap;
import dev.heddle.wire.TaskKeys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The [Pace] of each name. Names are told apart by a hash, which costs no string; those that
/// collide share a pace, which does no harm.
final class Paces {
  /// Beyond so many, all others share one.
  private static final int NAMES_MAX = 10_000;
  /// So many names monitoring is told, those that were there first.
  static final int TOLD_MAX = 50;

  /// Beyond so many characters, a name is cut.
  private static final int NAME_MAX = 120;

  private final LongMap<Pace> byName = new LongMap<>();
  private final List<Pace> all = new ArrayList<>();
  private final Pace others = new Pace("(others)", 0, false);
  private int told;
  // Many in a row are of one name.
  private @Nullable KeyStem lastStem;
  private Pace lastPace = others;

  Paces() {
    all.add(others);
  }

  /// By their place.
  List<Pace> all() {
    return all;
  }

  /// @param key of a task: its name goes up to the last `-`, or `@` in a key that a client gave
  Pace of(Key key) {
    if (lastStem == null || !lastStem.equals(key.stem())) {
      lastPace = named(key.text());
      lastStem = key.stem();
    }
    return lastPace;
  }

  private Pace named(String text) {
    var end = TaskKeys.nameLength(text);
    var hash = 1125899906842597L;
    for (var i = 0; i < end; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    var known = byName.get(hash);
    if (known != null) {
      return known;
    }
    if (byName.size() >= NAMES_MAX) {
      return others;
    }
    var name = text.substring(0, end);
    // A key that a client gave is no name that others share.
    var pace = new Pace(name.length() <= NAME_MAX ? name : name.substring(0, NAME_MAX) + "…",
        all.size(), text.indexOf('@') < 0);
    all.add(pace);
    byName.put(hash, pace);
    return pace;
  }

  /// What ran, by name; whatever has no name of its own, or came when there was no room, is together.
  /// Which those are never changes, so that no figure ever falls.
  List<SchedulerFigures.Named> named() {
    var named = new ArrayList<SchedulerFigures.Named>();
    var otherRuns = others.runs();
    var otherNanos = others.nanos();
    for (var pace : byName.values()) {
      if (pace.runs() > 0 && !pace.isTold && pace.isShared && told < TOLD_MAX) {
        pace.isTold = true;
        told++;
      }
      if (pace.isTold) {
        named.add(new SchedulerFigures.Named(pace.name, pace.runs(), pace.nanos()));
      } else {
        otherRuns += pace.runs();
        otherNanos += pace.nanos();
      }
    }
    if (otherRuns > 0) {
      named.add(new SchedulerFigures.Named(SchedulerFigures.OTHER, otherRuns, otherNanos));
    }
    return named;
  }
}
