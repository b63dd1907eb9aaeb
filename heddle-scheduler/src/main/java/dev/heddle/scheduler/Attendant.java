package dev.heddle.scheduler;

import dev.heddle.metadata.MetadataException;
import dev.heddle.metadata.MetadataStore;
import dev.heddle.process.Body;
import dev.heddle.process.Channel;
import dev.heddle.wire.Endpoint;
import dev.heddle.wire.Message;
import dev.heddle.wire.WorkerInfo;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process *attend*: takes one life of one worker into service, and keeps to it until it is
/// dead.
///
/// - In: the worker's address; whether its lease has ended, from *members*.
/// - Out: that it came, is away, has died, to the core. What it says in between goes from its link
///   to the core without passing here.
/// - Ends when the worker is dead: nobody listens at its address any more, its lease has ended while
///   there was no connection, or another life has its name.
final class Attendant implements Body {
  private static final Logger log = LoggerFactory.getLogger(Attendant.class);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
  private static final Duration PAUSE_FIRST = Duration.ofMillis(10);
  private static final Duration PAUSE_MOST = Duration.ofMillis(500);
  /// So many refusals take two seconds.
  private static final int REFUSALS_QUIET = 9;

  private final WorkerInfo worker;
  private final String namespace;
  private final boolean keepsWhoHas;
  private final Endpoint endpoint;
  private final MetadataStore store;
  private final Control control;
  private final WorkerLinks workers;
  /// Attended the same life before, and may not have told its end yet.
  private final @Nullable Attendant before;
  private final CountDownLatch ended = new CountDownLatch(1);
  /// Rouses the process when something has changed that it has to look at.
  private final Channel<Boolean> news;

  // All below is guarded by this.
  private boolean leaseEnded;
  private @Nullable String successor;
  private @Nullable WorkerLink link;
  private boolean over;

  // Owned by the process.
  private boolean hasCome;
  private boolean hasLeft;
  private String last = "it was never reached";
  private int refusals;
  private @Nullable String refusalTold;

  /// @param keepsWhoHas whether `store` is this scheduler's own
  Attendant(WorkerInfo worker, String namespace, boolean keepsWhoHas, Endpoint endpoint,
      MetadataStore store, Control control, WorkerLinks workers, @Nullable Attendant before) {
    this.worker = worker;
    this.namespace = namespace;
    this.keepsWhoHas = keepsWhoHas;
    this.endpoint = endpoint;
    this.store = store;
    this.control = control;
    this.workers = workers;
    this.before = before;
    news = Channel.bounded("news of " + worker.id(), 1);
  }

  WorkerInfo worker() {
    return worker;
  }

  // --- what members tell

  /// The store no longer knows it. As long as the connection lasts, that means nothing.
  synchronized void leaseEnded() {
    leaseEnded = true;
    var _ = news.offer(true);
  }

  /// It has joined, perhaps again.
  ///
  /// @return false if this has ended: somebody else has to attend it
  synchronized boolean joined() {
    leaseEnded = false;
    return !over;
  }

  /// Another life has the worker's name, so this one is over.
  synchronized void succeeded() {
    successor = "another process has its name now";
    if (link instanceof WorkerLink open) {
      open.connection().close("another worker has the name " + worker.id());
    }
    var _ = news.offer(true);
  }

  synchronized boolean isOver() {
    return over;
  }

  // --- the process

  @Override
  public void run() throws InterruptedException {
    try {
      if (before != null) {
        before.ended.await();
      }
      var cause = untilDead();
      if (hasCome) {
        if (hasLeft) {
          log.info("the worker {} has left", worker.id());
        } else {
          log.warn("the worker {} is gone: {}", worker.id(), cause);
        }
        control.report(new SchedulerEvent.WorkerDied(worker.id(), hasLeft, cause));
      }
    } finally {
      ended.countDown();
    }
  }

  private String untilDead() throws InterruptedException {
    var pause = PAUSE_FIRST;
    while (true) {
      try {
        serve();
        pause = PAUSE_FIRST;
        refusals = 0;
      } catch (ConnectException e) {
        if (String.valueOf(e.getMessage()).contains("refused")) {
          end();
          endLease();
          return last + "; and nobody listens at " + worker.address() + " any more";
        }
        unreachable(String.valueOf(e.getMessage()));
      } catch (IOException e) {
        unreachable(String.valueOf(e.getMessage()));
      }
      var death = death();
      if (death.isPresent()) {
        return death.get();
      }
      var _ = news.receiveOrDone(pause);
      pause = pause.multipliedBy(2).compareTo(PAUSE_MOST) > 0
          ? PAUSE_MOST
          : pause.multipliedBy(2);
    }
  }

  private void unreachable(String reason) {
    last = reason;
    // Starting takes a moment; only what lasts is worth a line.
    if (++refusals >= REFUSALS_QUIET && !reason.equals(refusalTold)) {
      refusalTold = reason;
      log.info("the worker {} cannot be taken into service yet, and is asked again: {}",
          worker.id(), reason);
    }
  }

  private synchronized void end() {
    over = true;
  }

  /// Why it counts as dead while there is no connection, if it does.
  private synchronized Optional<String> death() {
    if (successor != null) {
      over = true;
      return Optional.of(successor);
    }
    if (leaseEnded) {
      over = true;
      return Optional.of(last + "; and its lease has ended");
    }
    return Optional.empty();
  }

  /// One connection, from the request to serve until it ends.
  private void serve() throws IOException, InterruptedException {
    var connection = endpoint.connect(worker.address());
    var mine = new WorkerLink(worker.id(), connection);
    workers.opened(mine);
    setLink(mine);
    try {
      var attached = connection.call(new Message.Attach(namespace, keepsWhoHas), ANSWER_WITHIN);
      // What was said before this answer has been heard once it is there: it tells who this is, too.
      var info = connection.call(new Message.AskInfo(), ANSWER_WITHIN);
      check(attached, info);
      workers.serves(mine);
      hasCome = true;
      mine.came(worker, (Message.Attached) attached, control);
    } catch (IOException | InterruptedException | RuntimeException e) {
      connection.close("it was not taken into service: " + e.getMessage());
      setLink(null);
      throw e;
    }
    last = "its connection ended: " + mine.awaitEnd();
    setLink(null);
    hasLeft = hasLeftStore();
    workers.servesNoMore(mine);
    control.report(new SchedulerEvent.WorkerAway(worker.id()));
  }

  private synchronized void setLink(@Nullable WorkerLink to) {
    link = to;
    if (to != null && successor != null) {
      to.connection().close("another worker has the name " + worker.id());
    }
  }

  private void check(Message.Response attached, Message.Response info) throws IOException {
    if (!(attached instanceof Message.Attached)) {
      throw new IOException("it answered with " + attached.getClass().getSimpleName());
    }
    if (!(info instanceof Message.NodeInfo node) || !node.name().equals(worker.id().name())
        || node.pid() != worker.pid()) {
      throw new IOException("another process listens at " + worker.address() + " now");
    }
  }

  /// A worker that ends in good order leaves the store before it ends its connections; the lease of
  /// one that dies outlasts them.
  private boolean hasLeftStore() throws InterruptedException {
    try {
      return store.workers().stream().noneMatch(other -> other.id().equals(worker.id()));
    } catch (MetadataException e) {
      log.debug("whether {} left in good order is not known", worker.id(), e);
      return false;
    }
  }

  /// Nobody should look any more for the values of a worker that is dead before its lease has ended.
  private void endLease() throws InterruptedException {
    if (keepsWhoHas) {
      try {
        store.leave(worker.id());
      } catch (MetadataException e) {
        log.debug("the store has closed before the lease of {} could be ended", worker.id(), e);
      }
    }
  }
}
