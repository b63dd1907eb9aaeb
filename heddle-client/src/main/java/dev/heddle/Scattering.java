package dev.heddle;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Payload;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts values on workers.
final class Scattering {
  private static final Logger LOG = LoggerFactory.getLogger(Scattering.class);
  private static final Duration WORKERS_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration PUT_TIMEOUT = Duration.ofMinutes(5);
  private static final String NAME = "scatter";

  private final ClientCore core;

  Scattering(ClientCore core) {
    this.core = core;
  }

  <T extends @Nullable Object> RemoteFuture<T> one(T value) throws InterruptedException {
    core.ledger().checkOpen();
    var payload = encode(value);
    var workers = core.session().awaitWorkers(WORKERS_TIMEOUT);
    var first = core.ledger().reserve(1);
    var label = label(first);
    var values = Map.of(label.key(first), payload);
    var troubles = new ArrayList<String>();
    var offset = ThreadLocalRandom.current().nextInt(workers.size());
    for (var i = 0; i < workers.size(); i++) {
      var worker = workers.get((i + offset) % workers.size());
      if (put(worker, values, troubles)) {
        return handle(first, label, List.of(worker), payload.sizeBytes());
      }
    }
    throw new ClusterUnavailableException("no worker took the value: "
        + String.join("; ", troubles));
  }

  /// Has every worker fetch a value, and waits until all have, or cannot.
  static void everywhere(Client client, RemoteFuture<?> value) throws InterruptedException {
    var fetches = new ArrayList<RemoteFuture<Boolean>>();
    for (var worker : client.workers()) {
      fetches.add(client.submit(_ -> true, value,
          TaskOptions.NONE.name("broadcast").workers(worker.name())));
    }
    try {
      for (var fetch : fetches) {
        try {
          var _ = fetch.get();
        } catch (ExecutionException e) {
          LOG.warn("a worker did not get what is on the others: {}", String.valueOf(e.getCause()));
        }
      }
    } finally {
      client.release(fetches);
    }
  }

  <T extends @Nullable Object> List<RemoteFuture<T>> all(Collection<? extends T> values)
      throws InterruptedException {
    core.ledger().checkOpen();
    var payloads = new ArrayList<Payload>();
    values.forEach(value -> payloads.add(encode(value)));
    if (payloads.isEmpty()) {
      return List.of();
    }
    var workers = core.session().awaitWorkers(WORKERS_TIMEOUT);
    var first = core.ledger().reserve(payloads.size());
    var label = label(first);
    var handles = new ArrayList<RemoteFuture<T>>();
    var troubles = new ArrayList<String>();
    var share = (payloads.size() + workers.size() - 1) / workers.size();
    for (var from = 0; from < payloads.size(); from += share) {
      var some = new LinkedHashMap<Key, Payload>();
      var end = Math.min(payloads.size(), from + share);
      for (var i = from; i < end; i++) {
        some.put(label.key(first + i), payloads.get(i));
      }
      var holder = List.of(putSomewhere(some, workers, from / share, troubles));
      for (var i = from; i < end; i++) {
        handles.add(handle(first + i, label, holder, payloads.get(i).sizeBytes()));
      }
    }
    return handles;
  }

  private WorkerInfo putSomewhere(Map<Key, Payload> values, List<WorkerInfo> workers, int first,
      List<String> troubles) throws InterruptedException {
    for (var i = 0; i < workers.size(); i++) {
      var worker = workers.get((first + i) % workers.size());
      if (put(worker, values, troubles)) {
        return worker;
      }
    }
    throw new ClusterUnavailableException("no worker took the values: "
        + String.join("; ", troubles));
  }

  private Payload encode(@Nullable Object value) {
    return core.code().values().encode(value);
  }

  private Label label(long first) {
    return new Label.Element(
        TaskKeys.numbered(NAME, core.session().namespace(), core.id(), first), first);
  }

  private boolean put(WorkerInfo worker, Map<Key, Payload> values, List<String> troubles)
      throws InterruptedException {
    try {
      var response = core.session().workers().to(worker.address())
          .call(new Message.PutData(values, false), PUT_TIMEOUT);
      if (response instanceof Message.Stored(var _, var refused) && refused.isEmpty()) {
        return true;
      }
      troubles.add(worker.id() + (response instanceof Message.Stored(var _, var refused)
          ? " refused: " + refused
          : " gave an answer that does not fit: " + response.getClass().getSimpleName()));
    } catch (IOException e) {
      troubles.add(worker.id() + ": " + e.getMessage());
    } catch (IllegalStateException e) {
      core.ledger().checkOpen();
      throw e;
    }
    return false;
  }

  // The value is of that type.
  @SuppressWarnings("unchecked")
  private <T extends @Nullable Object> RemoteFuture<T> handle(long number, Label label,
      List<WorkerInfo> workers, long sizeBytes) {
    var ids = new ArrayList<WorkerId>();
    var places = new ArrayList<WorkerAt>();
    for (var worker : workers) {
      ids.add(worker.id());
      places.add(new WorkerAt(worker.id(), worker.address(), worker.host()));
    }
    core.submitter().awaitRoom();
    var handle = core.submitter().submit(new Submission(number, label,
        new Spec.Placed(ids, sizeBytes), List.of(), List.of(), Submission.NO_OWN,
        CallSite.here())).getFirst();
    core.ledger().end(handle.entry(),
        new Outcome.Elsewhere("", sizeBytes, List.copyOf(places)));
    return (RemoteFuture<T>) handle;
  }
}
