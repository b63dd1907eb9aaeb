package dev.heddle.scheduler;

import dev.heddle.wire.ClientId;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.util.List;
import java.util.Set;

/// Something that happened. The only input of [SchedulerState], beside the time.
sealed interface SchedulerEvent {

  // --- clients

  /// A client greeted on a new connection: for the first time, or again after its connection or
  /// this scheduler was lost.
  ///
  /// @param workersKnown workers that may hold what it submits again
  /// @param recordsFailures whether the inputs of its tasks that fail are kept for a replay
  record ClientCame(ClientId client, String name, boolean returning, Set<WorkerId> workersKnown,
      boolean recordsFailures)
      implements
        SchedulerEvent {}

  /// Its connection broke; it may come back.
  record ClientAway(ClientId client) implements SchedulerEvent {}

  /// It said goodbye.
  record ClientLeft(ClientId client) implements SchedulerEvent {}

  /// @param function what `submit`'s callee stands for
  /// @param trace which trace it belongs to; empty for none
  record Submitted(ClientId client, Message.Submit submit, Function function, String trace)
      implements
        SchedulerEvent {}

  record MapSubmitted(ClientId client, Message.SubmitMap map, Function function, String trace)
      implements
        SchedulerEvent {}

  record Scattered(ClientId client, Message.Scattered values) implements SchedulerEvent {}

  record Dropped(ClientId client, List<Message.Range> tasks) implements SchedulerEvent {}

  /// A client no longer wants these, but those of them that run may go on.
  record Withdrawn(ClientId client, List<Long> tasks) implements SchedulerEvent {}

  record Needed(ClientId client, List<Long> tasks) implements SchedulerEvent {}

  /// @param place the line of the client's program that submitted these, which failed
  record PlaceTold(ClientId client, String place, List<Long> tasks) implements SchedulerEvent {}

  record AbortAsked(ClientId client, List<Long> tasks) implements SchedulerEvent {}

  /// @param asker whom to [SchedulerCommand.Reply]
  record PublishAsked(long asker, ClientId client, String name, long task)
      implements
        SchedulerEvent {}

  record UnpublishAsked(long asker, String name) implements SchedulerEvent {}

  record AdoptAsked(long asker, ClientId client, String name, long task)
      implements
        SchedulerEvent {}

  record RetireAsked(long asker, String worker) implements SchedulerEvent {}

  // --- workers

  /// A worker is attached, for the first time or again; this is all that it has of this scheduler's.
  ///
  /// @param unfinished to be computed, or being computed
  record WorkerCame(WorkerInfo worker, Message.Attached attached, List<Entry> stored,
      List<Key> unfinished) implements SchedulerEvent {}

  /// The connection to it broke; whether it lives is not known yet. Nothing more is given to it.
  record WorkerAway(WorkerId worker) implements SchedulerEvent {}

  /// It is dead: all that it had is gone.
  ///
  /// @param left whether it said that it leaves, so that nothing is to blame
  /// @param cause for people, as far as it is known
  record WorkerDied(WorkerId worker, boolean left, String cause) implements SchedulerEvent {}

  /// Whoever started it tells why it died; before or after [WorkerDied].
  record DeathExplained(String worker, long pid, String cause) implements SchedulerEvent {}

  /// @param task what [SchedulerCommand.Assign] named; unknown or outdated ones are ignored
  record Ended(WorkerId worker, long task, TaskEnd end) implements SchedulerEvent {}

  record Waits(WorkerId worker, long task, boolean waiting) implements SchedulerEvent {}

  record Beat(WorkerId worker, Message.Beat beat) implements SchedulerEvent {}

  /// The store heard that it has these: replicas that it fetched, values that it was handed.
  record Registered(WorkerId worker, List<Entry> entries) implements SchedulerEvent {}

  record Unregistered(WorkerId worker, List<Key> keys) implements SchedulerEvent {}

  /// A worker that is full has put these on another, and waits to be told to let its own go.
  ///
  /// @param last whether it waits no longer
  record ValuesMoved(WorkerId worker, List<Key> keys, WorkerId to, boolean last)
      implements
        SchedulerEvent {}

  /// Time went by; several times a second.
  record Tick() implements SchedulerEvent {}
}
