package dev.heddle.worker;

import dev.heddle.wire.Key;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import dev.heddle.worker.WorkerCommand.HandOver;
import dev.heddle.worker.WorkerCommand.Stop;
import dev.heddle.worker.WorkerCommand.Survey;
import dev.heddle.worker.WorkerEvent.HandOverFailed;
import dev.heddle.worker.WorkerEvent.HandedOver;
import dev.heddle.worker.WorkerEvent.Surveyed;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How a worker leaves: while what runs goes on, it asks the store which of its values nobody else
/// has, and gives those to others; once nothing runs and nothing more can be given away, it stops.
/// A function that runs until the end of the grace period costs its own value, not the others. A
/// room of [WorkerState].
final class Departure {
  /// What it mostly waits for.
  enum Phase {
    /// Not leaving.
    STAYING,
    /// For running functions; values may be given away meanwhile.
    FINISHING,
    /// For the store to say who else has what.
    SURVEYING,
    /// For others to take values.
    HANDING_OVER, STOPPED
  }

  private final WorkerConfig config;
  private final Function<Key, @Nullable Value> values;
  private final Outbox out;
  private boolean leaving;
  private boolean stopped;
  private long deadlineNanos;
  /// Values of which no other copy is known: what would be lost.
  private final Set<Key> onlyHere = new LinkedHashSet<>();
  /// Those of which the store has yet to be asked.
  private final Set<Key> toSurvey = new LinkedHashSet<>();
  private boolean surveying;
  /// Those that nobody else has and nobody is being offered.
  private final ArrayDeque<Key> toGive = new ArrayDeque<>();
  /// Every worker that was ever offered something, or may be.
  private final Set<WorkerId> others = new HashSet<>();
  /// Who may be offered more; who is being offered something, or did not take it, is not here.
  private final ArrayDeque<WorkerInfo> free = new ArrayDeque<>();
  private final Map<WorkerInfo, List<Key>> offered = new LinkedHashMap<>();
  private int given;

  /// @param values what is here, null where it is not
  Departure(WorkerConfig config, Function<Key, @Nullable Value> values, Outbox out) {
    this.config = config;
    this.values = values;
    this.out = out;
  }

  Phase phase(boolean nothingRuns) {
    if (!leaving) {
      return Phase.STAYING;
    } else if (stopped) {
      return Phase.STOPPED;
    } else if (!nothingRuns) {
      return Phase.FINISHING;
    }
    return surveying ? Phase.SURVEYING : Phase.HANDING_OVER;
  }

  boolean leaving() {
    return leaving;
  }

  boolean stopped() {
    return stopped;
  }

  /// Begins, or makes the end come sooner.
  ///
  /// @return whether it began just now
  boolean begin(long deadline, Collection<Key> stored) {
    if (leaving) {
      deadlineNanos = Math.min(deadlineNanos, deadline);
      return false;
    }
    leaving = true;
    deadlineNanos = deadline;
    onlyHere.addAll(stored);
    toSurvey.addAll(stored);
    return true;
  }

  /// A value came about after it began.
  void stored(Key key) {
    if (leaving) {
      onlyHere.add(key);
      toSurvey.add(key);
    }
  }

  /// Takes the next steps, as far as what they wait for has come.
  ///
  /// @param nothingRuns whether all functions have ended, and all who wait for them were told
  void goOn(boolean nothingRuns, long nowNanos) {
    if (!leaving || stopped) {
      return;
    }
    survey();
    offer();
    if (nowNanos >= deadlineNanos
        || (nothingRuns && toSurvey.isEmpty() && !surveying && offered.isEmpty())) {
      stop();
    }
  }

  /// Whether the grace period has passed without an end.
  boolean isOver(long nowNanos) {
    return leaving && !stopped && nowNanos >= deadlineNanos;
  }

  private void survey() {
    if (!surveying && !toSurvey.isEmpty()) {
      surveying = true;
      out.add(new Survey(List.copyOf(toSurvey)));
      toSurvey.clear();
    }
  }

  /// Without an answer nothing is known of others, so that nothing can be given to them: what was
  /// asked for is lost. To wait for the store would be in vain when the whole cluster shuts down.
  void surveyFailed() {
    surveying = false;
  }

  /// @param surveyed of the keys that were asked for
  void surveyed(Surveyed surveyed) {
    if (!surveying) {
      return;
    }
    surveying = false;
    for (var other : surveyed.others()) {
      if (!other.id().equals(config.self()) && others.add(other.id())) {
        free.add(other);
      }
    }
    for (var key : List.copyOf(onlyHere)) {
      if (surveyed.holders().getOrDefault(key, List.of()).stream()
          .anyMatch(holder -> !holder.worker().equals(config.self()))) {
        onlyHere.remove(key);
      }
    }
    var offers = new HashSet<>(toGive);
    offered.values().forEach(offers::addAll);
    for (var key : onlyHere) {
      if (!toSurvey.contains(key) && offers.add(key)) {
        toGive.add(key);
      }
    }
  }

  /// Offers to each worker that is free as much as fits into one request.
  private void offer() {
    while (!free.isEmpty() && !toGive.isEmpty()) {
      var offer = nextOffer();
      if (!offer.isEmpty()) {
        var to = free.remove();
        offered.put(to, List.copyOf(offer.keySet()));
        out.add(new HandOver(to, offer));
      }
    }
  }

  private Map<Key, Value> nextOffer() {
    var offer = new LinkedHashMap<Key, Value>();
    var bytes = 0L;
    while (!toGive.isEmpty() && offer.size() < config.fetchKeysMax()) {
      var value = values.apply(toGive.element());
      if (value != null && !offer.isEmpty()
          && bytes + value.sizeBytes() > config.fetchBytesMax()) {
        break;
      }
      var key = toGive.remove();
      if (value != null) { // Else it was deleted meanwhile.
        offer.put(key, value);
        bytes += value.sizeBytes();
      }
    }
    return offer;
  }

  /// Who did not take something is not asked again: it has it already, or has no room.
  void handedOver(HandedOver handed) {
    if (offered.remove(handed.to()) instanceof List<Key> keys) {
      given += handed.taken().size();
      handed.taken().forEach(onlyHere::remove);
      var left = keys.stream().filter(onlyHere::contains).toList();
      toGive.addAll(left);
      if (left.isEmpty()) {
        free.add(handed.to());
      }
    }
  }

  void handOverFailed(HandOverFailed failed) {
    if (offered.remove(failed.to()) instanceof List<Key> keys) {
      toGive.addAll(keys);
    }
  }

  private void stop() {
    stopped = true;
    var lost = onlyHere.stream().filter(key -> values.apply(key) != null).toList();
    out.add(new Stop(lost, given));
  }
}
