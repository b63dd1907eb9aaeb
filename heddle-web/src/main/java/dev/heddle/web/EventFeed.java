package dev.heddle.web;

import dev.heddle.process.Activity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Events for any number of browsers, of which each is told the newest of each name.
///
/// A browser that reads slowly misses what came between; nobody waits for it. For any number of
/// threads.
public final class EventFeed implements AutoCloseable {
  /// The most names of events: what a listener may have before it.
  private static final int NAMES_MAX = 16;
  private static final Activity WAITING = Activity.named("waiting for an event");

  private final int listenersMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, String> newest = new LinkedHashMap<>();
  private final List<Listener> listeners = new ArrayList<>();
  private boolean closed;

  /// @param listenersMax how many may listen; others are turned away
  public EventFeed(int listenersMax) {
    this.listenersMax = listenersMax;
  }

  /// Tells all who listen, and whoever comes later, until the next of this name.
  ///
  /// @param name without a line end
  /// @param data a line
  public void publish(String name, String data) {
    if (name.indexOf('\n') >= 0 || data.indexOf('\n') >= 0 || data.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("the event " + name + " has more than a line");
    }
    lock.lock();
    try {
      if (newest.size() >= NAMES_MAX && !newest.containsKey(name)) {
        throw new IllegalStateException("a feed has at most " + NAMES_MAX + " kinds of events");
      }
      newest.put(name, data);
      for (var listener : listeners) {
        if (listener.pending.put(name, data) != null) {
          listener.skipped++;
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// How many listen now.
  public int listeners() {
    lock.lock();
    try {
      return listeners.size();
    } finally {
      lock.unlock();
    }
  }

  /// Ends the streams of all who listen, and lets in nobody any more.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// @return null if there are too many already, or the feed is closed
  @Nullable
  Listener listen() {
    lock.lock();
    try {
      if (closed || listeners.size() >= listenersMax) {
        return null;
      }
      var listener = new Listener();
      listener.pending.putAll(newest);
      listeners.add(listener);
      return listener;
    } finally {
      lock.unlock();
    }
  }

  /// One browser's end.
  final class Listener implements AutoCloseable {
    private final Map<String, String> pending = new LinkedHashMap<>();
    private long skipped;

    /// What it has not been told yet, by name; waits for it.
    ///
    /// @return empty if there was nothing in time; null at the end
    @Nullable
    Map<String, String> take(long millis) throws InterruptedException {
      lock.lock();
      try (var _ = WAITING.begin()) {
        var nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        while (pending.isEmpty() && !closed && nanos > 0) {
          nanos = changed.awaitNanos(nanos);
        }
        if (closed) {
          return null;
        }
        var taken = Map.copyOf(pending);
        pending.clear();
        return taken;
      } finally {
        lock.unlock();
      }
    }

    /// How many events it missed because a newer one came first.
    long skipped() {
      lock.lock();
      try {
        return skipped;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        listeners.remove(this);
      } finally {
        lock.unlock();
      }
    }
  }
}
