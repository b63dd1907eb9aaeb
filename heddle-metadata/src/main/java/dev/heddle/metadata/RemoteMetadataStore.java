package dev.heddle.metadata;

import dev.heddle.wire.Address;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.Message.Inventory;
import dev.heddle.wire.Message.Request;
import dev.heddle.wire.Message.Response;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The store that another node serves ([MetadataServer]).
///
/// It connects when it is first asked, and again whenever the connection is gone; while watches
/// are open it does so by itself. No call waits for longer than about twice the timeout.
public final class RemoteMetadataStore implements MetadataStore {
  /// How long a call waits for a connection, and then for an answer.
  public static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(5);

  private final RemoteLink link;

  private RemoteMetadataStore(RemoteLink link) {
    this.link = link;
  }

  /// Makes no connection yet.
  ///
  /// @param self how to introduce ourselves; the store's connections are its own
  /// @param store where it listens
  public static RemoteMetadataStore open(EndpointConfig self, Address store) {
    return open(self, store, TIMEOUT_DEFAULT);
  }

  /// @param timeout how long a call waits for a connection, and then for an answer
  public static RemoteMetadataStore open(EndpointConfig self, Address store, Duration timeout) {
    return new RemoteMetadataStore(new RemoteLink(self, store, timeout));
  }

  @Override
  public void join(WorkerInfo worker, Duration lease)
      throws MetadataException, InterruptedException {
    ask(new Message.Join(worker, MetadataStore.checkLease(lease).toMillis()), Message.Done.class);
  }

  @Override
  public void renew(WorkerId worker) throws MetadataException, InterruptedException {
    ask(new Message.Renew(worker), Message.Done.class);
  }

  @Override
  public void leave(WorkerId worker) throws MetadataException, InterruptedException {
    ask(new Message.Leave(worker), Message.Done.class);
  }

  @Override
  public void register(WorkerId worker, List<Entry> entries)
      throws MetadataException, InterruptedException {
    var requests = new ArrayList<Request>();
    Batches.ofEntries(entries)
        .forEach(batch -> requests.add(new Message.Register(worker, List.copyOf(batch))));
    askAll(requests, Message.Done.class);
  }

  @Override
  public void unregister(WorkerId worker, List<Key> keys)
      throws MetadataException, InterruptedException {
    var requests = new ArrayList<Request>();
    Batches.ofKeys(keys)
        .forEach(batch -> requests.add(new Message.Unregister(worker, List.copyOf(batch))));
    askAll(requests, Message.Done.class);
  }

  @Override
  public Map<Key, List<Holder>> whoHas(Collection<Key> keys)
      throws MetadataException, InterruptedException {
    var requests = new ArrayList<Request>();
    Batches.ofKeys(List.copyOf(new LinkedHashSet<>(keys)))
        .forEach(batch -> requests.add(new Message.WhoHas(List.copyOf(batch))));
    var found = LinkedHashMap.<Key, List<Holder>>newLinkedHashMap(keys.size());
    for (var answer : askAll(requests, Message.Holders.class)) {
      found.putAll(answer.holders());
    }
    return found;
  }

  @Override
  public Inventory hasWhat(String worker, Optional<Key> after, int limit)
      throws MetadataException, InterruptedException {
    return ask(new Message.HasWhat(worker, after, MetadataStore.checkLimit(limit)),
        Inventory.class);
  }

  @Override
  public List<WorkerInfo> workers() throws MetadataException, InterruptedException {
    return ask(new Message.AskWorkers(), Message.Workers.class).workers();
  }

  @Override
  public Watch watch(String prefix) throws MetadataException, InterruptedException {
    return link.watch(prefix);
  }

  private <T extends Response> T ask(Request request, Class<T> expected)
      throws MetadataException, InterruptedException {
    return askAll(List.of(request), expected).getFirst();
  }

  private <T extends Response> List<T> askAll(List<Request> requests, Class<T> expected)
      throws MetadataException, InterruptedException {
    var answers = new ArrayList<T>(requests.size());
    for (var answer : link.ask(requests)) {
      if (!expected.isInstance(answer)) {
        throw new MetadataUnavailableException("the node at " + link + " answered with "
            + answer.getClass().getSimpleName() + " instead of " + expected.getSimpleName()
            + "; is it a metadata store of this version?", null);
      }
      answers.add(expected.cast(answer));
    }
    return answers;
  }

  @Override
  public void close() {
    link.close();
  }

  @Override
  public String toString() {
    return link.toString();
  }
}
