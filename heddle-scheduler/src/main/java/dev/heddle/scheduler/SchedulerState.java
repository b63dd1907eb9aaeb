package dev.heddle.scheduler;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.WorkerId;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// All that a scheduler decides: which task runs where and when, and what each client is told.
///
/// A deterministic state machine: events and the time go in, commands come out. It does no I/O, has
/// no thread and no clock, and is entered by one process at a time.
final class SchedulerState {
  private final SchedulerConfig config;

  SchedulerState(SchedulerConfig config) {
    this.config = config;
  }

  /// Takes in what happened, in order.
  ///
  /// @param nowNanos the time, on a clock that never goes back
  /// @return what to do about it, in order
  List<SchedulerCommand> handle(List<SchedulerEvent> events, long nowNanos) {
    config.namespace();
    return List.of();
  }

  /// Who has these, as far as this scheduler knows; keys that nobody has are left out.
  Map<Key, List<WorkerId>> whoHas(Collection<Key> keys) {
    return Map.of();
  }

  /// Why a key is not done, or how it is, for people; it names what it waits for.
  String explain(Key key, long nowNanos) {
    return key.text();
  }

  /// The transitions of a key that are still remembered, a line each, oldest first.
  List<String> story(Key key) {
    return List.of();
  }

  /// What [Message.Status] tells of workers.
  List<Message.WorkerStatus> workers(long nowNanos) {
    return List.of();
  }

  /// How many tasks are in each state, by its name.
  Map<String, Long> tasks() {
    return Map.of();
  }

  /// Checks every invariant; costs as much as there is.
  ///
  /// @throws IllegalStateException naming what does not hold
  void check() {
    tasks();
  }
}
