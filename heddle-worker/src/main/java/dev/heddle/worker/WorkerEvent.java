package dev.heddle.worker;

import dev.heddle.wire.Address;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.WorkerInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Something that happened. The only input of [WorkerState].
sealed interface WorkerEvent {

  // --- somebody asked

  record ComputeAsked(Asker asker, Key key, Work work, Map<Key, List<Holder>> holders)
      implements
        WorkerEvent {}

  record GetAsked(Asker asker, List<Key> keys, long bytesMax) implements WorkerEvent {}

  record PutAsked(Asker asker, Map<Key, Value> values) implements WorkerEvent {}

  record DeleteAsked(Asker asker, List<Key> keys) implements WorkerEvent {}

  record CancelAsked(Asker asker, List<Key> keys) implements WorkerEvent {}

  /// A connection ended: nobody waits there any more.
  record AskersGone(int link) implements WorkerEvent {}

  // --- how a command ended

  /// How a [WorkerCommand.Locate] ended: for each key that was asked for, who has it.
  record Located(List<Key> keys, Map<Key, List<Holder>> holders) implements WorkerEvent {}

  record LocateFailed(List<Key> keys, String reason) implements WorkerEvent {}

  /// How a [WorkerCommand.Fetch] ended.
  sealed interface FetchEnded extends WorkerEvent {
    Address peer();

    /// Each key that was asked for is in at most one of these; the peer did not mention the rest.
    record Arrived(Address peer, Map<Key, Value> values, Set<Key> missing,
        Map<Key, Failure> unsendable, Set<Key> later) implements FetchEnded {}

    record PeerBusy(Address peer) implements FetchEnded {}

    record PeerLost(Address peer, String reason) implements FetchEnded {}
  }

  /// How a [WorkerCommand.Execute] ended.
  sealed interface ExecutionEnded extends WorkerEvent {
    Key key();

    /// Tells one execution of a key from another.
    long attempt();

    record Succeeded(Key key, long attempt, Value value, long runNanos)
        implements
          ExecutionEnded {}

    record Raised(Key key, long attempt, Failure failure) implements ExecutionEnded {}
  }

  /// The store knows that these are here.
  record Registered(List<Key> keys) implements WorkerEvent {}

  /// The store cannot be reached: what is to be registered waits in line.
  record StoreAway(String reason) implements WorkerEvent {}

  record StoreBack() implements WorkerEvent {}

  // --- the end

  /// Take no more work; finish what runs, and give away what nobody else has.
  ///
  /// @param deadlineNanos when to stop whatever is left
  record DrainAsked(long deadlineNanos) implements WorkerEvent {}

  /// How a [WorkerCommand.Survey] ended.
  ///
  /// @param others the other workers
  record Surveyed(Map<Key, List<Holder>> holders, List<WorkerInfo> others)
      implements
        WorkerEvent {}

  record SurveyFailed(String reason) implements WorkerEvent {}

  /// How a [WorkerCommand.HandOver] ended.
  ///
  /// @param refused what the other worker did not take
  record HandedOver(WorkerInfo to, List<Key> taken, List<Key> refused) implements WorkerEvent {}

  record HandOverFailed(WorkerInfo to, List<Key> keys, String reason) implements WorkerEvent {}

  /// Time went by.
  record Tick() implements WorkerEvent {}
}
