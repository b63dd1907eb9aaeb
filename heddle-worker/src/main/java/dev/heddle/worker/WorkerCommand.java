package dev.heddle.worker;

import dev.heddle.wire.Address;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.util.List;
import java.util.Map;

/// Something to be done. The only output of [WorkerState].
sealed interface WorkerCommand {
  record Reply(Asker asker, Message.Response response) implements WorkerCommand {}

  /// Tell a scheduler.
  record Tell(int link, Message.Notice notice) implements WorkerCommand {}

  /// Close the connection, since another has taken its place.
  record Dismiss(int link, String reason) implements WorkerCommand {}

  /// Answer a request for data: serialize `found`, and say `others` of the rest.
  record Serve(Asker asker, Map<Key, Value> found, Map<Key, Message.Datum> others)
      implements
        WorkerCommand {}

  /// Call the function. Ends with one [WorkerEvent.ExecutionEnded].
  ///
  /// @param wantsValue whether somebody wants the value itself where it is small
  record Execute(Key key, long attempt, Work work, Map<Key, Value> inputs, boolean wantsValue)
      implements
        WorkerCommand {}

  /// Write these to disk; the values stay as they are. Ends with one [WorkerEvent.SpillEnded]; until then,
  /// no other follows.
  record Spill(List<Part> parts) implements WorkerCommand {
    record Part(Key key, Value value) {}
  }

  /// Let these, which are on disk, go from memory. An [Execute] with one of them reads it again.
  record LetGo(List<Value> values) implements WorkerCommand {}

  /// Nobody needs this any more, which is on disk.
  record Forget(Value value) implements WorkerCommand {}

  /// Tell people that this worker is in trouble.
  record Warn(String message) implements WorkerCommand {}

  /// Interrupt a function that runs. Its end is still reported.
  record Interrupt(Key key, long attempt) implements WorkerCommand {}

  /// Ask the store who has these. Ends with [WorkerEvent.Located] or
  /// [WorkerEvent.LocateFailed], perhaps several, for each key once; until then, the key is not
  /// asked for again.
  record Locate(List<Key> keys) implements WorkerCommand {}

  /// Get these from a peer. Ends with one [WorkerEvent.FetchEnded].
  record Fetch(WorkerId worker, Address peer, List<Key> keys) implements WorkerCommand {}

  /// Tell the store what is here now.
  record Register(List<Message.Entry> entries) implements WorkerCommand {}

  /// Tell the store what is no longer here.
  record Unregister(List<Key> keys) implements WorkerCommand {}

  /// Ask the store who else has these, and which other workers there are; and those, whether they stay. Ends with
  /// [WorkerEvent.Surveyed] or [WorkerEvent.SurveyFailed].
  record Survey(List<Key> keys) implements WorkerCommand {}

  /// Put these on another worker. Ends with [WorkerEvent.HandedOver] or
  /// [WorkerEvent.HandOverFailed].
  record HandOver(WorkerInfo to, Map<Key, Value> values) implements WorkerCommand {}

  /// Ask the store which other workers there are. Ends with [WorkerEvent.PeersTold].
  record AskPeers() implements WorkerCommand {}

  /// Put these on another worker if it has room. Ends with [WorkerEvent.Relieved].
  record Relieve(WorkerInfo to, Map<Key, Value> values) implements WorkerCommand {}

  /// Leave the store and end. Nothing follows.
  ///
  /// @param lost keys whose only copy ends with this worker
  /// @param cutShort keys whose functions ran at the end of the grace period
  record Stop(List<Key> lost, int handedOver, List<Key> cutShort) implements WorkerCommand {}
}
