package dev.heddle.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Takes messages out of frames. The mirror of [MessageWriter].
final class MessageReader {
  /// Set in a buffer's kind where its bytes come in chunks.
  static final int CHUNKED = 0x80;

  private static final int LIST_CAPACITY_FIRST = 1024;
  private static final Message.Reason[] REASONS = Message.Reason.values();
  private static final int BYTES = Bulks.codeOf(Bulk.Kind.BYTE);
  private static final Message.Begun[] BEGUN = Message.Begun.values();

  private final Decoder in;
  private Buffers buffers;
  private Callee.Known lastKnown = new Callee.Known(0);

  MessageReader(Decoder in, Buffers buffers) {
    this.in = in;
    this.buffers = buffers;
  }

  /// Reads large buffers from somewhere else from now on.
  void setBuffers(Buffers other) {
    buffers = other;
  }

  /// Refers to no reader, so that none has to be made for each message.
  private interface Part<T> {
    T read(MessageReader from) throws ProtocolException;
  }

  private interface Whole<T> {
    T read(MessageReader from, Operation operation) throws ProtocolException;
  }

  /// Checks that a message ends where its frame ends, and gives the complaints of the types that
  /// it consists of the peer's name for it.
  private <T extends Message> T whole(Operation operation, Whole<T> part)
      throws ProtocolException {
    try {
      var message = part.read(this, operation);
      in.end();
      return message;
    } catch (ProtocolException e) {
      throw new ProtocolException(operation.text() + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new ProtocolException(in.malformed(operation.text() + ": " + e.getMessage())
          .getMessage(), e);
    }
  }

  /// @return [Message.Unknown] for an operation that this version does not know
  Message.Request request() throws ProtocolException {
    var code = in.varintTo(Integer.MAX_VALUE, "an operation");
    var operation = Operation.of(code);
    if (operation == null || !Message.Request.class.isAssignableFrom(operation.message())) {
      return new Message.Unknown(code);
    }
    return whole(operation, MessageReader::request);
  }

  private Message.Request request(Operation operation) throws ProtocolException {
    return switch (operation) {
      case COMPUTE ->
        new Message.Compute(key(), payload(), list("arguments", 2, MessageReader::argument),
            holders(), in.flag());
      case GET_DATA -> new Message.GetData(keys(), in.zigzag(), optional(MessageReader::hash));
      case PUT_DATA ->
        new Message.PutData(map("values", 6, MessageReader::key, MessageReader::payload),
            in.flag());
      case DELETE_DATA -> new Message.DeleteData(keys());
      case CANCEL -> new Message.Cancel(keys());
      case ASK_ACTIVITIES -> new Message.AskActivities(in.zigzag(), in.zigzagInt("a limit"));
      case PING -> new Message.Ping(in.fixed64());
      case ASK_INFO -> new Message.AskInfo();
      case ASK_PROCESSES -> new Message.AskProcesses();
      case ASK_DUMP -> new Message.AskDump();
      case MAKE_RECORDING -> new Message.MakeRecording(in.zigzagInt("a number of seconds"));
      case ASK_RECORDING -> new Message.AskRecording(in.zigzag());
      case JOIN -> new Message.Join(workerInfo(), in.zigzag());
      case RENEW -> new Message.Renew(workerId());
      case LEAVE -> new Message.Leave(workerId());
      case REGISTER -> new Message.Register(workerId(), list("entries", 3, MessageReader::entry));
      case UNREGISTER -> new Message.Unregister(workerId(), keys());
      case WHO_HAS -> new Message.WhoHas(keys());
      case HAS_WHAT ->
        new Message.HasWhat(in.text(), optional(MessageReader::key), in.zigzagInt("a limit"));
      case ASK_WORKERS -> new Message.AskWorkers();
      case WATCH -> new Message.Watch(in.fixed64(), in.text());
      case UNWATCH -> new Message.Unwatch(in.fixed64());
      case ASK_CONTENT -> new Message.AskContent(codeBase(), list("names", 1, MessageReader::text));
      case ASK_BLOBS ->
        new Message.AskBlobs(list("hashes", ContentHash.BYTES, MessageReader::hash));
      case ATTACH -> new Message.Attach(in.text(), in.flag());
      case GREET -> new Message.Greet(new ClientId(in.text()), in.text(), in.flag(),
          list("workers", 9, MessageReader::workerId), in.flag());
      case PUBLISH -> new Message.Publish(in.text(), in.varint());
      case UNPUBLISH -> new Message.Unpublish(in.text());
      case ADOPT -> new Message.Adopt(in.text(), in.varint());
      case ASK_DEFINITION -> new Message.AskDefinition(key());
      case ASK_PUBLISHED -> new Message.AskPublished();
      case EXPLAIN -> new Message.Explain(key());
      case ASK_STORY -> new Message.AskStory(key());
      case ASK_OUTPUT -> new Message.AskOutput(key());
      case ASK_STATUS -> new Message.AskStatus();
      case ASK_SERIES -> new Message.AskSeries();
      case ASK_GRAPH -> new Message.AskGraph(in.text(), in.zigzagInt("a limit"));
      case ASK_VALUES -> new Message.AskValues(in.zigzagInt("a limit"));
      case ASK_TASK -> new Message.AskTask(key());
      case RETIRE -> new Message.Retire(in.text());
      case REPORT_DEATH -> new Message.ReportDeath(in.text(), in.zigzag(), in.text());
      case DONE, REFUSED, PONG, NODE_INFO, NODE_PROCESSES, DUMP, RECORDED, RECORDING_PART, HOLDERS,
          INVENTORY, WORKERS,
          FINISHED,
          FAILED, CANCELLED,
          DATA, STORED, ACTIVITIES, ATTACHED, CONTENT, BLOBS, WELCOME, ADOPTED, DEFINITION, NAMES,
          TEXT, STATUS, SERIES, GRAPH, VALUES, TASK,
          CHANGED, DEFINE, UNDEFINE, SUBMIT, SUBMIT_MAP, SCATTERED, DROP, WITHDRAW, NEED, ABORT,
          RESULTS,
          WORKERS_NOW, ASSIGN, RECALL, RELEASE, FAREWELL, TRACE, LET_GO, HOLDING, ENDED, WAITS,
          BEAT,
          VALUES_LOST, VALUES_MOVED, SUBMITTED_AT ->
        throw new AssertionError(operation + " is no request");
    };
  }

  /// @return a refusal for an operation that this version does not know
  Message.Response response() throws ProtocolException {
    var code = in.varintTo(Integer.MAX_VALUE, "an operation");
    var operation = Operation.of(code);
    if (operation == null || !Message.Response.class.isAssignableFrom(operation.message())) {
      return new Message.Refused(Message.Reason.UNKNOWN_OPERATION,
          "the peer answered with operation " + code + ", which this version does not know");
    }
    return whole(operation, MessageReader::response);
  }

  private Message.Response response(Operation operation) throws ProtocolException {
    return switch (operation) {
      case FINISHED -> new Message.Finished(key(), in.text(), in.zigzag(), in.zigzag());
      case DONE -> new Message.Done();
      case DATA -> new Message.Data(map("values", 3, MessageReader::key, MessageReader::datum));
      case STORED -> new Message.Stored(map("sizes", 3, MessageReader::key, MessageReader::zigzag),
          map("refused keys", 3, MessageReader::key, MessageReader::text));
      case FAILED -> new Message.Failed(key(), failure(1));
      case CANCELLED -> new Message.Cancelled(key());
      case REFUSED -> new Message.Refused(reason(), in.text());
      case PONG -> new Message.Pong(in.fixed64());
      case NODE_INFO -> new Message.NodeInfo(in.text(), in.text(), address(), in.text(),
          in.zigzag(), in.zigzag(), map("facts", 2, MessageReader::text, MessageReader::text));
      case NODE_PROCESSES -> new Message.NodeProcesses(in.text(), in.text(), in.zigzag(),
          in.zigzag(), list("processes", 7, MessageReader::processLine),
          list("channels", 6, MessageReader::channelLine),
          list("turns", 5, MessageReader::turnLine), list("cycles", 1, MessageReader::text),
          in.zigzagInt("a number of omitted lines"));
      case DUMP ->
        new Message.Dump(map("files", 2, MessageReader::text, MessageReader::text));
      case RECORDED -> new Message.Recorded(in.zigzag());
      case RECORDING_PART -> new Message.RecordingPart(blob());
      case HOLDERS -> new Message.Holders(holders());
      case INVENTORY -> new Message.Inventory(list("entries", 3, MessageReader::entry), in.flag());
      case WORKERS -> new Message.Workers(list("workers", 16, MessageReader::workerInfo));
      case ACTIVITIES ->
        new Message.Activities(list("activities", 6, MessageReader::activity), in.zigzag(),
            in.flag(), in.flag());
      case CONTENT ->
        new Message.Content(map("names", 33, MessageReader::text, MessageReader::hash));
      case BLOBS -> new Message.Blobs(list("blobs", 1, from -> from.optional(MessageReader::blob)));
      case ATTACHED -> new Message.Attached(in.zigzagInt("a number of slots"), amounts(),
          in.zigzag());
      case WELCOME -> new Message.Welcome(in.text(), in.fixed64());
      case ADOPTED -> new Message.Adopted(key());
      case DEFINITION ->
        new Message.Definition(key(), payload(), list("arguments", 2, MessageReader::argument),
            keys());
      case NAMES -> new Message.Names(list("names", 1, MessageReader::text));
      case TEXT -> new Message.Text(in.text(), in.flag());
      case STATUS -> new Message.Status(in.text(), in.text(), in.zigzag(),
          list("workers", 20, MessageReader::workerStatus),
          map("states", 2, MessageReader::text, MessageReader::zigzag),
          list("clients", 1, MessageReader::text));
      case SERIES -> new Message.Series(in.zigzag(), in.zigzag(),
          list("names", 5, MessageReader::seriesLine), in.zigzagInt("a count"),
          list("failures", 7, MessageReader::failureLine), counts(), in.zigzag());
      case GRAPH -> new Message.Graph(in.zigzag(), in.flag(), in.zigzagInt("a count"),
          list("nodes", 5, MessageReader::graphNode), list("edges", 3, MessageReader::graphEdge));
      case VALUES -> new Message.Values(in.zigzag(), in.zigzag(),
          list("groups", 4, MessageReader::valueGroup), in.zigzagInt("a count"),
          list("values", 7, MessageReader::valueLine));
      case TASK -> taskDetail();
      case PING, ASK_INFO, ASK_PROCESSES, ASK_DUMP, MAKE_RECORDING, ASK_RECORDING, JOIN, RENEW,
          LEAVE,
          REGISTER, UNREGISTER,
          WHO_HAS,
          HAS_WHAT, ASK_WORKERS,
          WATCH, UNWATCH, COMPUTE, GET_DATA, PUT_DATA, DELETE_DATA, CANCEL, ASK_ACTIVITIES, ATTACH,
          GREET, PUBLISH, UNPUBLISH, ADOPT, ASK_DEFINITION, ASK_PUBLISHED, EXPLAIN, ASK_STORY,
          ASK_OUTPUT,
          ASK_STATUS, ASK_SERIES, ASK_GRAPH, ASK_VALUES, ASK_TASK, RETIRE,
          REPORT_DEATH,
          ASK_CONTENT, ASK_BLOBS, CHANGED, DEFINE, UNDEFINE, SUBMIT, SUBMIT_MAP, SCATTERED, DROP,
          WITHDRAW,
          NEED, ABORT, RESULTS, WORKERS_NOW, ASSIGN, RECALL, RELEASE, FAREWELL, TRACE, LET_GO,
          HOLDING,
          ENDED,
          WAITS, BEAT, VALUES_LOST, VALUES_MOVED, SUBMITTED_AT ->
        throw new AssertionError(operation + " is no response");
    };
  }

  /// @return nothing for an operation that this version does not know
  Optional<Message.Notice> notice() throws ProtocolException {
    var operation = Operation.of(in.varintTo(Integer.MAX_VALUE, "an operation"));
    return operation == null || !Message.Notice.class.isAssignableFrom(operation.message())
        ? Optional.empty()
        : Optional.of(whole(operation, MessageReader::notice));
  }

  private Message.Notice notice(Operation operation) throws ProtocolException {
    return switch (operation) {
      case CHANGED -> new Message.Changed(in.fixed64(), list("changes", 10, MessageReader::change),
          in.flag());
      case ASSIGN -> new Message.Assign(in.varint(), key(), callee(),
          list("arguments", 2, MessageReader::argument),
          list("captured keys", 2, MessageReader::key), holders(),
          in.zigzag(), in.varint(), in.flag());
      case ENDED -> new Message.Ended(in.varint(), taskEnd());
      case RESULTS -> new Message.Results(list("results", 3, MessageReader::result));
      case SUBMIT -> new Message.Submit(in.varint(), key(), callee(),
          list("operands", 2, MessageReader::operand), numbers(), settings(),
          optional(MessageReader::hash),
          in.flag());
      case SUBMIT_MAP -> new Message.SubmitMap(in.varint(), key(),
          in.zigzagInt("an index"), callee(),
          list("operands", 2, MessageReader::operand), numbers(), settings(), in.flag());
      case DEFINE -> new Message.Define(function(), payload());
      case UNDEFINE -> new Message.Undefine(list("functions", 1, MessageReader::function));
      case SCATTERED -> new Message.Scattered(in.varint(), key(),
          list("workers", 9, MessageReader::workerId), in.zigzag());
      case DROP -> new Message.Drop(
          list("ranges", 2, MessageReader::range));
      case NEED -> new Message.Need(numbers());
      case SUBMITTED_AT -> new Message.SubmittedAt(in.text(), numbers());
      case WITHDRAW -> new Message.Withdraw(numbers());
      case ABORT -> new Message.Abort(numbers());
      case WORKERS_NOW -> new Message.WorkersNow(list("workers", 16, MessageReader::workerInfo));
      case RECALL -> new Message.Recall(numbers());
      case RELEASE -> new Message.Release(keys());
      case FAREWELL -> new Message.Farewell();
      case TRACE -> new Message.Trace(in.text(Message.Trace.CONTEXT_BYTES_MAX), amount());
      case LET_GO -> new Message.LetGo(numbers());
      case HOLDING -> new Message.Holding(list("entries", 3, MessageReader::entry), keys());
      case WAITS -> new Message.Waits(in.varint(), in.flag());
      case BEAT -> new Message.Beat(in.varint(), numbers(), numbers(), in.zigzag(), in.zigzag(),
          in.zigzag(),
          new Message.Vitals(in.zigzag(), in.zigzag(), in.zigzagInt("a load")), in.text(), keys());
      case VALUES_LOST -> new Message.ValuesLost(keys());
      case VALUES_MOVED ->
        new Message.ValuesMoved(keys(), workerId(), in.flag());
      case PING, ASK_INFO, ASK_PROCESSES, ASK_DUMP, MAKE_RECORDING, ASK_RECORDING, JOIN, RENEW,
          LEAVE,
          REGISTER, UNREGISTER,
          WHO_HAS,
          HAS_WHAT, ASK_WORKERS,
          WATCH, UNWATCH, COMPUTE, GET_DATA, PUT_DATA, DELETE_DATA, CANCEL, ASK_ACTIVITIES, ATTACH,
          GREET, PUBLISH, UNPUBLISH, ADOPT, ASK_DEFINITION, ASK_PUBLISHED, EXPLAIN, ASK_STORY,
          ASK_OUTPUT,
          ASK_STATUS, ASK_SERIES, ASK_GRAPH, ASK_VALUES, ASK_TASK, RETIRE,
          REPORT_DEATH,
          ASK_CONTENT, ASK_BLOBS, DONE, REFUSED, PONG, NODE_INFO, NODE_PROCESSES, DUMP, RECORDED,
          RECORDING_PART, HOLDERS,
          INVENTORY, WORKERS,
          FINISHED, FAILED, CANCELLED, DATA, STORED, ACTIVITIES, ATTACHED, CONTENT, BLOBS, WELCOME,
          ADOPTED, DEFINITION, NAMES, TEXT, STATUS, SERIES, GRAPH, VALUES,
          TASK ->
        throw new AssertionError(operation + " is no notice");
    };
  }

  // --- parts

  private String text() throws ProtocolException {
    return in.text();
  }

  private long varint() throws ProtocolException {
    return in.varint();
  }

  private long zigzag() throws ProtocolException {
    return in.zigzag();
  }

  private int amount() throws ProtocolException {
    return in.zigzagInt("an amount");
  }

  private Message.Range range() throws ProtocolException {
    return new Message.Range(in.varint(), in.varint());
  }

  private <T> List<T> list(String what, int bytesLeast, Part<T> each) throws ProtocolException {
    return list(what, bytesLeast, Integer.MAX_VALUE, each);
  }

  private <T> List<T> list(String what, int bytesLeast, int most, Part<T> each)
      throws ProtocolException {
    var count = in.count(what, bytesLeast, most);
    if (count == 0) {
      return List.of();
    }
    if (count == 1) {
      return List.of(each.read(this));
    }
    var items = new ArrayList<T>(Math.min(count, LIST_CAPACITY_FIRST));
    for (var i = 0; i < count; i++) {
      items.add(each.read(this));
    }
    return Collections.unmodifiableList(items);
  }

  private <K, V> Map<K, V> map(String what, int bytesLeast, Part<K> key, Part<V> value)
      throws ProtocolException {
    var count = in.count(what, bytesLeast);
    if (count == 0) {
      return Map.of();
    }
    if (count == 1) {
      return Map.of(key.read(this), value.read(this));
    }
    var entries = LinkedHashMap.<K, V>newLinkedHashMap(Math.min(count, LIST_CAPACITY_FIRST));
    for (var i = 0; i < count; i++) {
      var name = key.read(this);
      if (entries.put(name, value.read(this)) != null) {
        throw in.malformed("'" + name + "' twice among the " + what);
      }
    }
    return Collections.unmodifiableMap(entries);
  }

  private <T> Optional<T> optional(Part<T> some) throws ProtocolException {
    return in.flag() ? Optional.of(some.read(this)) : Optional.empty();
  }

  private Key key() throws ProtocolException {
    return in.key();
  }

  private List<Key> keys() throws ProtocolException {
    return list("keys", 2, MessageReader::key);
  }

  private ContentHash hash() throws ProtocolException {
    return ContentHash.ofDigest(in.raw(ContentHash.BYTES, "a hash"));
  }

  private CodeBaseId codeBase() throws ProtocolException {
    return new CodeBaseId(in.fixed64(), in.fixed64());
  }

  private Address address() throws ProtocolException {
    return new Address(in.knownText(), in.fixed16());
  }

  private WorkerId workerId() throws ProtocolException {
    return new WorkerId(in.knownText(), in.fixed64());
  }

  private WorkerInfo workerInfo() throws ProtocolException {
    return new WorkerInfo(workerId(), address(), in.text(), in.zigzag(),
        in.zigzagInt("a number of threads"));
  }

  private Message.ProcessLine processLine() throws ProtocolException {
    return new Message.ProcessLine(in.text(), in.text(), list("scopes", 1, MessageReader::text),
        in.text(), in.zigzag(), in.zigzag(), in.zigzag());
  }

  private Message.ChannelLine channelLine() throws ProtocolException {
    return new Message.ChannelLine(in.text(), in.zigzagInt("a size"), in.zigzagInt("a capacity"),
        in.zigzag(), in.zigzag(), in.text());
  }

  private Message.TurnLine turnLine() throws ProtocolException {
    return new Message.TurnLine(in.text(), in.text(), in.zigzag(),
        in.zigzagInt("a number of those who wait"), in.zigzag());
  }

  private Message.Entry entry() throws ProtocolException {
    return new Message.Entry(key(), in.zigzag());
  }

  private Map<Key, List<Holder>> holders() throws ProtocolException {
    return map("keys", 3, MessageReader::key, MessageReader::holdersOf);
  }

  private List<Holder> holdersOf() throws ProtocolException {
    return list("holders", 15, MessageReader::holder);
  }

  private Holder holder() throws ProtocolException {
    return new Holder(workerId(), address(), in.knownText(), in.zigzag());
  }

  private Message.Reason reason() throws ProtocolException {
    var code = in.u8();
    // A reason of a later version is at least a refusal.
    return code < REASONS.length ? REASONS[code] : Message.Reason.INTERNAL;
  }

  private List<Long> numbers() throws ProtocolException {
    return list("numbers", 1, MessageReader::varint);
  }

  private int function() throws ProtocolException {
    return in.zigzagInt("a function's number");
  }

  private Map<String, Integer> amounts() throws ProtocolException {
    return map("resources", 2, MessageReader::text, MessageReader::amount);
  }

  private Message.WorkerStatus workerStatus() throws ProtocolException {
    return new Message.WorkerStatus(workerInfo(), in.text(), in.zigzagInt("a count"),
        in.zigzagInt("a count"), in.zigzag(), in.zigzag(), in.zigzag(), in.zigzag(),
        in.zigzag(), amounts(), in.zigzag());
  }

  private Message.SeriesLine seriesLine() throws ProtocolException {
    return new Message.SeriesLine(in.text(), counts(), in.zigzag(), in.zigzag(), in.zigzag());
  }

  private Map<String, Long> counts() throws ProtocolException {
    return map("states", 2, MessageReader::text, MessageReader::zigzag);
  }

  private Message.FailureLine failureLine() throws ProtocolException {
    return new Message.FailureLine(key(), in.text(), in.zigzag(), in.text(), in.text(), in.text(),
        in.text());
  }

  private Message.GraphNode graphNode() throws ProtocolException {
    return new Message.GraphNode(in.text(), in.text(), counts(), in.zigzag(), in.text());
  }

  private Message.GraphEdge graphEdge() throws ProtocolException {
    return new Message.GraphEdge(in.zigzagInt("a place"), in.zigzagInt("a place"),
        in.zigzag());
  }

  private Message.ValueGroup valueGroup() throws ProtocolException {
    return new Message.ValueGroup(in.text(), in.text(), in.zigzag(), in.zigzag());
  }

  private Message.ValueLine valueLine() throws ProtocolException {
    return new Message.ValueLine(key(), in.text(), in.text(), in.zigzag(), texts(),
        in.zigzagInt("a count"), in.zigzagInt("a count"));
  }

  private Message.TaskDetail taskDetail() throws ProtocolException {
    return new Message.TaskDetail(key(), in.text(), in.text(), in.text(), in.text(), in.zigzag(),
        texts(), in.zigzagInt("a count"), list("inputs", 5, MessageReader::taskLink),
        in.zigzagInt("a count"), list("dependents", 5, MessageReader::taskLink),
        in.zigzagInt("a count"), optional(from -> from.failure(0)),
        optional(MessageReader::attempt), in.text());
  }

  private Message.TaskLink taskLink() throws ProtocolException {
    return new Message.TaskLink(key(), in.text(), in.zigzag(), texts());
  }

  private List<String> texts() throws ProtocolException {
    return list("names", 1, MessageReader::text);
  }

  private Callee callee() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> known(function());
      case 1 -> new Callee.Carried(payload());
      default -> throw in.malformed("a function of the unknown kind " + tag);
    };
  }

  /// Many tasks in a row are of one function.
  private Callee.Known known(int function) {
    if (lastKnown.function() != function) {
      lastKnown = new Callee.Known(function);
    }
    return lastKnown;
  }

  private Operand operand() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> new Operand.OfTask(in.varint());
      case 1 -> new Operand.Inline(payload());
      default -> throw in.malformed("an operand of the unknown kind " + tag);
    };
  }

  private TaskSettings settings() throws ProtocolException {
    return in.flag()
        ? new TaskSettings(in.zigzagInt("a priority"),
            in.zigzagInt("a number of retries"), in.zigzag(),
            list("workers", 1, MessageReader::text), amounts(), in.flag(), in.flag())
        : TaskSettings.DEFAULT;
  }

  private Message.TaskEnd taskEnd() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> new Message.TaskEnd.Ready(in.knownText(), in.zigzag(), in.zigzag(),
          optional(MessageReader::payload));
      case 1 -> new Message.TaskEnd.Failed(failure(1), in.zigzag());
      case 2 -> new Message.TaskEnd.Lacking(keys(), in.text());
      case 3 -> new Message.TaskEnd.GivenBack(in.text(), in.flag());
      case 4 -> new Message.TaskEnd.Cancelled(in.flag());
      default -> throw in.malformed("an end of the unknown kind " + tag);
    };
  }

  private Message.Result result() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> new Message.Result.Ready(in.varint(), in.knownText(), in.zigzag(),
          list("holders", 15, MessageReader::holder), optional(MessageReader::payload));
      case 1 -> new Message.Result.Failed(in.varint(), optional(MessageReader::key),
          optional(MessageReader::attempt), failure(1));
      case 2 -> new Message.Result.Cancelled(in.varint(), in.text(), begun());
      case 3 -> new Message.Result.Lost(in.varint(), in.text());
      default -> throw in.malformed("a result of the unknown kind " + tag);
    };
  }

  private Message.Begun begun() throws ProtocolException {
    var code = in.u8();
    if (code >= BEGUN.length) {
      throw in.malformed("whether a cancelled task had begun, with the unknown code " + code);
    }
    return BEGUN[code];
  }

  private Attempt attempt() throws ProtocolException {
    return new Attempt(key(), in.text(), in.text(), in.zigzag(), in.zigzagInt("an attempt"),
        in.zigzagInt("a number of attempts"), in.zigzag());
  }

  private Argument argument() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> new Argument.Stored(key());
      case 1 -> new Argument.Inline(payload());
      default -> throw in.malformed("an argument of the unknown kind " + tag);
    };
  }

  private Message.Activity activity() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> new Message.Activity.Ran(key(), in.zigzagInt("a slot"), in.zigzag(), in.zigzag(),
          in.flag());
      case 1 -> new Message.Activity.Fetched(in.text(), key(), in.zigzagInt("a count"),
          in.zigzag(), in.zigzag(), in.zigzag());
      case 2 -> new Message.Activity.Spilled(key(), in.zigzagInt("a count"), in.zigzag(),
          in.zigzag(), in.zigzag());
      default -> throw in.malformed("an activity of the unknown kind " + tag);
    };
  }

  private Message.Datum datum() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> new Message.Datum.Found(payload());
      case 1 -> new Message.Datum.Missing();
      case 2 -> new Message.Datum.Unsendable(failure(1));
      case 3 -> new Message.Datum.Later();
      case 4 -> placed();
      default -> throw in.malformed("a datum of the unknown kind " + tag);
    };
  }

  private Message.Datum placed() throws ProtocolException {
    var rest = payload();
    var handOver = in.varint();
    var segment = in.varint();
    var places = list("places", 3, MessageReader::place);
    try {
      return new Message.Datum.Placed(rest, handOver, segment, places);
    } catch (IllegalArgumentException e) {
      throw in.malformed(String.valueOf(e.getMessage()));
    }
  }

  private Message.Datum.Place place() throws ProtocolException {
    var buffer = in.varintTo(Payload.BUFFERS_MAX, "a buffer");
    var offset = in.varint();
    var size = in.varint();
    try {
      return new Message.Datum.Place(buffer, offset, size);
    } catch (IllegalArgumentException e) {
      throw in.malformed(String.valueOf(e.getMessage()));
    }
  }

  private Message.Change change() throws ProtocolException {
    var tag = in.u8();
    return switch (tag) {
      case 0 -> new Message.Change.Registered(workerId(), key(), in.zigzag());
      case 1 -> new Message.Change.Unregistered(workerId(), key());
      case 2 -> new Message.Change.Joined(workerInfo());
      case 3 -> new Message.Change.Left(workerId());
      default -> throw in.malformed("a change of the unknown kind " + tag);
    };
  }

  private Failure failure(int depth) throws ProtocolException {
    if (depth > Failure.DEPTH_MAX) {
      throw in.malformed("a failure nested more than " + Failure.DEPTH_MAX + " deep");
    }
    return new Failure(in.text(), in.text(),
        list("frames", 4, Failure.FRAMES_MAX, MessageReader::frame),
        in.varintTo(Integer.MAX_VALUE, "a number of frames"),
        optional(from -> from.failure(depth + 1)),
        list("failures", 7, from -> from.failure(depth + 1)),
        optional(MessageReader::payload));
  }

  private Failure.Frame frame() throws ProtocolException {
    return new Failure.Frame(in.text(), in.text(), optional(MessageReader::text),
        in.zigzagInt("a line number"));
  }

  private Payload payload() throws ProtocolException {
    return new Payload(in.varintTo(0xFFFF, "a codec"),
        list("code bases", 16, Payload.CODE_BASES_MAX, MessageReader::codeBase), blob(),
        list("buffers", 2, Payload.BUFFERS_MAX, MessageReader::buffer));
  }

  private byte[] blob() throws ProtocolException {
    if (in.nextIs(BYTES)) {
      in.u8();
      var size = in.varint();
      Bulk.Kind.BYTE.check(size);
      return in.raw(size, "a buffer");
    }
    var bulk = buffer();
    if (bulk.kind() != Bulk.Kind.BYTE) {
      throw in.malformed("bytes in a " + bulk.kind() + " buffer");
    }
    return (byte[]) bulk.array();
  }

  private Bulk buffer() throws ProtocolException {
    var tag = in.u8();
    var kind = Bulks.kindOf(tag & ~CHUNKED, in);
    var size = in.varint();
    kind.check(size);
    if ((tag & CHUNKED) != 0) {
      if (size == 0) {
        throw in.malformed("an empty buffer that is to come in chunks");
      }
      return buffers.next(kind, size);
    }
    var at = in.skip(size, "a buffer");
    var bulk = kind.allocate(size);
    Bulks.copyIn(in.bytes(), at, bulk);
    return Bulks.fromWire(bulk);
  }
}
