package dev.heddle.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that one node says to another. `docs/protocol.md` gives each message's bytes.
public sealed interface Message {

  /// Expects exactly one [Response].
  sealed interface Request extends Message {}

  /// Answers a [Request].
  sealed interface Response extends Message {}

  /// Expects no answer.
  sealed interface Notice extends Message {}

  // --- anybody to anybody

  /// Are you there? Answered by [Pong] with the same token.
  record Ping(long token) implements Request {}

  record Pong(long token) implements Response {}

  /// Who are you and how are you? Answered by [NodeInfo].
  record AskInfo() implements Request {}

  /// @param facts names and values for people, in order: `threads` → `2`
  record NodeInfo(String role, String name, Address address, String host, long pid,
      long startedEpochMillis, Map<String, String> facts) implements Response {}

  /// It was done; there is nothing else to say.
  record Done() implements Response {}

  /// It was not done, and why.
  record Refused(Reason reason, String message) implements Response {}

  /// Why a request was not carried out. The order is the code on the wire.
  enum Reason {
    /// The receiver has no such operation.
    UNKNOWN_OPERATION,
    /// The request cannot be read, or makes no sense.
    BAD_REQUEST,
    /// More than the receiver takes on at once; ask again later.
    BUSY,
    /// The receiver is shutting down.
    DRAINING,
    /// Something that the receiver needs cannot be reached.
    UNAVAILABLE,
    /// Another worker has this name.
    NAME_TAKEN,
    /// The lease ended, or the store never heard of it: join again.
    LEASE_LOST,
    /// The value is larger than the receiver takes.
    TOO_LARGE,
    /// A defect in the receiver.
    INTERNAL
  }

  /// A request whose operation this version does not know. Never sent.
  record Unknown(int operation) implements Request {}

  // --- to a metadata store

  /// A worker asks for a lease. Answered by [Done] or [Refused] ([Reason#NAME_TAKEN]).
  record Join(WorkerInfo worker, long leaseMillis) implements Request {}

  /// Extends a lease. Answered by [Done] or [Refused] ([Reason#LEASE_LOST]).
  record Renew(WorkerId worker) implements Request {}

  /// Ends a lease and drops its entries. Answered by [Done].
  record Leave(WorkerId worker) implements Request {}

  /// A worker has these values. Answered by [Done] or [Refused] ([Reason#LEASE_LOST]).
  record Register(WorkerId worker, List<Entry> entries) implements Request {}

  /// A worker no longer has these values. Answered by [Done], also when it never had them.
  record Unregister(WorkerId worker, List<Key> keys) implements Request {}

  /// Answered by [Holders].
  record WhoHas(List<Key> keys) implements Request {}

  /// @param holders one entry a key that somebody has, in the order asked
  record Holders(Map<Key, List<Holder>> holders) implements Response {}

  /// What has this worker? In pages, in the order of keys. Answered by [Inventory].
  ///
  /// @param after the last key of the page before
  record HasWhat(String worker, Optional<Key> after, int limit) implements Request {}

  /// @param more whether there is another page
  record Inventory(List<Entry> entries, boolean more) implements Response {}

  /// Answered by [Workers].
  record AskWorkers() implements Request {}

  record Workers(List<WorkerInfo> workers) implements Response {}

  /// From now on, tell this connection about changes ([Changed]). Answered by [Done].
  ///
  /// @param watch a number of the asker's choice
  /// @param prefix only keys that begin so; empty for all. Workers are always told of.
  record Watch(long watch, String prefix) implements Request {}

  /// Answered by [Done].
  record Unwatch(long watch) implements Request {}

  /// @param lost whether changes before these could not be kept; look again at what matters
  record Changed(long watch, List<Change> changes, boolean lost) implements Notice {}

  /// A value that a worker has.
  ///
  /// @param sizeBytes -1 where unknown
  record Entry(Key key, long sizeBytes) {}

  /// Something that changed in who has what.
  sealed interface Change {
    record Registered(WorkerId worker, Key key, long sizeBytes) implements Change {}

    record Unregistered(WorkerId worker, Key key) implements Change {}

    record Joined(WorkerInfo worker) implements Change {}

    /// The worker left or its lease ended; everything it had is gone with it.
    record Left(WorkerId worker) implements Change {}
  }

  // --- to a worker

  /// Run `function` on `arguments`, and store what it gives under `key`. Answered by
  /// [Finished], [Failed] or [Cancelled].
  ///
  /// @param holders where stored arguments were last seen; may be empty or out of date
  /// @param blocking whether the function mostly waits, and so needs no slot of its own
  record Compute(Key key, Payload function, List<Argument> arguments,
      Map<Key, List<Holder>> holders, boolean blocking) implements Request {}

  /// @param type the class name of the value, `null` for null
  record Finished(Key key, String type, long sizeBytes, long runNanos) implements Response {}

  record Failed(Key key, Failure failure) implements Response {}

  record Cancelled(Key key) implements Response {}

  /// Answered by [Data].
  ///
  /// @param bytesMax at most about so much at once, though always at least one value
  record GetData(List<Key> keys, long bytesMax) implements Request {}

  record Data(Map<Key, Datum> values) implements Response {}

  /// What a worker answers for one key.
  sealed interface Datum {
    record Found(Payload payload) implements Datum {}

    /// The worker does not have it.
    record Missing() implements Datum {}

    /// The worker has it and cannot send it, for instance because it is not serializable.
    record Unsendable(Failure failure) implements Datum {}

    /// The worker has it, but this answer was full: ask again.
    record Later() implements Datum {}
  }

  /// Store these. Answered by [Stored].
  record PutData(Map<Key, Payload> values) implements Request {}

  /// @param refused keys that were not stored, and why
  record Stored(Map<Key, Long> sizesBytes, Map<Key, String> refused) implements Response {}

  /// Forget these. Answered by [Done], also for keys that are not there.
  record DeleteData(List<Key> keys) implements Request {}

  /// Stop computing these. Answered by [Done]; each computation ends with [Cancelled] of its own.
  record Cancel(List<Key> keys) implements Request {}

  /// What did you run and fetch lately? Answered by [Activities].
  ///
  /// @param after the number of the last activity that the asker knows, 0 for none
  /// @param limit how many at most
  record AskActivities(long after, int limit) implements Request {}

  /// @param last the number of the last of these: what to ask `after` next
  /// @param lost whether some were forgotten before they were asked for
  /// @param more whether there are more by now
  record Activities(List<Activity> activities, long last, boolean lost, boolean more)
      implements
        Response {}

  /// Something that a worker did. Times are microseconds since 1970 by its clock.
  sealed interface Activity {
    /// @param slot which of its threads, from 1; 0 for a function that needs none
    record Ran(Key key, int slot, long startEpochMicros, long endEpochMicros, boolean succeeded)
        implements
          Activity {}

    /// One request to a peer.
    ///
    /// @param from the peer's name
    /// @param first the first key that came
    /// @param count how many came
    record Fetched(String from, Key first, int count, long sizeBytes, long startEpochMicros,
        long endEpochMicros) implements Activity {}
  }

  // --- about code, to whoever has it

  /// Which content is behind these names? Answered by [Content].
  ///
  /// @param names of resources: `org/example/Census.class`, `words.txt`
  record AskContent(CodeBaseId codeBase, List<String> names) implements Request {}

  /// @param hashes what was asked for and is there, then what will probably be needed next
  record Content(Map<String, ContentHash> hashes) implements Response {}

  /// Answered by [Blobs].
  record AskBlobs(List<ContentHash> hashes) implements Request {}

  /// @param blobs in the order asked; empty where the answerer does not have it
  record Blobs(List<Optional<byte[]>> blobs) implements Response {}
}
