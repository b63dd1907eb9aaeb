package dev.heddle.scheduler;

import dev.heddle.wire.Key;
import dev.heddle.wire.KeyStem;
import dev.heddle.wire.LongMap;
import org.jspecify.annotations.Nullable;

/// The [Pace] of each name. Names are told apart by a hash, which costs no string; those that
/// collide share a pace, which does no harm.
final class Paces {
  /// Beyond so many, all others share one.
  private static final int NAMES_MAX = 10_000;

  private final LongMap<Pace> byName = new LongMap<>();
  private final Pace others = new Pace();
  // Many in a row are of one name.
  private @Nullable KeyStem lastStem;
  private Pace lastPace = others;

  /// @param key of a task: its name goes up to the last `-`, or `@` in a key that a client gave
  Pace of(Key key) {
    if (lastStem == null || !lastStem.equals(key.stem())) {
      lastPace = named(key.text());
      lastStem = key.stem();
    }
    return lastPace;
  }

  private Pace named(String text) {
    var end = Math.max(text.lastIndexOf('@'), lastDashBeforeTag(text));
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
    var pace = new Pace();
    byName.put(hash, pace);
    return pace;
  }

  private static int lastDashBeforeTag(String text) {
    var number = text.lastIndexOf('-');
    return number < 0 ? text.length() : text.lastIndexOf('-', number - 1);
  }
}
