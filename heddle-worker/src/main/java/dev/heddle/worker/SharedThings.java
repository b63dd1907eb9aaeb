package dev.heddle.worker;

import dev.heddle.wire.Address;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What tasks of one scheduler share on this worker, such as its client; closed with the worker. For
/// any number of threads.
final class SharedThings implements AutoCloseable {
  /// How many there may be.
  static final int THINGS_MAX = 1_000;
  private static final Logger log = LoggerFactory.getLogger(SharedThings.class);

  private record Name(Optional<Address> scheduler, Class<?> type) {}

  /// A thing that one thread makes while others wait for it.
  private static final class Thing {
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable AutoCloseable made;
    private volatile boolean closed;
  }

  private final String worker;
  /// Guarded by itself.
  private final Map<Name, Thing> things = new LinkedHashMap<>();
  private boolean closed;

  SharedThings(String worker) {
    this.worker = worker;
  }

  /// The one of a type for a scheduler.
  ///
  /// @param maker called if there is none; what it throws is thrown, and it is asked again next time
  /// @throws IllegalStateException if the worker has ended, or there are too many
  <T extends AutoCloseable> T get(Optional<Address> scheduler, Class<T> type, Supplier<T> maker) {
    var thing = thing(new Name(scheduler, type));
    thing.making.lock();
    try {
      if (thing.closed) {
        throw ended();
      }
      if (thing.made instanceof AutoCloseable made) {
        return type.cast(made);
      }
      var made = maker.get();
      thing.made = made;
      if (thing.closed) {
        close(thing);
        throw ended();
      }
      return made;
    } finally {
      thing.making.unlock();
    }
  }

  private Thing thing(Name name) {
    synchronized (things) {
      if (closed) {
        throw ended();
      }
      if (things.get(name) instanceof Thing known) {
        return known;
      }
      if (things.size() >= THINGS_MAX) {
        throw new IllegalStateException("tasks on the worker " + worker + " share " + THINGS_MAX
            + " things already, as many as they may; they end with the worker");
      }
      var thing = new Thing();
      things.put(name, thing);
      return thing;
    }
  }

  private IllegalStateException ended() {
    return new IllegalStateException("the worker " + worker + " has ended");
  }

  /// What is being made now is closed by whoever makes it.
  @Override
  public void close() {
    List<Thing> all;
    synchronized (things) {
      closed = true;
      all = List.copyOf(things.values());
      things.clear();
    }
    all.forEach(this::close);
  }

  // That a maker took too long and was interrupted is its business.
  private void close(Thing thing) {
    thing.closed = true;
    var isInTurn = thing.making.tryLock();
    try {
      if (thing.made instanceof AutoCloseable made) {
        made.close();
      }
    } catch (Exception e) { // Others are still to be closed.
      log.warn("the worker {} has ended, and what its tasks shared does not close", worker, e);
    } finally {
      if (isInTurn) {
        thing.making.unlock();
      }
    }
  }
}
