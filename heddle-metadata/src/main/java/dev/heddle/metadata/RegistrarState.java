package dev.heddle.metadata;

import dev.heddle.metadata.MetadataQueue.Batch;
import dev.heddle.wire.WorkerId;

/// What a worker's registrar does next: joins, renews its lease in time, tells the store what
/// changed, and tells it everything where changes were forgotten. Pure: `now` is in milliseconds
/// on a clock that never goes back.
///
/// ```
///            joined              told
///   joining ────────► telling ────────► joined ──► left
///      ▲              ▲  ▲ ▲ told          │  overflow
///      │    reconciled│  │ └──reconciling◄─┘
///      └──────────────┴──┴──── lease lost
/// ```
final class RegistrarState {
  static final int BATCH_MAX = 5_000;
  private static final long BACKOFF_MIN_MILLIS = 100;
  private static final long BACKOFF_MAX_MILLIS = 2_000;

  /// What the process should do now; it then says how that ended, and asks again.
  sealed interface Step {
    /// Ended by [#joined], [#nameTaken] or [#unavailable].
    record Join() implements Step {}

    /// Ended by [#renewed], [#leaseLost] or [#unavailable].
    record Renew() implements Step {}

    /// Drop a page of what the store wrongly believes this worker to have; a new `run` begins with
    /// the first page. Ended by [#answered], for the last page [#reconciled], or [#unavailable].
    record Reconcile(int run) implements Step {}

    /// Register a page of all that this worker has; a new `run` begins with the first page. Ended by
    /// [#answered], for the last page [#told], or [#leaseLost] or [#unavailable].
    record Tell(int run) implements Step {}

    /// Ended by [#answered], [#leaseLost] or [#unavailable].
    record Send(Batch batch) implements Step {}

    /// Nothing to do until then, unless there is something new.
    record Wait(long until) implements Step {}

    /// Ended by [#left].
    record Leave() implements Step {}

    /// It is over.
    record End() implements Step {}
  }

  private enum Standing {
    JOINING, RECONCILING, TELLING, JOINED, LEFT
  }

  private final WorkerId worker;
  private final long leaseMillis;
  private final MetadataQueue queue;
  private Standing standing = Standing.JOINING;
  private int run;
  private long renewAt;
  private long retryAt;
  private int failures;
  private boolean closing;
  private long closeBy = Long.MAX_VALUE;

  RegistrarState(WorkerId worker, long leaseMillis, MetadataQueue queue, long now) {
    this.worker = worker;
    this.leaseMillis = leaseMillis;
    this.queue = queue;
    this.renewAt = now;
    this.retryAt = now;
  }

  Step next(long now) {
    if (queue.takeOverflowed() && standing != Standing.JOINING && standing != Standing.LEFT) {
      standing = Standing.RECONCILING;
      run++;
    }
    if (standing == Standing.LEFT) {
      return new Step.End();
    }
    if (closing && (now >= closeBy || standing == Standing.JOINING)) {
      return standing != Standing.JOINING && failures == 0 ? new Step.Leave() : new Step.End();
    }
    if (now < retryAt) {
      return new Step.Wait(Math.min(retryAt, closeBy));
    }
    if (standing != Standing.JOINING && now >= renewAt) {
      return new Step.Renew();
    }
    return switch (standing) {
      case JOINING -> new Step.Join();
      case RECONCILING -> closing ? new Step.Leave() : new Step.Reconcile(run);
      case TELLING -> {
        if (closing) {
          yield new Step.Leave();
        }
        // What is there again must not be said to be gone after it was told with all the rest.
        yield queue.hasGoneBefore()
            ? new Step.Send(queue.takeGoneBefore(BATCH_MAX))
            : new Step.Tell(run);
      }
      case JOINED -> {
        if (!queue.isEmpty()) {
          yield new Step.Send(queue.take(BATCH_MAX));
        }
        yield closing ? new Step.Leave() : new Step.Wait(renewAt);
      }
      case LEFT -> new Step.End();
    };
  }

  /// Whether the store did not answer when it was last asked.
  boolean isAway() {
    return failures > 0;
  }

  void joined(long now) {
    standing = Standing.TELLING;
    run++;
    renewed(now);
  }

  void renewed(long now) {
    renewAt = now + leaseMillis / 3;
    answered();
  }

  void answered() {
    failures = 0;
  }

  void reconciled() {
    standing = Standing.TELLING;
    answered();
  }

  void told() {
    standing = Standing.JOINED;
    answered();
  }

  void left() {
    standing = Standing.LEFT;
  }

  /// The store answered that the lease has ended: everything must be told again.
  void leaseLost() {
    standing = Standing.JOINING;
    answered();
  }

  void nameTaken(long now) {
    retryAt = now + spread(Math.min(leaseMillis, BACKOFF_MAX_MILLIS));
    answered();
  }

  /// The store did not answer. The lease is what it is asked for first when it does again.
  ///
  /// @param untold
  ///          what it was to be told
  void unavailable(Batch untold, long now) {
    queue.putBack(untold);
    var delay = Math.min(BACKOFF_MAX_MILLIS, BACKOFF_MIN_MILLIS << Math.min(failures, 10));
    failures++;
    retryAt = now + spread(delay);
    renewAt = now;
  }

  /// Somebody else found that the store does not answer: look now.
  void suspect(long now) {
    renewAt = Math.min(renewAt, now);
  }

  /// Ends by itself after what is queued was sent, but no later than `by`.
  void close(long by) {
    closing = true;
    closeBy = by;
  }

  /// Between three and five quarters of `millis`, so that a thousand workers don't all come at once
  /// when the store is back.
  private long spread(long millis) {
    var hash = (worker.hashCode() * 31 + failures) * 0x9E3779B9;
    return millis * 3 / 4 + millis / 2 * (hash >>> 16) / 0x10000;
  }
}
