package dev.heddle.worker;

import dev.heddle.metadata.MetadataException;
import dev.heddle.metadata.MetadataStore;
import dev.heddle.process.Body;
import dev.heddle.process.Source;
import dev.heddle.wire.ConnectionPool;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Payload;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import dev.heddle.worker.WorkerCommand.AskPeers;
import dev.heddle.worker.WorkerCommand.HandOver;
import dev.heddle.worker.WorkerCommand.Relieve;
import dev.heddle.worker.WorkerCommand.Survey;
import dev.heddle.worker.WorkerEvent.HandOverFailed;
import dev.heddle.worker.WorkerEvent.HandedOver;
import dev.heddle.worker.WorkerEvent.PeersTold;
import dev.heddle.worker.WorkerEvent.Relieved;
import dev.heddle.worker.WorkerEvent.SurveyFailed;
import dev.heddle.worker.WorkerEvent.Surveyed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives values away when the worker leaves, or is full, one conversation at a time.
///
/// - In: `departures`, what to ask the store and what to give to whom, from the core.
/// - Out: how each ended, to the core.
final class Departing implements Body {
  private static final Logger log = LoggerFactory.getLogger(Departing.class);

  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(1);

  private final WorkerId self;
  private final Source<WorkerCommand> departures;
  private final MetadataStore store;
  private final ConnectionPool peers;
  private final NodeCode code;
  private final Control control;
  private final Duration timeout;

  Departing(WorkerId self, Source<WorkerCommand> departures, MetadataStore store,
      ConnectionPool peers, NodeCode code, Control control, Duration timeout) {
    this.self = self;
    this.departures = departures;
    this.store = store;
    this.peers = peers;
    this.code = code;
    this.control = control;
    this.timeout = timeout;
  }

  @Override
  public void run() throws InterruptedException {
    while (departures.receiveOrDone() instanceof WorkerCommand command) {
      switch (command) {
        case Survey survey -> control.report(outcomeOf(survey));
        case HandOver handOver -> control.report(outcomeOf(handOver));
        case AskPeers _ -> control.report(new PeersTold(peersThere()));
        case Relieve relieve -> control.report(new Relieved(relieve.to(), taken(relieve)));
        default -> throw new IllegalArgumentException("no departure: " + command);
      }
    }
  }

  private WorkerEvent outcomeOf(Survey survey) throws InterruptedException {
    try {
      return new Surveyed(ofThoseThatStay(store.whoHas(survey.keys())), store.workers());
    } catch (MetadataException e) {
      log.warn("cannot find out which of {} values others have too: {}", survey.keys().size(),
          e.getMessage());
      return new SurveyFailed(String.valueOf(e.getMessage()));
    }
  }

  /// One holder of each key that stays; none of a key that has none. What the store says of a worker that
  /// died stays there until its lease ends, and two that leave at the same time must not count on each other.
  private Map<Key, List<Holder>> ofThoseThatStay(Map<Key, List<Holder>> holders)
      throws InterruptedException {
    var asked = new HashMap<WorkerId, Boolean>();
    asked.put(self, false);
    var found = new LinkedHashMap<Key, List<Holder>>();
    for (var each : holders.entrySet()) {
      for (var holder : each.getValue()) {
        if (!asked.containsKey(holder.worker())) {
          asked.put(holder.worker(), stays(holder));
        }
        if (asked.getOrDefault(holder.worker(), false)) {
          found.put(each.getKey(), List.of(holder));
          break;
        }
      }
    }
    return found;
  }

  private boolean stays(Holder holder) throws InterruptedException {
    try {
      // Whoever leaves takes nothing, not even nothing.
      return peers.to(holder.address()).call(new Message.PutData(Map.of(), true),
          ANSWER_WITHIN) instanceof Message.Stored;
    } catch (IOException e) {
      log.debug("{} is gone or leaves; what it has is taken for lost", holder.worker(), e);
      return false;
    }
  }

  private List<WorkerInfo> peersThere() throws InterruptedException {
    try {
      return store.workers();
    } catch (MetadataException e) {
      log.warn("cannot find out who has room: {}", e.getMessage());
      return List.of();
    }
  }

  private List<Key> taken(Relieve relieve) throws InterruptedException {
    try {
      var request = new Message.PutData(encoded(relieve.values()), true);
      if (peers.to(relieve.to().address()).call(request,
          timeout) instanceof Message.Stored stored) {
        return List.copyOf(stored.sizesBytes().keySet());
      }
    } catch (IOException e) {
      log.debug("cannot give values to {}", relieve.to().id(), e);
    }
    return List.of();
  }

  /// Without those that cannot be.
  private Map<Key, Payload> encoded(Map<Key, Value> values) {
    var payloads = new LinkedHashMap<Key, Payload>();
    values.forEach((key, value) -> {
      try {
        payloads.put(key, ((StoredValue) value).encoded(code));
      } catch (RuntimeException e) {
        log.warn("'{}' cannot be given to another worker: {}", key, e.getMessage());
      }
    });
    return payloads;
  }

  private WorkerEvent outcomeOf(HandOver handOver) throws InterruptedException {
    var keys = handOver.values().keySet();
    var payloads = encoded(handOver.values());
    var unsendable = new ArrayList<>(keys);
    unsendable.removeAll(payloads.keySet());
    try {
      var response = peers.to(handOver.to().address()).call(new Message.PutData(payloads, false),
          timeout);
      if (response instanceof Message.Stored stored) {
        var refused = new ArrayList<>(stored.refused().keySet());
        refused.addAll(unsendable);
        return new HandedOver(handOver.to(), new ArrayList<>(stored.sizesBytes().keySet()),
            refused);
      }
      return new HandOverFailed(handOver.to(), new ArrayList<>(keys), "it answers " + response);
    } catch (IOException e) {
      log.warn("cannot give {} values to {}: {}", keys.size(), handOver.to().id(), e.getMessage());
      return new HandOverFailed(handOver.to(), new ArrayList<>(keys),
          String.valueOf(e.getMessage()));
    }
  }
}
