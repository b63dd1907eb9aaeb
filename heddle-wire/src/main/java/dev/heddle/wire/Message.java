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
      long startedEpochMillis, Map<String, String> facts) implements Response {
    /// The fact of a scheduler that says where a page about its cluster is.
    public static final String PAGE = "page";
    /// Whether a browser needs the token for it: `needed`, `not needed`.
    public static final String PAGE_TOKEN = "page token";
  }

  /// What a node is asked about its own inside. Every node answers, from the connection itself: also
  /// while its handler is stuck.
  sealed interface Inspection extends Request {}

  /// What are your processes, channels and turns doing? Answered by [NodeProcesses].
  record AskProcesses() implements Inspection {}

  /// @param node its name
  /// @param readMicros when, by a clock of the node that only goes on: two of these give rates
  /// @param cycles of processes that wait for each other: a text a cycle, a line of it a process
  /// @param omitted how many more processes and channels there are than fit
  record NodeProcesses(String node, String role, long pid, long readMicros,
      List<ProcessLine> processes, List<ChannelLine> channels, List<TurnLine> turns,
      List<String> cycles, int omitted) implements Response {}

  /// @param kind `platform` or `virtual`, for its thread
  /// @param scopes around it, from the outermost
  /// @param activity in words that follow its name
  /// @param sinceMicros for how long it has been doing that
  record ProcessLine(String name, String kind, List<String> scopes, String activity,
      long sinceMicros, long received, long sent) {}

  /// @param state `open`, `done` or `failed`
  record ChannelLine(String name, int size, int capacity, long sent, long received,
      String state) {}

  /// Something that one thread at a time enters.
  ///
  /// @param holder the thread that is inside; empty if none is
  /// @param sinceMicros for how long
  record TurnLine(String name, String holder, long sinceMicros, int waiting, long taken) {}

  /// Tell what helps to find out what is wrong with you. Answered by [Dump] within a few seconds.
  record AskDump() implements Inspection {}

  /// @param files texts for people by the names of files; bounded, and nothing secret in them
  record Dump(Map<String, String> files) implements Response {}

  /// Record with the flight recorder of the JVM for so long. Answered by [Recorded] when that is over.
  record MakeRecording(int seconds) implements Inspection {}

  record Recorded(long sizeBytes) implements Response {}

  /// Give what was recorded last, from there on. Answered by [RecordingPart]. It is kept until all of it
  /// was given, or something else is recorded.
  record AskRecording(long offset) implements Inspection {}

  /// @param bytes none at the end
  // Goes from the file to the socket, and is never compared.
  @SuppressWarnings("ArrayRecordComponent")
  record RecordingPart(byte[] bytes) implements Response {}

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

    /// Perhaps of a key that the store did not know the worker to have.
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
  /// @param token what the asker read in the worker's directory in shared memory, where it can; only
  ///     then may the answer have [Datum.Placed]
  record GetData(List<Key> keys, long bytesMax, Optional<ContentHash> token) implements Request {
    public GetData(List<Key> keys, long bytesMax) {
      this(keys, bytesMax, Optional.empty());
    }
  }

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

    /// The value; some of its buffers are in a segment of the worker's shared memory, whose bytes do
    /// not change until the asker says [LetGo].
    ///
    /// @param rest the value, with an empty buffer of the right kind for each that is in the segment
    /// @param handOver how the asker calls this when it lets go
    record Placed(Payload rest, long handOver, long segment, List<Place> places) implements Datum {
      public Placed {
        places = List.copyOf(places);
        for (var place : places) {
          if (place.buffer >= rest.buffers().size()) {
            throw new IllegalArgumentException("buffer " + place.buffer + " of "
                + rest.buffers().size() + " is said to be in shared memory");
          }
        }
      }
    }

    /// @param buffer which of the value's, from 0
    /// @param offset where it begins in the segment
    record Place(int buffer, long offset, long sizeBytes) {
      public Place {
        if (buffer < 0 || offset < 0 || sizeBytes < 0 || offset + sizeBytes < 0) {
          throw new IllegalArgumentException("buffer " + buffer + " is said to have " + sizeBytes
              + " bytes at " + offset + " of shared memory");
        }
      }
    }
  }

  /// The asker reads no more of what it was handed in [Datum.Placed].
  record LetGo(List<Long> handOvers) implements Notice {}

  /// Store these. Answered by [Stored].
  ///
  /// @param ifRoom whether only what there is room for is to be stored: the rest has a place already. What is
  ///     stored there already counts as stored then, and is refused otherwise
  record PutData(Map<Key, Payload> values, boolean ifRoom) implements Request {}

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

    /// Values were written to disk, into one file.
    ///
    /// @param first of them
    /// @param sizeBytes of all of them, encoded
    record Spilled(Key first, int count, long sizeBytes, long startEpochMicros,
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

  // --- from a client to a scheduler

  /// A client introduces itself, also when it comes back after its connection or the scheduler was
  /// lost. Answered by [Welcome]. Refused with [Reason#NAME_TAKEN] if its id is another client's.
  ///
  /// A client that comes back then submits again all that it still wants, with `returning` set.
  ///
  /// @param name for people: the program and its process id
  /// @param workersKnown the workers of which it knew before: where what it wants may be held
  /// @param recordsFailures whether the inputs of its tasks that fail are to be kept for a replay
  record Greet(ClientId client, String name, boolean returning, List<WorkerId> workersKnown,
      boolean recordsFailures)
      implements
        Request {}

  /// @param namespace the part of keys that is this scheduler's own: see [TaskKeys]
  /// @param incarnation drawn anew each time that the scheduler starts
  record Welcome(String namespace, long incarnation) implements Response {}

  /// From now on, `function` on this connection means this. Also from a scheduler to a worker.
  record Define(int function, Payload payload) implements Notice {}

  /// These numbers mean nothing from now on, for what is asked after this.
  record Undefine(List<Integer> functions) implements Notice {}

  /// Compute this, and keep it until it is dropped. Its end is told by [Results].
  ///
  /// @param number the client's own for this task; it is used once
  /// @param captured tasks that must be done first because the function refers to their values
  /// @param fingerprint of function and inputs where the client gave the key or called it pure;
  ///     equal keys must have equal ones
  /// @param returning whether this was submitted before the connection was lost, so that it may
  ///     be done or under way
  record Submit(long number, Key key, Callee function, List<Operand> operands, List<Long> captured,
      TaskSettings settings, Optional<ContentHash> fingerprint, boolean returning)
      implements
        Notice {}

  /// One function over many operands: the task at position `i` has the number `first + i` and the
  /// key [TaskKeys#element] of `group` and `index + i`.
  ///
  /// @param group at most [TaskKeys#GROUP_BYTES_MAX] bytes
  record SubmitMap(long first, Key group, int index, Callee function, List<Operand> operands,
      List<Long> captured, TaskSettings settings, boolean returning) implements Notice {
    public SubmitMap {
      TaskKeys.checkGroup(group);
    }
  }

  /// Values that the client has put on workers itself. Nobody can compute them again.
  record Scattered(long number, Key key, List<WorkerId> holders, long sizeBytes)
      implements
        Notice {}

  /// The client no longer wants these; what nobody else wants is stopped and released.
  record Drop(List<Range> tasks) implements Notice {}

  /// As [Drop], but what runs already may go on to its end, even if nobody wants it; what has not begun
  /// does not begin for this client.
  record Withdraw(List<Long> tasks) implements Notice {}

  /// @param count how many numbers from `first` on, at least 1
  record Range(long first, long count) {}

  /// The client wants the values of these now, which it could not get where it was told that they
  /// are. Each is answered in [Results] again.
  record Need(List<Long> tasks) implements Notice {}

  /// A line of the client's program submitted these, which failed: for people who look on.
  ///
  /// @param place `Census.java:88 in Census.main`
  record SubmittedAt(String place, List<Long> tasks) implements Notice {}

  /// Stop these, for whoever wants them. From a client its numbers; from a scheduler the worker's.
  record Abort(List<Long> tasks) implements Notice {}

  /// The client leaves for good: what nobody else wants is stopped and released at once. Without
  /// this word, a client whose connection ends may come back.
  record Farewell() implements Notice {}

  /// Until the next of these, what is submitted or assigned on this connection belongs to this trace.
  /// Before the first, it belongs to none, at the first attempt. Also from a scheduler to a worker.
  ///
  /// @param context the trace in the words of whoever records it, which Heddle hands on as they are; at most
  ///     [#CONTEXT_BYTES_MAX] bytes, empty for none
  /// @param attempt which attempt at its task each assignment is, from 1 on; 1 from a client
  record Trace(String context, int attempt) implements Notice {
    public static final int CONTEXT_BYTES_MAX = 1024;
    /// No trace, and the first attempt.
    public static final Trace NONE = new Trace("", 1);
  }

  /// Keep the value of this task under a name until [Unpublish]. Answered by [Done].
  record Publish(String name, long task) implements Request {}

  /// Answered by [Done], also when there is nothing of that name.
  record Unpublish(String name) implements Request {}

  /// The client wants what is published under `name`, or the task whose key that is, and calls it `task` from
  /// now on. Answered by [Adopted], and its end by [Results].
  record Adopt(String name, long task) implements Request {}

  record Adopted(Key key) implements Response {}

  /// What it takes to call the function of a task that is done once more. Answered by [Definition].
  record AskDefinition(Key key) implements Request {}

  /// @param key of the task that was asked for, or of the one because of whose failure it has no value
  /// @param inputs all that the function was given values of, as arguments or because it captured them
  record Definition(Key key, Payload function, List<Argument> arguments, List<Key> inputs)
      implements
        Response {}

  /// Answered by [Names].
  record AskPublished() implements Request {}

  record Names(List<String> names) implements Response {}

  /// Why is this not done? Answered by [Text]; of a key that is not known, too.
  record Explain(Key key) implements Request {}

  /// Through which states did it go, and why? To a scheduler, or a worker. Answered by [Text], a line a
  /// transition, which begins with the time: `2026-11-23T12:00:01.000123Z`.
  record AskStory(Key key) implements Request {}

  /// What did it print? To a worker. Answered by [Text], a line each, which begins with the time and the
  /// stream: `2026-11-23T12:00:01.000123Z  out  hello`; not known if it printed nothing there.
  record AskOutput(Key key) implements Request {}

  /// For people.
  ///
  /// @param known whether the answerer knows what it was asked about
  record Text(String text, boolean known) implements Response {}

  /// Answered by [Status].
  record AskStatus() implements Request {}

  /// @param tasks how many are in each state, by the state's name
  record Status(String scheduler, String namespace, long startedEpochMillis,
      List<WorkerStatus> workers, Map<String, Long> tasks, List<String> clients)
      implements
        Response {}

  /// @param state `running`, `paused: …`, `retiring`
  /// @param assigned tasks that it was given and that have not ended
  /// @param running those of them that run, by the worker's last word
  /// @param storedBytes what its values that are tasks' results take, as the scheduler counts them
  /// @param memoryBytes what all its values take in memory, by its last word
  /// @param diskBytes what was written to disk, as it would be in memory, by its last word
  /// @param sinceBeatMillis since it was last heard of
  record WorkerStatus(WorkerInfo worker, String state, int assigned, int running, long values,
      long storedBytes, long memoryBytes, long memoryBytesMax, long diskBytes,
      Map<String, Integer> resources,
      long sinceBeatMillis) {}

  /// What a page or a report asks a scheduler now and then. Answered from a look at its tables, of bounded
  /// size, that keeps it from its work for a millisecond at a time.
  sealed interface Look extends Request {}

  /// How far are the tasks of each name, and what failed last? Answered by [Series].
  record AskSeries() implements Look {}

  /// @param atEpochMillis when this was so
  /// @param moves how often any task changed its state so far
  /// @param lines of at most 200 names, those with tasks under way first
  /// @param omitted how many names there are beyond these
  /// @param failures the last 32 tasks that failed by themselves, the last one first
  /// @param reruns tasks that were taken from a worker, or given up by it, or whose value is gone, to be given to
  ///     one again, by cause
  /// @param workersDied how many ended without a word
  record Series(long atEpochMillis, long moves, List<SeriesLine> lines, int omitted,
      List<FailureLine> failures, Map<String, Long> reruns, long workersDied)
      implements
        Response {}

  /// The tasks of one name.
  ///
  /// @param tasks how many are in each state, by the state's name; `forgotten`: how many ever were
  /// @param done how often a value was made, so far
  /// @param failed how many failed or were cancelled, so far
  /// @param meanNanos how long one runs, lately; -1 where that is not known
  record SeriesLine(String name, Map<String, Long> tasks, long done, long failed,
      long meanNanos) {}

  /// @param where it ran, for people; empty where it did not
  /// @param submitted the line of the program that submitted it: `Census.java:88 in Census.main`; empty where
  ///     that is not known
  record FailureLine(Key key, String name, long atEpochMillis, String type, String message,
      String where, String submitted) {}

  /// What waits for what? Answered by [Graph].
  ///
  /// @param name of the tasks that are asked about; empty for all
  /// @param limit if there are more, those of one name are folded into one, or, of a name, so many are
  ///     told of
  record AskGraph(String name, int limit) implements Look {}

  /// @param tasks how many there are
  /// @param folded whether a node stands for all the tasks of a name
  /// @param omitted how many nodes were left out
  record Graph(long tasks, boolean folded, int omitted, List<GraphNode> nodes,
      List<GraphEdge> edges) implements Response {}

  /// @param label a key, or the name of those that were folded
  /// @param worker that it was given to, or that has its value; empty for none, or several
  record GraphNode(String label, String name, Map<String, Long> tasks, long sizeBytes,
      String worker) {}

  /// The value of the node `from` is an input of the node `to`, by their places in the list.
  ///
  /// @param count how many pairs of tasks it stands for
  record GraphEdge(int from, int to, long count) {}

  /// What lies where? Answered by [Values].
  ///
  /// @param limit how many of the largest values are named
  record AskValues(int limit) implements Look {}

  /// @param count how many values there are, each counted once
  /// @param groups at most 2,000, the largest first
  /// @param omitted how many groups there are beyond these
  record Values(long count, long sizeBytes, List<ValueGroup> groups, int omitted,
      List<ValueLine> largest) implements Response {}

  /// The values of the tasks of one name on one worker.
  record ValueGroup(String name, String worker, long values, long sizeBytes) {}

  /// @param wanted how many futures and names hold it
  /// @param neededBy how many unfinished tasks have it as an input
  record ValueLine(Key key, String name, String type, long sizeBytes, List<String> workers,
      int wanted, int neededBy) {}

  /// All that is known of one task. Answered by [TaskDetail].
  record AskTask(Key key) implements Look {}

  /// @param state `unknown` where there is no such task (any more)
  /// @param worker that it was given to; empty for none
  /// @param wanted how many futures and names hold it
  /// @param inputs at most 200
  /// @param dependents at most 50 of those that have it as an input
  /// @param failure if it failed
  /// @param attempt where it failed
  /// @param submitted the line of the program that submitted the task that failed; empty where that is not known
  record TaskDetail(Key key, String name, String state, String worker, String type, long sizeBytes,
      List<String> workers, int wanted, List<TaskLink> inputs, int inputsCount,
      List<TaskLink> dependents, int dependentsCount, Optional<Failure> failure,
      Optional<Attempt> attempt, String submitted) implements Response {}

  /// @param workers that have its value
  record TaskLink(Key key, String state, long sizeBytes, List<String> workers) {}

  /// Let this worker give its values to others, and leave. To a scheduler, answered by [Done] when
  /// it has left; or to the worker itself, answered by [Done] at once.
  record Retire(String worker) implements Request {}

  /// What whoever started a worker knows of its end: `exit code 137 (SIGKILL); its last lines: …`.
  /// Answered by [Done].
  ///
  /// @param worker its name
  record ReportDeath(String worker, long pid, String cause) implements Request {}

  // --- from a scheduler to a client

  record Results(List<Result> results) implements Notice {}

  /// The workers that there are, after each change.
  record WorkersNow(List<WorkerInfo> workers) implements Notice {}

  /// How a client's task ended.
  sealed interface Result {
    long task();

    /// @param type the class name of the value, `null` for null
    /// @param holders where it is; may be empty where `value` is given
    /// @param value the value itself where it is small
    record Ready(long task, String type, long sizeBytes, List<Holder> holders,
        Optional<Payload> value) implements Result {}

    /// @param origin the task that failed first, where this one failed because of that
    /// @param attempt where that task, or this one, failed; empty if that was on no worker, or on
    ///     several
    record Failed(long task, Optional<Key> origin, Optional<Attempt> attempt, Failure failure)
        implements
          Result {}

    /// Somebody cancelled it, or a task that it needs.
    record Cancelled(long task, String reason, Begun begun) implements Result {}

    /// What it was cannot be told any more, or was never possible, without any function at fault.
    record Lost(long task, String reason) implements Result {}
  }

  /// Whether the function of a cancelled task had been called. The order is the code on the wire.
  enum Begun {
    /// No worker ever called it, and none will.
    NO,
    /// Some worker called it, or may have.
    PERHAPS,
    /// The worker that it was given to knows, and its word follows in another [Result.Cancelled].
    UNTOLD
  }

  // --- from a scheduler to a worker

  /// A scheduler takes this worker into its service on this connection. Answered by [Attached],
  /// before which the worker tells in [Holding] what it has of the scheduler's.
  ///
  /// @param namespace the scheduler's part of keys
  /// @param keepsWhoHas whether the scheduler itself is the store of who has what, so that a result
  ///     that is told to it needs no other registration
  record Attach(String namespace, boolean keepsWhoHas) implements Request {}

  /// @param resources such as `GPU` → 1
  record Attached(int slots, Map<String, Integer> resources, long memoryBytesMax)
      implements
        Response {}

  /// Compute this. Answered by one [Ended].
  ///
  /// @param task the scheduler's own number for this assignment
  /// @param captured keys whose values the function refers to, beyond its arguments
  /// @param holders where the inputs are, as far as the scheduler knows
  /// @param order what comes first when several could run: the smallest
  /// @param timeoutMillis how long the function may run; 0 for any time
  record Assign(long task, Key key, Callee function, List<Argument> arguments, List<Key> captured,
      Map<Key, List<Holder>> holders, long order, long timeoutMillis, boolean blocking)
      implements
        Notice {}

  /// Give back those of these that have not begun: each such [Ended] with [TaskEnd.GivenBack].
  record Recall(List<Long> tasks) implements Notice {}

  /// Nobody needs these values any more.
  record Release(List<Key> keys) implements Notice {}

  // --- from a worker to a scheduler

  /// What the worker has of this scheduler's; told in as many notices as it takes.
  ///
  /// @param unfinished to be computed, or being computed
  record Holding(List<Entry> stored, List<Key> unfinished) implements Notice {}

  record Ended(long task, TaskEnd end) implements Notice {}

  /// How an assignment ended.
  sealed interface TaskEnd {
    /// @param value the value itself where it is small; it is stored on the worker all the same
    record Ready(String type, long sizeBytes, long runNanos, Optional<Payload> value)
        implements
          TaskEnd {}

    /// @param runNanos 0 where the function did not begin
    record Failed(Failure failure, long runNanos) implements TaskEnd {}

    /// These inputs could not be had.
    record Lacking(List<Key> inputs, String reason) implements TaskEnd {}

    /// Another worker may compute it: it was recalled, or this worker is full or is leaving.
    ///
    /// @param begun whether the function may have been called; if not, it will not be
    record GivenBack(String reason, boolean begun) implements TaskEnd {}

    /// It was aborted.
    ///
    /// @param begun whether the function may have been called; if not, it will not be
    record Cancelled(boolean begun) implements TaskEnd {}
  }

  /// The function of this task waits for another task, and gave its slot back; or it goes on.
  record Waits(long task, boolean waiting) implements Notice {}

  /// A sign of life, every second, with what the worker believes, to be compared.
  ///
  /// @param assignsSeen how many [Assign]s have come over this connection
  /// @param unfinished the assignments of this connection that have not ended
  /// @param running those of them that run
  /// @param memoryBytes what its values take in memory
  /// @param diskBytes what was written to disk and is needed, as it would be in memory
  /// @param vitals how its process is
  /// @param paused why it takes no more for now; empty if it does
  /// @param kept of functions that were cancelled and go on, each of which keeps a slot
  record Beat(long assignsSeen, List<Long> unfinished, List<Long> running, long values,
      long memoryBytes, long diskBytes, Vitals vitals, String paused, List<Key> kept)
      implements
        Notice {}

  /// How a process is.
  ///
  /// @param heapBytes what of the heap is in use, garbage included
  /// @param heapBytesMax what it may grow to
  /// @param loadPercent processor time since the word before, by the time that went by: 100 for one core
  record Vitals(long heapBytes, long heapBytesMax, int loadPercent) {
    public static final Vitals UNKNOWN = new Vitals(0, 0, 0);
  }

  /// The worker has these no longer, though nobody who serves the scheduler let them go: they cannot be
  /// read, or somebody deleted them.
  record ValuesLost(List<Key> keys) implements Notice {}

  /// Another worker has taken these from a worker that is full, which has them still and would be rid of
  /// them: [Release] lets it. Said again every second until then.
  ///
  /// @param last whether it keeps them after this, so that the other's need not be kept
  record ValuesMoved(List<Key> keys, WorkerId to, boolean last) implements Notice {}
}
