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
import java.util.HashMap;
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

  /// After how many failures another worker is offered nothing more.
  private static final int FAILURES_MAX = 3;

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
  /// Those that the store is being asked of, empty if it is not being asked.
  private List<Key> surveying = List.of();
  /// Those that nobody else has and nobody is being offered.
  private final ArrayDeque<Key> toGive = new ArrayDeque<>();
  /// Every worker that was ever offered something, or may be.
  private final Set<WorkerId> others = new HashSet<>();
  /// Who may be offered more; who is being offered something, or failed too often, is not here.
  private final ArrayDeque<WorkerInfo> free = new ArrayDeque<>();
  private final Map<WorkerInfo, List<Key>> offered = new LinkedHashMap<>();
  /// Who did not take a key: it has it, or makes it, or has no room. Nobody is offered one twice.
  private final Map<Key, Set<WorkerId>> refusedBy = new HashMap<>();
  private final Map<WorkerId, Integer> failures = new HashMap<>();
  private int given;
  private List<Key> cutShort = List.of();

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
    return surveying.isEmpty() ? Phase.HANDING_OVER : Phase.SURVEYING;
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
        || (nothingRuns && toSurvey.isEmpty() && surveying.isEmpty() && offered.isEmpty())) {
      stop();
    }
  }

  /// Whether the grace period has passed without an end.
  boolean isOver(long nowNanos) {
    return leaving && !stopped && nowNanos >= deadlineNanos;
  }

  /// These functions have not ended within the grace period.
  void cutShort(List<Key> running) {
    cutShort = List.copyOf(running);
  }

  private void survey() {
    if (surveying.isEmpty() && !toSurvey.isEmpty()) {
      surveying = List.copyOf(toSurvey);
      toSurvey.clear();
      out.add(new Survey(surveying));
    }
  }

  /// @param surveyed of the keys that were asked for
  void surveyed(Surveyed surveyed) {
    requireSurvey();
    for (var other : surveyed.others()) {
      if (!other.id().equals(config.self()) && others.add(other.id())) {
        free.add(other);
      }
    }
    for (var key : surveying) {
      if (surveyed.holders().getOrDefault(key, List.of()).stream()
          .anyMatch(holder -> !holder.worker().equals(config.self()))) {
        onlyHere.remove(key);
      } else if (onlyHere.contains(key)) {
        toGive.add(key);
      }
    }
    surveying = List.of();
  }

  /// Without an answer, whoever is known is offered what they may have already. If nobody is known,
  /// it is lost: to wait for the store would be in vain when the whole cluster shuts down.
  void surveyFailed() {
    requireSurvey();
    surveying.stream().filter(onlyHere::contains).forEach(toGive::add);
    surveying = List.of();
  }

  private void requireSurvey() {
    if (surveying.isEmpty()) {
      throw new IllegalStateException("the store answers, and was not asked who has what");
    }
  }

  /// Offers to each worker that is free as much as fits into one request.
  private void offer() {
    for (var to : List.copyOf(free)) {
      var offer = nextOffer(to.id());
      if (!offer.isEmpty()) {
        free.remove(to);
        offered.put(to, List.copyOf(offer.keySet()));
        out.add(new HandOver(to, offer));
      }
    }
  }

  private Map<Key, Value> nextOffer(WorkerId to) {
    var offer = new LinkedHashMap<Key, Value>();
    var bytes = 0L;
    for (var keys = toGive.iterator(); keys.hasNext() && offer.size() < config.fetchKeysMax();) {
      var key = keys.next();
      var value = values.apply(key);
      if (value == null) { // It was deleted meanwhile.
        keys.remove();
      } else if (!refusedBy.getOrDefault(key, Set.of()).contains(to)) {
        if (!offer.isEmpty() && bytes + value.sizeBytes() > config.fetchBytesMax()) {
          break;
        }
        offer.put(key, value);
        bytes += value.sizeBytes();
        keys.remove();
      }
    }
    return offer;
  }

  /// Who does not take a key may have it: the store is asked again, before others are.
  void handedOver(HandedOver handed) {
    var keys = endOfOffer(handed.to());
    given += handed.taken().size();
    handed.taken().forEach(onlyHere::remove);
    for (var key : keys) {
      if (onlyHere.contains(key)) {
        refusedBy.computeIfAbsent(key, _ -> new HashSet<>()).add(handed.to().id());
        toSurvey.add(key);
      }
    }
    free.add(handed.to());
  }

  /// A broken connection may work when made anew; a worker that is gone, or leaves too, never will.
  void handOverFailed(HandOverFailed failed) {
    toGive.addAll(endOfOffer(failed.to()));
    if (failures.merge(failed.to().id(), 1, Integer::sum) < FAILURES_MAX) {
      free.add(failed.to());
    }
  }

  private List<Key> endOfOffer(WorkerInfo to) {
    var keys = offered.remove(to);
    if (keys == null) {
      throw new IllegalStateException("nothing was being offered to " + to.id());
    }
    return keys;
  }

  private void stop() {
    stopped = true;
    var lost = onlyHere.stream().filter(key -> values.apply(key) != null).toList();
    out.add(new Stop(lost, given, cutShort));
  }
}
