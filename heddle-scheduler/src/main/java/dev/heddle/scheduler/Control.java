package dev.heddle.scheduler;

import dev.heddle.process.Processes;
import dev.heddle.process.Turn;
import dev.heddle.wire.Connection;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The turn at the core: whoever has something to report takes it, feeds [SchedulerState], carries
/// its commands out, and lets go. What is written to connections is written after that.
///
/// Commands are carried out inside the turn, so that they stay in order, and that never waits: it
/// appends to connections.
final class Control {
  private static final Logger log = LoggerFactory.getLogger(Control.class);

  private final SchedulerState state;
  private final Outlets outlets;
  private final Consumer<Throwable> defect;
  private final Turn turn;
  private final Stalls stalls = new Stalls(Path.of(System.getProperty("java.io.tmpdir")));
  private boolean over;

  /// A question to the core, which changes nothing.
  interface Question<T> {
    T ask(SchedulerState state, long nowNanos);
  }

  /// @param scheduler its name
  /// @param defect told once if the core throws: the scheduler cannot go on
  Control(String scheduler, SchedulerState state, Outlets outlets, Consumer<Throwable> defect) {
    this.state = state;
    this.turn = Turn.named("control " + scheduler);
    this.outlets = outlets;
    this.defect = defect;
  }

  /// Reports what happened, in order. For any thread; waits only for others' turns, which are short.
  void report(List<SchedulerEvent> events) {
    var touched = new LinkedHashSet<Connection>();
    var stall = "";
    var states = "";
    turn.take();
    try {
      var happened = events;
      while (!over && !happened.isEmpty()) {
        var now = System.nanoTime();
        turn.began(now);
        happened = outlets.carryOut(state.handle(happened, now), touched);
      }
      state.takeDefects().forEach(righted -> log.error("put right, but not as it should be: {}",
          righted));
      stall = state.takeStall();
      if (!stall.isEmpty()) {
        states = state.tellStates(System.nanoTime()) + "\n" + state.tellStories();
      }
    } catch (RuntimeException | Error e) {
      over = true;
      log.error("the scheduler's state machine failed on {}; the scheduler ends",
          events.size() > 20 ? events.subList(0, 20) + " and more" : events, e);
      defect.accept(e);
    } finally {
      turn.give();
    }
    touched.forEach(Connection::flush);
    if (!stall.isEmpty()) {
      stalls.report(stall, states + "\n" + Processes.snapshot().tree());
    }
  }

  void report(SchedulerEvent event) {
    report(List.of(event));
  }

  <T> T ask(Question<T> question) {
    turn.take();
    try {
      var now = System.nanoTime();
      turn.began(now);
      return question.ask(state, now);
    } finally {
      turn.give();
    }
  }

  /// [#ask], unless the turn is not to be had in time.
  <T> Optional<T> askWithin(long millis, Question<T> question) throws InterruptedException {
    if (!turn.take(millis)) {
      return Optional.empty();
    }
    try {
      var now = System.nanoTime();
      turn.began(now);
      return Optional.of(question.ask(state, now));
    } finally {
      turn.give();
    }
  }

  /// Nothing is decided any more: what happens from now on is the end of everything.
  void end() {
    turn.take();
    try {
      over = true;
    } finally {
      turn.give();
    }
    turn.ended();
  }
}
