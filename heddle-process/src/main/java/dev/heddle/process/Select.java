package dev.heddle.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Waits on several sources at once, so that a process with several inputs stays one loop.
///
/// ```java
/// var inputs = Select.<Input>of(commands)
///   .and(results, Finished::new)
///   .and(peers, PeerSaid::new, PeersGone::new);
/// while (inputs.receiveOrDone() instanceof Input input) {
///   switch (input) { ... }
/// }
/// ```
///
/// Sources take turns: after an item of one source, the others are asked first, so a busy one never
/// starves the rest. A source that is done is left out; a source that fails ends the wait with its
/// [ChannelFailedException]. Belongs to one process; make it once, before the loop.
///
/// @param <R> what the sources' items have in common
public final class Select<R> {
  private final List<Clause<?, ? extends R>> open = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private int turn;
  private @Nullable Activity waiting;

  private Select() {}

  /// Waits on these sources, whose items are taken as they are.
  @SafeVarargs
  public static <R> Select<R> of(Source<? extends R>... sources) {
    var select = new Select<R>();
    for (var source : sources) {
      select.add(source, item -> item, null);
    }
    return select;
  }

  /// Waits on `source` too.
  ///
  /// @param as what to make of each of its items
  /// @return this
  public <T> Select<R> and(Source<T> source, Function<? super T, ? extends R> as) {
    add(source, as, null);
    return this;
  }

  /// Waits on `source` too, and says when it is done.
  ///
  /// @param as what to make of each of its items
  /// @param whenDone gives what to receive, once, when the source is done
  /// @return this
  public <T> Select<R> and(Source<T> source, Function<? super T, ? extends R> as,
      Supplier<? extends R> whenDone) {
    add(source, as, whenDone);
    return this;
  }

  /// Takes one item of one source, waiting for it.
  ///
  /// @throws ChannelDoneException if every source is done
  /// @throws ChannelFailedException if a source has failed
  public R receive() throws InterruptedException {
    var item = receiveOrDone();
    if (item == null) {
      throw ChannelDoneException.onReceive(String.join("`, `", names));
    }
    return item;
  }

  /// Takes one item of one source, waiting for it; null says that every source is done.
  ///
  /// @throws ChannelFailedException if a source has failed
  public @Nullable R receiveOrDone() throws InterruptedException {
    return switch (await(this::next, 0, false)) {
      case Received.Item(var item) -> item;
      case Received.Done() -> null;
      case Received.TimedOut() -> throw new AssertionError("a wait without a limit timed out");
    };
  }

  /// Takes one item of one source, waiting for it for at most `timeout` (zero or less: not at all).
  ///
  /// @throws ChannelFailedException if a source has failed
  public Received<R> receiveOrDone(Duration timeout) throws InterruptedException {
    return await(this::next, deadline(timeout), true);
  }

  /// Waits for at least one item, then takes everything that is queued in any source: those of one
  /// source in order, and sources in turn. An empty list says that every source is done.
  ///
  /// @throws ChannelFailedException if a source has failed
  public List<R> receiveAll() throws InterruptedException {
    return switch (await(this::all, 0, false)) {
      case Received.Item(var items) -> items;
      case Received.Done() -> List.of();
      case Received.TimedOut() -> throw new AssertionError("a wait without a limit timed out");
    };
  }

  /// Like [#receiveAll()], waiting for the first item for at most `timeout` (zero or less: not at
  /// all).
  ///
  /// @throws ChannelFailedException if a source has failed
  public Received<List<R>> receiveAll(Duration timeout) throws InterruptedException {
    return await(this::all, deadline(timeout), true);
  }

  private <T> void add(Source<T> source, Function<? super T, ? extends R> as,
      @Nullable Supplier<? extends R> whenDone) {
    switch (source) {
      case Channel<T> channel -> {
        open.add(new Clause<>(channel, as, whenDone));
        names.add(channel.name());
      }
    }
    waiting = null;
  }

  /// Asks without waiting, then waits for any source to have news and asks again.
  private <X> Received<X> await(Supplier<@Nullable X> ask, long deadlineNanos, boolean timed)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    var found = ask.get();
    while (found == null && !open.isEmpty()) {
      if (!awaitNews(deadlineNanos, timed)) {
        return new Received.TimedOut<>();
      }
      found = ask.get();
    }
    return found == null ? new Received.Done<>() : new Received.Item<>(found);
  }

  private @Nullable R next() {
    int left = open.size();
    while (left-- > 0) {
      turn = turn < open.size() ? turn : 0;
      var clause = open.get(turn);
      var item = clause.poll();
      if (item != null) {
        turn++;
        return item;
      }
      if (clause.isDone()) {
        open.remove(turn);
        waiting = null;
        var last = clause.lastWords();
        if (last != null) {
          return last;
        }
      } else {
        turn++;
      }
    }
    return null;
  }

  private @Nullable List<R> all() {
    var items = new ArrayList<R>();
    int left = open.size();
    while (left-- > 0) {
      turn = turn < open.size() ? turn : 0;
      var clause = open.get(turn);
      try {
        clause.drainTo(items);
      } catch (ChannelFailedException e) {
        if (items.isEmpty()) {
          throw e;
        }
        return items; // what was taken is not lost, the next call comes upon the failure again
      }
      if (clause.isDone()) {
        open.remove(turn);
        waiting = null;
        var last = clause.lastWords();
        if (last != null) {
          items.add(last);
        }
      } else {
        turn++;
      }
    }
    turn++;
    return items.isEmpty() ? null : items;
  }

  private boolean awaitNews(long deadlineNanos, boolean timed) throws InterruptedException {
    var wait = new SelectWait();
    for (var clause : open) {
      clause.channel.addSelecting(wait);
    }
    try (var _ = waiting().begin()) {
      return wait.await(deadlineNanos, timed);
    } finally {
      for (var clause : open) {
        clause.channel.removeSelecting(wait);
      }
    }
  }

  private Activity waiting() {
    var activity = waiting;
    if (activity == null) {
      activity = Activity.named(open.stream().map(clause -> "`" + clause.channel.name() + "`")
          .collect(Collectors.joining(" or ", "waiting to receive from ", "")));
      waiting = activity;
    }
    return activity;
  }

  private static long deadline(Duration timeout) {
    return System.nanoTime() + Math.min(Waits.nanos(timeout), Long.MAX_VALUE / 2);
  }

  private record Clause<T, R>(Channel<T> channel, Function<? super T, ? extends R> as,
      @Nullable Supplier<? extends R> whenDone) {

    @Nullable
    R poll() {
      var item = channel.poll();
      return item == null ? null : as.apply(item);
    }

    void drainTo(Collection<? super R> items) {
      for (var item : channel.drain()) {
        items.add(as.apply(item));
      }
    }

    boolean isDone() {
      return channel.isDone();
    }

    @Nullable
    R lastWords() {
      return whenDone == null ? null : whenDone.get();
    }
  }
}
