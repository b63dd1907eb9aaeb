package dev.heddle.worker;

import dev.heddle.wire.Address;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Payload;
import dev.heddle.wire.WorkerInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Something that happened. The only input of [WorkerState].
sealed interface WorkerEvent {

  // --- somebody asked

  /// A caller asks, or a scheduler assigns.
  record ComputeAsked(Asker asker, Key key, Work work, Map<Key, List<Holder>> holders)
      implements
        WorkerEvent {}

  record GetAsked(Asker asker, List<Key> keys, long bytesMax) implements WorkerEvent {}

  /// @param ifRoom whether only what there is room for is to be taken
  record PutAsked(Asker asker, Map<Key, Value> values, boolean ifRoom) implements WorkerEvent {}

  record DeleteAsked(Asker asker, List<Key> keys) implements WorkerEvent {}

  record CancelAsked(Asker asker, List<Key> keys) implements WorkerEvent {}

  /// A connection ended: nobody waits there any more.
  record AskersGone(int link) implements WorkerEvent {}

  // --- a scheduler said

  /// It takes this worker into its service.
  ///
  /// @param answer to it, after all that is here of its own
  record AttachAsked(Asker asker, String namespace, boolean keepsWhoHas, Message.Attached answer)
      implements
        WorkerEvent {}

  /// It wants those of these back that have not begun.
  record RecallAsked(int link, List<Long> tasks) implements WorkerEvent {}

  record AbortAsked(int link, List<Long> tasks) implements WorkerEvent {}

  /// It needs these values no longer.
  record ReleaseAsked(int link, List<Key> keys) implements WorkerEvent {}

  /// It is time to tell the schedulers that this worker lives.
  record BeatDue(Message.Vitals vitals) implements WorkerEvent {}

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

    /// @param small the value as it travels, where it is small and a scheduler waits for it
    record Succeeded(Key key, long attempt, Value value, long runNanos, Optional<Payload> small)
        implements
          ExecutionEnded {}

    /// The function was not called, since the files of these could not be read.
    record InputsLost(Key key, long attempt, List<Key> inputs, String reason)
        implements
          ExecutionEnded {}

    /// @param runNanos 0 where the function did not begin
    record Raised(Key key, long attempt, Failure failure, long runNanos)
        implements
          ExecutionEnded {}
  }

  /// How a [WorkerCommand.Spill] ended.
  ///
  /// @param outcomes of each value, in its order
  /// @param trouble why some could not be written though they can be encoded
  record SpillEnded(List<Outcome> outcomes, Optional<String> trouble) implements WorkerEvent {
    enum Outcome {
      WRITTEN,
      /// It cannot be encoded.
      UNWRITABLE, FAILED
    }
  }

  /// A value was to be given to somebody, and its file could not be read.
  record ValueLost(Key key, Value value, String reason) implements WorkerEvent {}

  /// A function waits for something, and needs its slot no longer.
  record SlotYielded(Key key, long attempt) implements WorkerEvent {}

  /// What it waited for has come: it goes on, whether there is a slot for it or not.
  record SlotTaken(Key key, long attempt) implements WorkerEvent {}

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
  /// @param holders of each key another worker that has it, answers and stays, if there is one
  /// @param others the other workers, as the store knows them
  record Surveyed(Map<Key, List<Holder>> holders, List<WorkerInfo> others)
      implements
        WorkerEvent {}

  record SurveyFailed(String reason) implements WorkerEvent {}

  /// How a [WorkerCommand.HandOver] ended.
  ///
  /// @param refused what the other worker did not take
  record HandedOver(WorkerInfo to, List<Key> taken, List<Key> refused) implements WorkerEvent {}

  record HandOverFailed(WorkerInfo to, List<Key> keys, String reason) implements WorkerEvent {}

  // --- too much in memory

  /// How a [WorkerCommand.AskPeers] ended.
  ///
  /// @param peers the workers that there are; none if the store cannot be asked
  record PeersTold(List<WorkerInfo> peers) implements WorkerEvent {}

  /// How a [WorkerCommand.Relieve] ended.
  ///
  /// @param taken what the other worker has now, and the store knows that; nothing if it could not be asked
  record Relieved(WorkerInfo to, List<Key> taken) implements WorkerEvent {}

  /// Time went by.
  record Tick() implements WorkerEvent {}
}
