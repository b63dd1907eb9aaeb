package dev.heddle.wire;

import java.util.Optional;

/// Takes messages out of frames. The mirror of [MessageWriter].
final class MessageReader {
  private final Decoder in;
  private final PartReader parts;

  MessageReader(Decoder in, Buffers buffers) {
    this.in = in;
    parts = new PartReader(in, buffers);
  }

  /// Reads large buffers from somewhere else from now on.
  void setBuffers(Buffers other) {
    parts.setBuffers(other);
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
        new Message.Compute(parts.key(), parts.payload(),
            parts.list("arguments", 2, PartReader::argument),
            parts.holders(), in.flag());
      case GET_DATA ->
        new Message.GetData(parts.keys(), in.zigzag(), parts.optional(PartReader::hash));
      case PUT_DATA ->
        new Message.PutData(parts.map("values", 6, PartReader::key, PartReader::payload),
            in.flag());
      case DELETE_DATA -> new Message.DeleteData(parts.keys());
      case CANCEL -> new Message.Cancel(parts.keys());
      case ASK_ACTIVITIES -> new Message.AskActivities(in.zigzag(), in.zigzagInt("a limit"));
      case PING -> new Message.Ping(in.fixed64());
      case ASK_INFO -> new Message.AskInfo();
      case ASK_PROCESSES -> new Message.AskProcesses();
      case ASK_DUMP -> new Message.AskDump();
      case MAKE_RECORDING -> new Message.MakeRecording(in.zigzagInt("a number of seconds"));
      case ASK_RECORDING -> new Message.AskRecording(in.zigzag());
      case JOIN -> new Message.Join(parts.workerInfo(), in.zigzag());
      case RENEW -> new Message.Renew(parts.workerId());
      case LEAVE -> new Message.Leave(parts.workerId());
      case REGISTER ->
        new Message.Register(parts.workerId(), parts.list("entries", 3, PartReader::entry));
      case UNREGISTER -> new Message.Unregister(parts.workerId(), parts.keys());
      case WHO_HAS -> new Message.WhoHas(parts.keys());
      case HAS_WHAT ->
        new Message.HasWhat(in.text(), parts.optional(PartReader::key), in.zigzagInt("a limit"));
      case ASK_WORKERS -> new Message.AskWorkers();
      case WATCH -> new Message.Watch(in.fixed64(), in.text());
      case UNWATCH -> new Message.Unwatch(in.fixed64());
      case ASK_CONTENT ->
        new Message.AskContent(parts.codeBase(), parts.list("names", 1, PartReader::text));
      case ASK_BLOBS ->
        new Message.AskBlobs(parts.list("hashes", ContentHash.BYTES, PartReader::hash));
      case ATTACH -> new Message.Attach(in.text(), in.flag());
      case GREET -> new Message.Greet(new ClientId(in.text()), in.text(), in.flag(),
          parts.list("workers", 9, PartReader::workerId), in.flag());
      case PUBLISH -> new Message.Publish(in.text(), in.varint());
      case UNPUBLISH -> new Message.Unpublish(in.text());
      case ADOPT -> new Message.Adopt(in.text(), in.varint());
      case ASK_DEFINITION -> new Message.AskDefinition(parts.key());
      case ASK_PUBLISHED -> new Message.AskPublished();
      case EXPLAIN -> new Message.Explain(parts.key());
      case ASK_STORY -> new Message.AskStory(parts.key());
      case ASK_OUTPUT -> new Message.AskOutput(parts.key());
      case ASK_STATUS -> new Message.AskStatus();
      case ASK_SERIES -> new Message.AskSeries();
      case ASK_GRAPH -> new Message.AskGraph(in.text(), in.zigzagInt("a limit"));
      case ASK_VALUES -> new Message.AskValues(in.zigzagInt("a limit"));
      case ASK_TASK -> new Message.AskTask(parts.key());
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
      case FINISHED -> new Message.Finished(parts.key(), in.text(), in.zigzag(), in.zigzag());
      case DONE -> new Message.Done();
      case DATA -> new Message.Data(parts.map("values", 3, PartReader::key, PartReader::datum));
      case STORED -> new Message.Stored(parts.map("sizes", 3, PartReader::key, PartReader::zigzag),
          parts.map("refused keys", 3, PartReader::key, PartReader::text));
      case FAILED -> new Message.Failed(parts.key(), parts.failure(1));
      case CANCELLED -> new Message.Cancelled(parts.key());
      case REFUSED -> new Message.Refused(parts.reason(), in.text());
      case PONG -> new Message.Pong(in.fixed64());
      case NODE_INFO -> new Message.NodeInfo(in.text(), in.text(), parts.address(), in.text(),
          in.zigzag(), in.zigzag(), parts.map("facts", 2, PartReader::text, PartReader::text));
      case NODE_PROCESSES -> new Message.NodeProcesses(in.text(), in.text(), in.zigzag(),
          in.zigzag(), parts.list("processes", 7, ViewReader::processLine),
          parts.list("channels", 6, ViewReader::channelLine),
          parts.list("turns", 5, ViewReader::turnLine), parts.list("cycles", 1, PartReader::text),
          in.zigzagInt("a number of omitted lines"));
      case DUMP ->
        new Message.Dump(parts.map("files", 2, PartReader::text, PartReader::text));
      case RECORDED -> new Message.Recorded(in.zigzag());
      case RECORDING_PART -> new Message.RecordingPart(parts.blob());
      case HOLDERS -> new Message.Holders(parts.holders());
      case INVENTORY ->
        new Message.Inventory(parts.list("entries", 3, PartReader::entry), in.flag());
      case WORKERS -> new Message.Workers(parts.list("workers", 16, PartReader::workerInfo));
      case ACTIVITIES ->
        new Message.Activities(parts.list("activities", 6, ViewReader::activity), in.zigzag(),
            in.flag(), in.flag());
      case CONTENT ->
        new Message.Content(parts.map("names", 33, PartReader::text, PartReader::hash));
      case BLOBS ->
        new Message.Blobs(parts.list("blobs", 1, from -> from.optional(PartReader::blob)));
      case ATTACHED -> new Message.Attached(in.zigzagInt("a number of slots"), parts.amounts(),
          in.zigzag());
      case WELCOME -> new Message.Welcome(in.text(), in.fixed64());
      case ADOPTED -> new Message.Adopted(parts.key());
      case DEFINITION ->
        new Message.Definition(parts.key(), parts.payload(),
            parts.list("arguments", 2, PartReader::argument),
            parts.keys());
      case NAMES -> new Message.Names(parts.list("names", 1, PartReader::text));
      case TEXT -> new Message.Text(in.text(), in.flag());
      case STATUS -> new Message.Status(in.text(), in.text(), in.zigzag(),
          parts.list("workers", 20, ViewReader::workerStatus),
          parts.map("states", 2, PartReader::text, PartReader::zigzag),
          parts.list("clients", 1, PartReader::text));
      case SERIES -> new Message.Series(in.zigzag(), in.zigzag(),
          parts.list("names", 5, ViewReader::seriesLine), in.zigzagInt("a count"),
          parts.list("failures", 7, ViewReader::failureLine), parts.counts(), in.zigzag());
      case GRAPH -> new Message.Graph(in.zigzag(), in.flag(), in.zigzagInt("a count"),
          parts.list("nodes", 5, ViewReader::graphNode),
          parts.list("edges", 3, ViewReader::graphEdge));
      case VALUES -> new Message.Values(in.zigzag(), in.zigzag(),
          parts.list("groups", 4, ViewReader::valueGroup), in.zigzagInt("a count"),
          parts.list("values", 7, ViewReader::valueLine));
      case TASK -> ViewReader.taskDetail(parts);
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
      case CHANGED ->
        new Message.Changed(in.fixed64(), parts.list("changes", 10, PartReader::change),
            in.flag());
      case ASSIGN -> new Message.Assign(in.varint(), parts.key(), parts.callee(),
          parts.list("arguments", 2, PartReader::argument),
          parts.list("captured keys", 2, PartReader::key), parts.holders(),
          in.zigzag(), in.varint(), in.flag());
      case ENDED -> new Message.Ended(in.varint(), parts.taskEnd());
      case RESULTS -> new Message.Results(parts.list("results", 3, PartReader::result));
      case SUBMIT -> new Message.Submit(in.varint(), parts.key(), parts.callee(),
          parts.list("operands", 2, PartReader::operand), parts.numbers(), parts.settings(),
          parts.optional(PartReader::hash),
          in.flag());
      case SUBMIT_MAP -> new Message.SubmitMap(in.varint(), parts.key(),
          in.zigzagInt("an index"), parts.callee(),
          parts.list("operands", 2, PartReader::operand), parts.numbers(), parts.settings(),
          in.flag());
      case DEFINE -> new Message.Define(parts.function(), parts.payload());
      case UNDEFINE -> new Message.Undefine(parts.list("functions", 1, PartReader::function));
      case SCATTERED -> new Message.Scattered(in.varint(), parts.key(),
          parts.list("workers", 9, PartReader::workerId), in.zigzag());
      case DROP -> new Message.Drop(
          parts.list("ranges", 2, PartReader::range));
      case NEED -> new Message.Need(parts.numbers());
      case SUBMITTED_AT -> new Message.SubmittedAt(in.text(), parts.numbers());
      case WITHDRAW -> new Message.Withdraw(parts.numbers());
      case ABORT -> new Message.Abort(parts.numbers());
      case WORKERS_NOW -> new Message.WorkersNow(parts.list("workers", 16, PartReader::workerInfo));
      case RECALL -> new Message.Recall(parts.numbers());
      case RELEASE -> new Message.Release(parts.keys());
      case FAREWELL -> new Message.Farewell();
      case TRACE -> new Message.Trace(in.text(Message.Trace.CONTEXT_BYTES_MAX), parts.amount());
      case LET_GO -> new Message.LetGo(parts.numbers());
      case HOLDING ->
        new Message.Holding(parts.list("entries", 3, PartReader::entry), parts.keys());
      case WAITS -> new Message.Waits(in.varint(), in.flag());
      case BEAT ->
        new Message.Beat(in.varint(), parts.numbers(), parts.numbers(), in.zigzag(), in.zigzag(),
            in.zigzag(),
            new Message.Vitals(in.zigzag(), in.zigzag(), in.zigzagInt("a load")), in.text(),
            parts.keys());
      case VALUES_LOST -> new Message.ValuesLost(parts.keys());
      case VALUES_MOVED ->
        new Message.ValuesMoved(parts.keys(), parts.workerId(), in.flag());
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
}
