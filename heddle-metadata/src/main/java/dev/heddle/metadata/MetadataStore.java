package dev.heddle.metadata;

import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Who has what: which worker holds the value of which key.
///
/// A worker's entries live as long as its lease. Once the lease has ended, by [#leave] or because
/// it was not renewed in time, no answer names that worker any more, also if it comes back: it
/// begins with nothing.
///
/// Calls block until the store has answered; lists may be of any length and are cut into pieces
/// inside (so a long one is carried out piece by piece). Each call may be repeated after a failure.
/// For any number of threads. Where the store is elsewhere, every call can throw
/// [MetadataUnavailableException].
public interface MetadataStore extends AutoCloseable {
  /// The shortest lease.
  Duration LEASE_MIN = Duration.ofMillis(50);
  /// The longest lease.
  Duration LEASE_MAX = Duration.ofHours(1);
  /// The most holders of one key that [#whoHas] names.
  int HOLDERS_MAX = 64;
  /// The most entries in one page of [#hasWhat].
  int PAGE_MAX = 1_000;

  /// Gives a worker a lease; one that has it already gets it renewed and keeps its entries.
  ///
  /// @param lease
  ///          from [#LEASE_MIN] to [#LEASE_MAX]
  /// @throws NameTakenException
  ///           if the lease of another incarnation with this name has not ended
  void join(WorkerInfo worker, Duration lease) throws MetadataException, InterruptedException;

  /// Makes the lease last its full length from now.
  ///
  /// @throws LeaseLostException
  ///           if it has ended
  void renew(WorkerId worker) throws MetadataException, InterruptedException;

  /// Ends the lease and drops its entries. Nothing happens if it has ended already.
  void leave(WorkerId worker) throws MetadataException, InterruptedException;

  /// Says that `worker` has these values. An entry replaces an earlier one of the same key.
  ///
  /// @throws LeaseLostException
  ///           if the worker's lease has ended
  void register(WorkerId worker, List<Entry> entries)
      throws MetadataException, InterruptedException;

  /// Says that `worker` no longer has these values; keys that it never had are ignored. Also
  /// called by others who asked the worker for a value and found that it is gone.
  void unregister(WorkerId worker, List<Key> keys) throws MetadataException, InterruptedException;

  /// Tells who has these values.
  ///
  /// @return an entry for each key that somebody has, in the order asked, with up to
  ///         [#HOLDERS_MAX] holders in no particular order
  Map<Key, List<Holder>> whoHas(Collection<Key> keys)
      throws MetadataException, InterruptedException;

  /// Tells what a worker has, one page of it, in the order of the keys' UTF-8 bytes.
  ///
  /// @param worker
  ///          its name; one that has no lease has nothing
  /// @param after
  ///          the last key of the page before
  /// @param limit
  ///          how many entries at most, from 1 to [#PAGE_MAX]
  Message.Inventory hasWhat(String worker, Optional<Key> after, int limit)
      throws MetadataException, InterruptedException;

  /// Tells all that a worker has, page by page, and so not at one moment: of what changes
  /// meanwhile, some is seen and some not.
  default void hasWhat(String worker, Consumer<Entry> each)
      throws MetadataException, InterruptedException {
    var page = hasWhat(worker, Optional.empty(), PAGE_MAX);
    page.entries().forEach(each);
    while (page.more() && !page.entries().isEmpty()) {
      page = hasWhat(worker, Optional.of(page.entries().getLast().key()), PAGE_MAX);
      page.entries().forEach(each);
    }
  }

  /// The workers that have a lease, by name.
  List<WorkerInfo> workers() throws MetadataException, InterruptedException;

  /// Tells of changes from now on.
  ///
  /// @param prefix
  ///          only keys that begin so; empty for all. Workers are always told of.
  Watch watch(String prefix) throws MetadataException, InterruptedException;

  /// Frees what this end holds; workers keep their leases. Calls after that, and those that still
  /// wait, throw [MetadataUnavailableException].
  @Override
  void close();

  /// @throws IllegalArgumentException
  ///           if `lease` is shorter than [#LEASE_MIN] or longer than [#LEASE_MAX]
  static Duration checkLease(Duration lease) {
    if (lease.compareTo(LEASE_MIN) < 0 || lease.compareTo(LEASE_MAX) > 0) {
      throw new IllegalArgumentException("a lease of " + lease.toMillis()
          + " ms is not between " + LEASE_MIN.toMillis() + " ms and " + LEASE_MAX.toMillis()
          + " ms");
    }
    return lease;
  }

  /// @throws IllegalArgumentException
  ///           if `limit` is not from 1 to [#PAGE_MAX]
  static int checkLimit(int limit) {
    if (limit < 1 || limit > PAGE_MAX) {
      throw new IllegalArgumentException(
          "a page of " + limit + " entries is not between 1 and " + PAGE_MAX);
    }
    return limit;
  }
}
