package dev.heddle;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Datum;
import dev.heddle.wire.RefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fetches values from the workers that have them, many of one worker with one request.
// An outcome is another one if it is another object, whatever is in it.
@SuppressWarnings("ReferenceEquality")
final class Fetching {
  private static final Logger LOG = LoggerFactory.getLogger(Fetching.class);
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final long BYTES_MAX = 256L << 20;
  private static final int KEYS_MAX = 10_000;
  private static final String HOST = host();

  private final ClientCore core;

  Fetching(ClientCore core) {
    this.core = core;
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      LOG.debug("this machine does not know its own name", e);
      return "localhost";
    }
  }

  /// Fetches one value from whoever has it.
  ///
  /// @return false if nobody of those could give it
  /// @throws RuntimeException if the client has ended
  boolean fetch(Entry entry, Outcome.Elsewhere where, boolean limited, long deadlineNanos)
      throws InterruptedException {
    for (var holder : nearestFirst(where.holders())) {
      var left = limited ? Duration.ofNanos(deadlineNanos - System.nanoTime()) : TIMEOUT;
      if (!left.isPositive()) {
        return false;
      }
      core.ledger().checkOpen();
      fetch(holder, Map.of(entry.key(), entry), left.compareTo(TIMEOUT) < 0 ? left : TIMEOUT);
      if (entry.outcome != where) {
        return true;
      }
    }
    return false;
  }

  private static List<WorkerAt> nearestFirst(List<WorkerAt> holders) {
    return holders.size() < 2
        ? holders
        : holders.stream().sorted(Comparator.comparing(at -> !at.host().equals(HOST))).toList();
  }

  /// Fetches what is elsewhere, from several workers at once. What cannot be had stays as it is.
  void fetchAll(Iterable<Entry> entries) throws InterruptedException {
    var byWorker = new LinkedHashMap<WorkerAt, Map<Key, Entry>>();
    for (var entry : entries) {
      if (entry.outcome instanceof Outcome.Elsewhere where && !where.holders().isEmpty()) {
        byWorker.computeIfAbsent(nearestFirst(where.holders()).getFirst(),
            _ -> new LinkedHashMap<>()).put(entry.key(), entry);
      }
    }
    var ended = new CountDownLatch(byWorker.size());
    byWorker.forEach((worker, wanted) -> core.callbacks().execute(() -> {
      try {
        fetch(worker, wanted, TIMEOUT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        ended.countDown();
      }
    }));
    ended.await();
  }

  private void fetch(WorkerAt worker, Map<Key, Entry> wanted, Duration timeout)
      throws InterruptedException {
    var left = new ArrayList<>(wanted.keySet());
    while (!left.isEmpty()) {
      var keys = List.copyOf(left.subList(0, Math.min(KEYS_MAX, left.size())));
      Map<Key, Datum> data;
      try {
        data = ask(worker, keys, timeout);
      } catch (IOException e) {
        LOG.debug("no values from {}", worker.id(), e);
        return;
      }
      data.forEach((key, datum) -> arrived(wanted, key, datum));
      var answered = new HashMap<>(data);
      answered.values().removeIf(Datum.Later.class::isInstance);
      if (answered.isEmpty()) {
        return;
      }
      left.removeAll(answered.keySet());
    }
  }

  private Map<Key, Datum> ask(WorkerAt worker, List<Key> keys, Duration timeout)
      throws IOException, InterruptedException {
    try {
      var connection = core.session().workers().to(worker.address());
      var response = connection.call(new Message.GetData(keys, BYTES_MAX), timeout);
      if (!(response instanceof Message.Data(var data))) {
        throw new IOException("the worker " + worker.id() + " gave an answer that does not fit: "
            + response.getClass().getSimpleName());
      }
      for (var datum : data.values()) {
        if (datum instanceof Datum.Found(var payload)) {
          core.code().heardOf(payload, connection);
        }
      }
      return data;
    } catch (RefusedException e) {
      throw new IOException("the worker " + worker.id() + " refused: " + e.getMessage(), e);
    } catch (IllegalStateException e) {
      // The pool was closed meanwhile.
      core.ledger().checkOpen();
      throw e;
    }
  }

  private void arrived(Map<Key, Entry> wanted, Key key, Datum datum) {
    var entry = wanted.get(key);
    if (entry == null || !(entry.outcome instanceof Outcome.Elsewhere where)) {
      return;
    }
    switch (datum) {
      case Datum.Found(var payload) ->
        core.ledger().arrived(entry, where, new Outcome.Encoded(payload));
      case Datum.Unsendable(var failure) ->
        core.ledger().arrived(entry, where, Outcome.Failed.unsendable(failure));
      case Datum.Missing(),Datum.Later(),Datum.Placed _ ->
        LOG.trace("{} has no {} for now", where, key);
    }
  }
}
