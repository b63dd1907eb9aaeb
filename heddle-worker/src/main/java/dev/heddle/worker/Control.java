package dev.heddle.worker;

import dev.heddle.process.Turn;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Entry;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The turn at the core: whoever has something to report takes it, feeds [WorkerState], hands its
/// commands on, and lets go. What is written to connections is written after that.
///
/// Commands are handed on inside the turn, so that they stay in order, and handing on never waits:
/// a reply is appended to a connection, everything else goes into a channel that has room for all
/// that the core can have under way.
final class Control {
  private static final Logger log = LoggerFactory.getLogger(Control.class);

  private final WorkerState state;
  private final Turn turn;
  private final Outlets outlets;
  private final Consumer<Throwable> defect;
  private boolean broken;

  /// @param worker its name
  /// @param defect told once if the core throws: the worker cannot go on
  Control(String worker, WorkerState state, Outlets outlets, Consumer<Throwable> defect) {
    this.state = state;
    this.turn = Turn.named("control " + worker);
    this.outlets = outlets;
    this.defect = defect;
  }

  /// Reports what happened, in order. For any thread; waits only for others' turns, which are short.
  void report(List<WorkerEvent> events) {
    var touched = new LinkedHashSet<Connection>();
    report(events, touched);
    touched.forEach(Connection::flush);
  }

  /// [#report], and leaves it to the caller to flush.
  ///
  /// @param touched gets the connections on which something was said
  void report(List<WorkerEvent> events, Set<Connection> touched) {
    if (events.isEmpty()) {
      return;
    }
    turn.take();
    try {
      if (broken) {
        return;
      }
      var now = System.nanoTime();
      turn.began(now);
      for (var command : state.handle(events, now)) {
        outlets.carryOut(command, touched);
      }
    } catch (RuntimeException | Error e) {
      broken = true;
      log.error("the worker's state machine failed on {}; the worker stops", events, e);
      defect.accept(e);
    } finally {
      turn.give();
    }
  }

  /// The worker has ended.
  void ended() {
    turn.ended();
  }

  void report(WorkerEvent event) {
    report(List.of(event));
  }

  /// A question to the core.
  <T> T ask(Function<WorkerState, T> question) {
    turn.take();
    try {
      turn.began(System.nanoTime());
      return question.apply(state);
    } finally {
      turn.give();
    }
  }

  /// [#ask], unless the turn is not to be had in time.
  <T> Optional<T> askWithin(long millis, Function<WorkerState, T> question)
      throws InterruptedException {
    if (!turn.take(millis)) {
      return Optional.empty();
    }
    try {
      turn.began(System.nanoTime());
      return Optional.of(question.apply(state));
    } finally {
      turn.give();
    }
  }

  /// All that is here, for a store that has lost its own list.
  List<Entry> tellInventory() {
    return ask(WorkerState::tellInventory);
  }

  boolean holds(Key key) {
    return ask(core -> core.state(key) instanceof KeyState.Stored);
  }

  WorkerState.Figures figures() {
    return ask(WorkerState::figures);
  }
}
