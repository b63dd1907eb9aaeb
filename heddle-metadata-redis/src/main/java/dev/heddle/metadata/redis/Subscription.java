package dev.heddle.metadata.redis;

import dev.heddle.metadata.MetadataUnavailableException;
import dev.heddle.metadata.WatchBuffer;
import dev.heddle.process.Kind;
import dev.heddle.process.ProcessScope;
import dev.heddle.wire.Message.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.exceptions.JedisException;

/// What this end hears from the channel of changes, and the watches that it goes to.
///
/// - *subscriber* blocks on the channel; when it loses it, it comes back, and every watch is told
///   that changes were lost.
/// - *keeper* lets Redis end the leases that are due, and gives up a connection that is silent
///   although it was asked to answer.
///
/// Both start with the first watch and end with the store.
final class Subscription implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);
  private static final long BACKOFF_MIN_MILLIS = 50;
  private static final long BACKOFF_MAX_MILLIS = 2_000;
  /// How long the keeper sleeps at most: it also looks after the subscriber.
  private static final long NAP_MAX_MILLIS = 1_000;
  private static final int SWEEPS_MAX = 20;

  private final RedisAddress address;
  private final Scripts scripts;
  private final Duration timeout;
  private final ProcessScope scope;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // All below is guarded by the lock.
  private final List<WatchBuffer> watches = new ArrayList<>();
  private boolean started;
  private boolean closed;
  private @Nullable Ear ear;
  private boolean hearing;
  private long heardNanos;
  private String reason = "it did not answer yet";

  Subscription(RedisAddress address, Scripts scripts, Duration timeout) {
    this.address = address;
    this.scripts = scripts;
    this.timeout = timeout;
    this.scope = ProcessScope.open("metadata " + address);
  }

  /// Waits until changes are heard, so that none from then on is missed.
  WatchBuffer watch(String prefix) throws MetadataUnavailableException, InterruptedException {
    // Where Redis is away, this says so at once.
    scripts.call(Script.TICK);
    var watch = new WatchBuffer(prefix, this::unwatch);
    var nanos = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      if (!closed && !started) {
        started = true;
        scope.start("metadata/subscriber", Kind.VIRTUAL, this::subscribe);
        scope.start("metadata/keeper", Kind.VIRTUAL, this::keep);
      }
      while (!hearing && !closed) {
        if (nanos <= 0) {
          throw new MetadataUnavailableException("the metadata store " + address
              + " cannot be watched: not subscribed within " + timeout.toMillis() + " ms: "
              + reason + "; start it, or check the address and the network", null);
        }
        nanos = changed.awaitNanos(nanos);
      }
      if (closed) {
        throw new MetadataUnavailableException(closedReason(), null);
      }
      watches.add(watch);
      return watch;
    } finally {
      lock.unlock();
    }
  }

  private void unwatch(WatchBuffer watch) {
    lock.lock();
    try {
      watches.remove(watch);
    } finally {
      lock.unlock();
    }
  }

  private String closedReason() {
    return "this link to the metadata store " + address + " was closed";
  }

  // --- subscriber

  private void subscribe() throws InterruptedException {
    var backoffMillis = BACKOFF_MIN_MILLIS;
    while (true) {
      var since = System.nanoTime();
      try (var jedis = new Jedis(new HostAndPort(address.host(), address.port()),
          Scripts.config(address, timeout))) {
        var mine = new Ear(jedis);
        attach(mine);
        jedis.subscribe(mine, address.prefix() + "changes");
      } catch (JedisException e) {
        detach(e.toString());
        LOG.debug("lost the changes of {}", address, e);
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      backoffMillis = System.nanoTime() - since > timeout.toNanos()
          ? BACKOFF_MIN_MILLIS
          : Math.min(BACKOFF_MAX_MILLIS, backoffMillis * 2);
      if (awaitClosed(backoffMillis)) {
        return;
      }
    }
  }

  private void attach(Ear mine) {
    lock.lock();
    try {
      ear = mine;
      heardNanos = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  private void detach(String why) {
    lock.lock();
    try {
      ear = null;
      reason = why;
      hearing = false;
    } finally {
      lock.unlock();
    }
  }

  private void hears() {
    lock.lock();
    try {
      hearing = true;
      // Not before: whoever looks again sees what changed until now, and is told of the rest.
      watches.forEach(WatchBuffer::lose);
      heardNanos = System.nanoTime();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void heard(List<Change> changes) {
    lock.lock();
    try {
      heardNanos = System.nanoTime();
      watches.forEach(watch -> watch.offer(changes));
    } finally {
      lock.unlock();
    }
  }

  /// One connection's subscription; called back on the subscriber.
  private final class Ear extends JedisPubSub {
    private final Jedis jedis;

    Ear(Jedis jedis) {
      this.jedis = jedis;
    }

    @Override
    public void onSubscribe(String channel, int subscribedChannels) {
      hears();
    }

    @Override
    public void onMessage(String channel, String message) {
      try {
        heard(Published.parse(message));
      } catch (IllegalArgumentException e) {
        LOG.warn("{}: {}", address, e.getMessage());
      }
    }

    @Override
    public void onPong(String pattern) {
      heard(List.of());
    }
  }

  // --- keeper

  private void keep() throws InterruptedException {
    var napMillis = 0L;
    while (!awaitClosed(napMillis)) {
      try {
        var left = (Long) scripts.call(Script.TICK);
        scripts.sweep(SWEEPS_MAX);
        napMillis = left < 0 ? NAP_MAX_MILLIS : Math.clamp(left, 1, NAP_MAX_MILLIS);
      } catch (MetadataUnavailableException e) {
        // Callers hear of it from their own calls; this one only has to come again.
        LOG.debug("cannot end leases", e);
        napMillis = NAP_MAX_MILLIS;
      }
      checkEar();
    }
  }

  private void checkEar() {
    Ear silent;
    boolean deaf;
    lock.lock();
    try {
      if (ear == null || !hearing) {
        return;
      }
      silent = ear;
      deaf = System.nanoTime() - heardNanos > timeout.toNanos() + TimeUnit.MILLISECONDS
          .toNanos(2 * NAP_MAX_MILLIS);
    } finally {
      lock.unlock();
    }
    try {
      if (deaf) {
        silent.jedis.getConnection().forceDisconnect();
      } else {
        silent.ping();
      }
    } catch (JedisException | java.io.IOException e) {
      // The subscriber finds the same, and comes back.
      LOG.debug("cannot ask whether {} still publishes", address, e);
    }
  }

  private boolean awaitClosed(long millis) throws InterruptedException {
    var nanos = TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lockInterruptibly();
    try {
      while (!closed && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    List<WatchBuffer> toClose;
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      toClose = List.copyOf(watches);
    } finally {
      lock.unlock();
    }
    toClose.forEach(watch -> watch.close(closedReason()));
    scope.close();
  }
}
