package dev.heddle.wire;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.RandomAccess;

/// Puts messages into frames. Large buffers stay outside, in [#chunked].
///
/// The order of the fields is that of the records; `docs/protocol.md` spells it out. Its mirror is
/// [MessageReader].
final class MessageWriter {
  /// Refers to no writer, so that none has to be made for each message.
  private interface Part<T> {
    void write(MessageWriter to, T part);
  }

  private interface Pair<K, V> {
    void write(MessageWriter to, K first, V second);
  }

  private static final int BYTES = Bulks.codeOf(Bulk.Kind.BYTE);

  private final Encoder out;
  private final List<Bulk> chunked = new ArrayList<>();
  private int inlineBytesLeft;

  MessageWriter(Encoder out) {
    this.out = out;
  }

  /// The buffers that did not go into the last message, in order.
  List<Bulk> chunked() {
    return chunked;
  }

  void write(Message message) {
    chunked.clear();
    inlineBytesLeft = Protocol.INLINE_BYTES_MAX;
    switch (message) {
      case Message.Request request -> request(request);
      case Message.Response response -> response(response);
      case Message.Notice notice -> notice(notice);
    }
  }

  private void operation(Operation operation) {
    out.varint(operation.code());
  }

  private void request(Message.Request request) {
    switch (request) {
      case Message.Compute(var key, var function, var arguments, var holders, var blocking) -> {
        operation(Operation.COMPUTE);
        key(key);
        payload(function);
        list(arguments, MessageWriter::argument);
        map(holders, MessageWriter::holdersOf);
        out.flag(blocking);
      }
      case Message.GetData(var keys, var bytesMax, var token) -> {
        operation(Operation.GET_DATA);
        list(keys, MessageWriter::key);
        out.zigzag(bytesMax);
        optional(token, MessageWriter::hash);
      }
      case Message.PutData(var values, var ifRoom) -> {
        operation(Operation.PUT_DATA);
        map(values, (_, key, value) -> {
          key(key);
          payload(value);
        });
        out.flag(ifRoom);
      }
      case Message.DeleteData(var keys) -> {
        operation(Operation.DELETE_DATA);
        list(keys, MessageWriter::key);
      }
      case Message.Cancel(var keys) -> {
        operation(Operation.CANCEL);
        list(keys, MessageWriter::key);
      }
      case Message.AskActivities(var after, var limit) -> {
        operation(Operation.ASK_ACTIVITIES);
        out.zigzag(after);
        out.zigzag(limit);
      }
      case Message.Ping(var token) -> {
        operation(Operation.PING);
        out.fixed64(token);
      }
      case Message.AskInfo() -> operation(Operation.ASK_INFO);
      case Message.AskProcesses() -> operation(Operation.ASK_PROCESSES);
      case Message.AskDump() -> operation(Operation.ASK_DUMP);
      case Message.MakeRecording(var seconds) -> {
        operation(Operation.MAKE_RECORDING);
        out.zigzag(seconds);
      }
      case Message.AskRecording(var offset) -> {
        operation(Operation.ASK_RECORDING);
        out.zigzag(offset);
      }
      case Message.Join(var worker, var leaseMillis) -> {
        operation(Operation.JOIN);
        workerInfo(worker);
        out.zigzag(leaseMillis);
      }
      case Message.Renew(var worker) -> {
        operation(Operation.RENEW);
        workerId(worker);
      }
      case Message.Leave(var worker) -> {
        operation(Operation.LEAVE);
        workerId(worker);
      }
      case Message.Register(var worker, var entries) -> {
        operation(Operation.REGISTER);
        workerId(worker);
        list(entries, MessageWriter::entry);
      }
      case Message.Unregister(var worker, var keys) -> {
        operation(Operation.UNREGISTER);
        workerId(worker);
        list(keys, MessageWriter::key);
      }
      case Message.WhoHas(var keys) -> {
        operation(Operation.WHO_HAS);
        list(keys, MessageWriter::key);
      }
      case Message.HasWhat(var worker, var after, var limit) -> {
        operation(Operation.HAS_WHAT);
        out.text(worker);
        optional(after, MessageWriter::key);
        out.zigzag(limit);
      }
      case Message.AskWorkers() -> operation(Operation.ASK_WORKERS);
      case Message.Watch(var watch, var prefix) -> {
        operation(Operation.WATCH);
        out.fixed64(watch);
        out.text(prefix);
      }
      case Message.Unwatch(var watch) -> {
        operation(Operation.UNWATCH);
        out.fixed64(watch);
      }
      case Message.AskContent(var codeBase, var names) -> {
        operation(Operation.ASK_CONTENT);
        codeBase(codeBase);
        list(names, MessageWriter::text);
      }
      case Message.AskBlobs(var hashes) -> {
        operation(Operation.ASK_BLOBS);
        list(hashes, MessageWriter::hash);
      }
      case Message.Attach(var namespace, var keepsWhoHas) -> {
        operation(Operation.ATTACH);
        out.text(namespace);
        out.flag(keepsWhoHas);
      }
      case Message.Greet(var client, var name, var returning, var workersKnown, var recordsFailures) -> {
        operation(Operation.GREET);
        out.text(client.tag());
        out.text(name);
        out.flag(returning);
        list(workersKnown, MessageWriter::workerId);
        out.flag(recordsFailures);
      }
      case Message.Publish(var name, var task) -> {
        operation(Operation.PUBLISH);
        out.text(name);
        out.varint(task);
      }
      case Message.Unpublish(var name) -> {
        operation(Operation.UNPUBLISH);
        out.text(name);
      }
      case Message.Adopt(var name, var task) -> {
        operation(Operation.ADOPT);
        out.text(name);
        out.varint(task);
      }
      case Message.AskDefinition(var key) -> {
        operation(Operation.ASK_DEFINITION);
        key(key);
      }
      case Message.AskPublished() -> operation(Operation.ASK_PUBLISHED);
      case Message.Explain(var key) -> {
        operation(Operation.EXPLAIN);
        key(key);
      }
      case Message.AskStory(var key) -> {
        operation(Operation.ASK_STORY);
        key(key);
      }
      case Message.AskOutput(var key) -> {
        operation(Operation.ASK_OUTPUT);
        key(key);
      }
      case Message.AskStatus() -> operation(Operation.ASK_STATUS);
      case Message.AskSeries() -> operation(Operation.ASK_SERIES);
      case Message.AskGraph(var name, var limit) -> {
        operation(Operation.ASK_GRAPH);
        out.text(name);
        out.zigzag(limit);
      }
      case Message.AskValues(var limit) -> {
        operation(Operation.ASK_VALUES);
        out.zigzag(limit);
      }
      case Message.AskTask(var key) -> {
        operation(Operation.ASK_TASK);
        key(key);
      }
      case Message.Retire(var worker) -> {
        operation(Operation.RETIRE);
        out.text(worker);
      }
      case Message.ReportDeath(var worker, var pid, var cause) -> {
        operation(Operation.REPORT_DEATH);
        out.text(worker);
        out.zigzag(pid);
        out.text(cause);
      }
      case Message.Unknown(var operation) -> throw new UnsendableException(
          "a request of the unknown operation " + operation + " cannot be sent");
    }
  }

  private void response(Message.Response response) {
    switch (response) {
      case Message.Finished(var key, var type, var sizeBytes, var runNanos) -> {
        operation(Operation.FINISHED);
        key(key);
        out.text(type);
        out.zigzag(sizeBytes);
        out.zigzag(runNanos);
      }
      case Message.Done() -> operation(Operation.DONE);
      case Message.Data(var values) -> {
        operation(Operation.DATA);
        map(values, (_, key, datum) -> {
          key(key);
          datum(datum);
        });
      }
      case Message.Stored(var sizesBytes, var refused) -> {
        operation(Operation.STORED);
        map(sizesBytes, (_, key, size) -> {
          key(key);
          out.zigzag(size);
        });
        map(refused, (_, key, reason) -> {
          key(key);
          out.text(reason);
        });
      }
      case Message.Failed(var key, var failure) -> {
        operation(Operation.FAILED);
        key(key);
        failure(failure, 1);
      }
      case Message.Cancelled(var key) -> {
        operation(Operation.CANCELLED);
        key(key);
      }
      case Message.Refused(var reason, var text) -> {
        operation(Operation.REFUSED);
        out.u8(Codes.of(reason));
        out.text(text);
      }
      case Message.Pong(var token) -> {
        operation(Operation.PONG);
        out.fixed64(token);
      }
      case Message.NodeInfo(var role, var name, var address, var host, var pid, var started, var facts) -> {
        operation(Operation.NODE_INFO);
        out.text(role);
        out.text(name);
        address(address);
        out.text(host);
        out.zigzag(pid);
        out.zigzag(started);
        map(facts, (_, fact, value) -> {
          out.text(fact);
          out.text(value);
        });
      }
      case Message.NodeProcesses(var node, var role, var pid, var readMicros, var processes, var channels, var turns, var cycles, var omitted) -> {
        operation(Operation.NODE_PROCESSES);
        out.text(node);
        out.text(role);
        out.zigzag(pid);
        out.zigzag(readMicros);
        list(processes, MessageWriter::processLine);
        list(channels, MessageWriter::channelLine);
        list(turns, MessageWriter::turnLine);
        list(cycles, MessageWriter::text);
        out.zigzag(omitted);
      }
      case Message.Dump(var files) -> {
        operation(Operation.DUMP);
        map(files, (_, name, text) -> {
          out.text(name);
          out.text(text);
        });
      }
      case Message.Recorded(var sizeBytes) -> {
        operation(Operation.RECORDED);
        out.zigzag(sizeBytes);
      }
      case Message.RecordingPart(var bytes) -> {
        operation(Operation.RECORDING_PART);
        buffer(Bulk.of(bytes));
      }
      case Message.Holders(var holders) -> {
        operation(Operation.HOLDERS);
        map(holders, MessageWriter::holdersOf);
      }
      case Message.Inventory(var entries, var more) -> {
        operation(Operation.INVENTORY);
        list(entries, MessageWriter::entry);
        out.flag(more);
      }
      case Message.Workers(var workers) -> {
        operation(Operation.WORKERS);
        list(workers, MessageWriter::workerInfo);
      }
      case Message.Activities(var activities, var last, var lost, var more) -> {
        operation(Operation.ACTIVITIES);
        list(activities, MessageWriter::activity);
        out.zigzag(last);
        out.flag(lost);
        out.flag(more);
      }
      case Message.Attached(var slots, var resources, var memoryBytesMax) -> {
        operation(Operation.ATTACHED);
        out.zigzag(slots);
        amounts(resources);
        out.zigzag(memoryBytesMax);
      }
      case Message.Welcome(var namespace, var incarnation) -> {
        operation(Operation.WELCOME);
        out.text(namespace);
        out.fixed64(incarnation);
      }
      case Message.Adopted(var key) -> {
        operation(Operation.ADOPTED);
        key(key);
      }
      case Message.Definition(var key, var function, var arguments, var inputs) -> {
        operation(Operation.DEFINITION);
        key(key);
        payload(function);
        list(arguments, MessageWriter::argument);
        list(inputs, MessageWriter::key);
      }
      case Message.Names(var names) -> {
        operation(Operation.NAMES);
        list(names, MessageWriter::text);
      }
      case Message.Text(var text, var known) -> {
        operation(Operation.TEXT);
        out.text(text);
        out.flag(known);
      }
      case Message.Status(var scheduler, var namespace, var started, var workers, var tasks, var clients) -> {
        operation(Operation.STATUS);
        out.text(scheduler);
        out.text(namespace);
        out.zigzag(started);
        list(workers, MessageWriter::workerStatus);
        map(tasks, (_, state, count) -> {
          out.text(state);
          out.zigzag(count);
        });
        list(clients, MessageWriter::text);
      }
      case Message.Series(var at, var moves, var lines, var omitted, var failures, var reruns, var died) -> {
        operation(Operation.SERIES);
        out.zigzag(at);
        out.zigzag(moves);
        list(lines, MessageWriter::seriesLine);
        out.zigzag(omitted);
        list(failures, MessageWriter::failureLine);
        counts(reruns);
        out.zigzag(died);
      }
      case Message.Graph(var tasks, var folded, var omitted, var nodes, var edges) -> {
        operation(Operation.GRAPH);
        out.zigzag(tasks);
        out.flag(folded);
        out.zigzag(omitted);
        list(nodes, MessageWriter::graphNode);
        list(edges, MessageWriter::graphEdge);
      }
      case Message.Values(var count, var size, var groups, var omitted, var largest) -> {
        operation(Operation.VALUES);
        out.zigzag(count);
        out.zigzag(size);
        list(groups, MessageWriter::valueGroup);
        out.zigzag(omitted);
        list(largest, MessageWriter::valueLine);
      }
      case Message.TaskDetail detail -> {
        operation(Operation.TASK);
        taskDetail(detail);
      }
      case Message.Content(var hashes) -> {
        operation(Operation.CONTENT);
        map(hashes, (_, name, hash) -> {
          out.text(name);
          hash(hash);
        });
      }
      case Message.Blobs(var blobs) -> {
        operation(Operation.BLOBS);
        list(blobs, (_, blob) -> optional(blob, (_, bytes) -> buffer(Bulk.of(bytes))));
      }
    }
  }

  private void notice(Message.Notice notice) {
    switch (notice) {
      case Message.Changed(var watch, var changes, var lost) -> {
        operation(Operation.CHANGED);
        out.fixed64(watch);
        list(changes, MessageWriter::change);
        out.flag(lost);
      }
      case Message.Assign(var task, var key, var function, var arguments, var captured, var holders, var order, var timeoutMillis, var blocking) -> {
        operation(Operation.ASSIGN);
        out.varint(task);
        key(key);
        callee(function);
        list(arguments, MessageWriter::argument);
        list(captured, MessageWriter::key);
        map(holders, MessageWriter::holdersOf);
        out.zigzag(order);
        out.varint(timeoutMillis);
        out.flag(blocking);
      }
      case Message.Ended(var task, var end) -> {
        operation(Operation.ENDED);
        out.varint(task);
        taskEnd(end);
      }
      case Message.Results(var results) -> {
        operation(Operation.RESULTS);
        list(results, MessageWriter::result);
      }
      case Message.Submit(var number, var key, var function, var operands, var captured, var settings, var fingerprint, var returning) -> {
        operation(Operation.SUBMIT);
        out.varint(number);
        key(key);
        callee(function);
        list(operands, MessageWriter::operand);
        list(captured, MessageWriter::number);
        settings(settings);
        optional(fingerprint, MessageWriter::hash);
        out.flag(returning);
      }
      case Message.SubmitMap(var first, var group, var index, var function, var operands, var captured, var settings, var returning) -> {
        operation(Operation.SUBMIT_MAP);
        out.varint(first);
        key(group);
        out.zigzag(index);
        callee(function);
        list(operands, MessageWriter::operand);
        list(captured, MessageWriter::number);
        settings(settings);
        out.flag(returning);
      }
      case Message.Define(var function, var payload) -> {
        operation(Operation.DEFINE);
        out.zigzag(function);
        payload(payload);
      }
      case Message.Undefine(var functions) -> {
        operation(Operation.UNDEFINE);
        list(functions, (_, function) -> out.zigzag(function));
      }
      case Message.Scattered(var number, var key, var holders, var sizeBytes) -> {
        operation(Operation.SCATTERED);
        out.varint(number);
        key(key);
        list(holders, MessageWriter::workerId);
        out.zigzag(sizeBytes);
      }
      case Message.Drop(var tasks) -> {
        operation(Operation.DROP);
        list(tasks, (_, range) -> {
          out.varint(range.first());
          out.varint(range.count());
        });
      }
      case Message.Need(var tasks) -> {
        operation(Operation.NEED);
        list(tasks, MessageWriter::number);
      }
      case Message.SubmittedAt(var place, var tasks) -> {
        operation(Operation.SUBMITTED_AT);
        out.text(place);
        list(tasks, MessageWriter::number);
      }
      case Message.Withdraw(var tasks) -> {
        operation(Operation.WITHDRAW);
        list(tasks, MessageWriter::number);
      }
      case Message.Abort(var tasks) -> {
        operation(Operation.ABORT);
        list(tasks, MessageWriter::number);
      }
      case Message.WorkersNow(var workers) -> {
        operation(Operation.WORKERS_NOW);
        list(workers, MessageWriter::workerInfo);
      }
      case Message.Farewell() -> operation(Operation.FAREWELL);
      case Message.Trace(var context, var attempt) -> {
        operation(Operation.TRACE);
        out.text(context);
        out.zigzag(attempt);
      }
      case Message.LetGo(var handOvers) -> {
        operation(Operation.LET_GO);
        list(handOvers, MessageWriter::number);
      }
      case Message.Recall(var tasks) -> {
        operation(Operation.RECALL);
        list(tasks, MessageWriter::number);
      }
      case Message.Release(var keys) -> {
        operation(Operation.RELEASE);
        list(keys, MessageWriter::key);
      }
      case Message.Holding(var stored, var unfinished) -> {
        operation(Operation.HOLDING);
        list(stored, MessageWriter::entry);
        list(unfinished, MessageWriter::key);
      }
      case Message.Waits(var task, var waiting) -> {
        operation(Operation.WAITS);
        out.varint(task);
        out.flag(waiting);
      }
      case Message.Beat(var assignsSeen, var unfinished, var running, var values, var memoryBytes, var diskBytes, var vitals, var paused, var kept) -> {
        operation(Operation.BEAT);
        out.varint(assignsSeen);
        list(unfinished, MessageWriter::number);
        list(running, MessageWriter::number);
        out.zigzag(values);
        out.zigzag(memoryBytes);
        out.zigzag(diskBytes);
        out.zigzag(vitals.heapBytes());
        out.zigzag(vitals.heapBytesMax());
        out.zigzag(vitals.loadPercent());
        out.text(paused);
        list(kept, MessageWriter::key);
      }
      case Message.ValuesLost(var keys) -> {
        operation(Operation.VALUES_LOST);
        list(keys, MessageWriter::key);
      }
      case Message.ValuesMoved(var keys, var to, var last) -> {
        operation(Operation.VALUES_MOVED);
        list(keys, MessageWriter::key);
        workerId(to);
        out.flag(last);
      }
    }
  }

  // --- parts

  private <T> void list(Collection<T> items, Part<? super T> each) {
    var size = items.size();
    out.varint(size);
    if (items instanceof List<T> inOrder && items instanceof RandomAccess) {
      for (var i = 0; i < size; i++) {
        each.write(this, inOrder.get(i));
      }
    } else {
      for (var item : items) {
        each.write(this, item);
      }
    }
  }

  private <K, V> void map(Map<K, V> entries, Pair<? super K, ? super V> each) {
    out.varint(entries.size());
    for (var entry : entries.entrySet()) {
      each.write(this, entry.getKey(), entry.getValue());
    }
  }

  private <T> void optional(Optional<T> item, Part<? super T> some) {
    out.flag(item.isPresent());
    if (item.isPresent()) {
      some.write(this, item.get());
    }
  }

  private void text(String text) {
    out.text(text);
  }

  private void number(long number) {
    out.varint(number);
  }

  private void key(Key key) {
    out.key(key);
  }

  private void hash(ContentHash hash) {
    out.raw(hash.digest(), 0, ContentHash.BYTES);
  }

  private void codeBase(CodeBaseId id) {
    out.fixed64(id.high());
    out.fixed64(id.low());
  }

  private void address(Address address) {
    out.text(address.host());
    out.fixed16(address.port());
  }

  private void workerId(WorkerId id) {
    out.text(id.name());
    out.fixed64(id.incarnation());
  }

  private void workerInfo(WorkerInfo worker) {
    workerId(worker.id());
    address(worker.address());
    out.text(worker.host());
    out.zigzag(worker.pid());
    out.zigzag(worker.threads());
  }

  private void processLine(Message.ProcessLine line) {
    out.text(line.name());
    out.text(line.kind());
    list(line.scopes(), MessageWriter::text);
    out.text(line.activity());
    out.zigzag(line.sinceMicros());
    out.zigzag(line.received());
    out.zigzag(line.sent());
  }

  private void channelLine(Message.ChannelLine line) {
    out.text(line.name());
    out.zigzag(line.size());
    out.zigzag(line.capacity());
    out.zigzag(line.sent());
    out.zigzag(line.received());
    out.text(line.state());
  }

  private void turnLine(Message.TurnLine line) {
    out.text(line.name());
    out.text(line.holder());
    out.zigzag(line.sinceMicros());
    out.zigzag(line.waiting());
    out.zigzag(line.taken());
  }

  private void entry(Message.Entry entry) {
    key(entry.key());
    out.zigzag(entry.sizeBytes());
  }

  private void holdersOf(Key key, List<Holder> holders) {
    key(key);
    list(holders, MessageWriter::holder);
  }

  private void holder(Holder holder) {
    workerId(holder.worker());
    address(holder.address());
    out.text(holder.host());
    out.zigzag(holder.sizeBytes());
  }

  private void amounts(Map<String, Integer> amounts) {
    map(amounts, (_, name, amount) -> {
      out.text(name);
      out.zigzag(amount);
    });
  }

  private void workerStatus(Message.WorkerStatus status) {
    workerInfo(status.worker());
    out.text(status.state());
    out.zigzag(status.assigned());
    out.zigzag(status.running());
    out.zigzag(status.values());
    out.zigzag(status.storedBytes());
    out.zigzag(status.memoryBytes());
    out.zigzag(status.memoryBytesMax());
    out.zigzag(status.diskBytes());
    amounts(status.resources());
    out.zigzag(status.sinceBeatMillis());
  }

  private void seriesLine(Message.SeriesLine line) {
    out.text(line.name());
    counts(line.tasks());
    out.zigzag(line.done());
    out.zigzag(line.failed());
    out.zigzag(line.meanNanos());
  }

  private void counts(Map<String, Long> counts) {
    map(counts, (_, name, count) -> {
      out.text(name);
      out.zigzag(count);
    });
  }

  private void failureLine(Message.FailureLine line) {
    key(line.key());
    out.text(line.name());
    out.zigzag(line.atEpochMillis());
    out.text(line.type());
    out.text(line.message());
    out.text(line.where());
    out.text(line.submitted());
  }

  private void graphNode(Message.GraphNode node) {
    out.text(node.label());
    out.text(node.name());
    counts(node.tasks());
    out.zigzag(node.sizeBytes());
    out.text(node.worker());
  }

  private void graphEdge(Message.GraphEdge edge) {
    out.zigzag(edge.from());
    out.zigzag(edge.to());
    out.zigzag(edge.count());
  }

  private void valueGroup(Message.ValueGroup group) {
    out.text(group.name());
    out.text(group.worker());
    out.zigzag(group.values());
    out.zigzag(group.sizeBytes());
  }

  private void valueLine(Message.ValueLine line) {
    key(line.key());
    out.text(line.name());
    out.text(line.type());
    out.zigzag(line.sizeBytes());
    list(line.workers(), MessageWriter::text);
    out.zigzag(line.wanted());
    out.zigzag(line.neededBy());
  }

  private void taskDetail(Message.TaskDetail detail) {
    key(detail.key());
    out.text(detail.name());
    out.text(detail.state());
    out.text(detail.worker());
    out.text(detail.type());
    out.zigzag(detail.sizeBytes());
    list(detail.workers(), MessageWriter::text);
    out.zigzag(detail.wanted());
    list(detail.inputs(), MessageWriter::taskLink);
    out.zigzag(detail.inputsCount());
    list(detail.dependents(), MessageWriter::taskLink);
    out.zigzag(detail.dependentsCount());
    optional(detail.failure(), (to, failure) -> to.failure(failure, 0));
    optional(detail.attempt(), MessageWriter::attempt);
    out.text(detail.submitted());
  }

  private void taskLink(Message.TaskLink link) {
    key(link.key());
    out.text(link.state());
    out.zigzag(link.sizeBytes());
    list(link.workers(), MessageWriter::text);
  }

  private void callee(Callee callee) {
    switch (callee) {
      case Callee.Known(var function) -> {
        out.u8(0);
        out.zigzag(function);
      }
      case Callee.Carried(var payload) -> {
        out.u8(1);
        payload(payload);
      }
    }
  }

  private void operand(Operand operand) {
    switch (operand) {
      case Operand.OfTask(var task) -> {
        out.u8(0);
        out.varint(task);
      }
      case Operand.Inline(var payload) -> {
        out.u8(1);
        payload(payload);
      }
    }
  }

  /// Most tasks have those that go without saying, which takes one byte.
  private void settings(TaskSettings settings) {
    var given = !settings.equals(TaskSettings.DEFAULT);
    out.flag(given);
    if (given) {
      out.zigzag(settings.priority());
      out.zigzag(settings.retries());
      out.zigzag(settings.timeoutMillis());
      list(settings.workers(), MessageWriter::text);
      amounts(settings.resources());
      out.flag(settings.blocking());
      out.flag(settings.detached());
    }
  }

  private void taskEnd(Message.TaskEnd end) {
    switch (end) {
      case Message.TaskEnd.Ready(var type, var sizeBytes, var runNanos, var value) -> {
        out.u8(0);
        out.text(type);
        out.zigzag(sizeBytes);
        out.zigzag(runNanos);
        optional(value, MessageWriter::payload);
      }
      case Message.TaskEnd.Failed(var failure, var runNanos) -> {
        out.u8(1);
        failure(failure, 1);
        out.zigzag(runNanos);
      }
      case Message.TaskEnd.Lacking(var inputs, var reason) -> {
        out.u8(2);
        list(inputs, MessageWriter::key);
        out.text(reason);
      }
      case Message.TaskEnd.GivenBack(var reason, var begun) -> {
        out.u8(3);
        out.text(reason);
        out.flag(begun);
      }
      case Message.TaskEnd.Cancelled(var begun) -> {
        out.u8(4);
        out.flag(begun);
      }
    }
  }

  private void result(Message.Result result) {
    switch (result) {
      case Message.Result.Ready(var task, var type, var sizeBytes, var holders, var value) -> {
        out.u8(0);
        out.varint(task);
        out.text(type);
        out.zigzag(sizeBytes);
        list(holders, MessageWriter::holder);
        optional(value, MessageWriter::payload);
      }
      case Message.Result.Failed(var task, var origin, var attempt, var failure) -> {
        out.u8(1);
        out.varint(task);
        optional(origin, MessageWriter::key);
        optional(attempt, MessageWriter::attempt);
        failure(failure, 1);
      }
      case Message.Result.Cancelled(var task, var reason, var begun) -> {
        out.u8(2);
        out.varint(task);
        out.text(reason);
        out.u8(Codes.of(begun));
      }
      case Message.Result.Lost(var task, var reason) -> {
        out.u8(3);
        out.varint(task);
        out.text(reason);
      }
    }
  }

  private void attempt(Attempt attempt) {
    key(attempt.key());
    out.text(attempt.worker());
    out.text(attempt.host());
    out.zigzag(attempt.pid());
    out.zigzag(attempt.number());
    out.zigzag(attempt.most());
    out.zigzag(attempt.runNanos());
  }

  private void argument(Argument argument) {
    switch (argument) {
      case Argument.Stored(var key) -> {
        out.u8(0);
        key(key);
      }
      case Argument.Inline(var payload) -> {
        out.u8(1);
        payload(payload);
      }
    }
  }

  private void activity(Message.Activity activity) {
    switch (activity) {
      case Message.Activity.Ran(var key, var slot, var start, var end, var succeeded) -> {
        out.u8(0);
        key(key);
        out.zigzag(slot);
        out.zigzag(start);
        out.zigzag(end);
        out.flag(succeeded);
      }
      case Message.Activity.Fetched(var from, var first, var count, var size, var start, var end) -> {
        out.u8(1);
        out.text(from);
        key(first);
        out.zigzag(count);
        out.zigzag(size);
        out.zigzag(start);
        out.zigzag(end);
      }
      case Message.Activity.Spilled(var first, var count, var size, var start, var end) -> {
        out.u8(2);
        key(first);
        out.zigzag(count);
        out.zigzag(size);
        out.zigzag(start);
        out.zigzag(end);
      }
    }
  }

  private void datum(Message.Datum datum) {
    switch (datum) {
      case Message.Datum.Found(var payload) -> {
        out.u8(0);
        payload(payload);
      }
      case Message.Datum.Missing() -> out.u8(1);
      case Message.Datum.Unsendable(var failure) -> {
        out.u8(2);
        failure(failure, 1);
      }
      case Message.Datum.Later() -> out.u8(3);
      case Message.Datum.Placed(var rest, var handOver, var segment, var places) -> {
        out.u8(4);
        payload(rest);
        out.varint(handOver);
        out.varint(segment);
        list(places, (_, place) -> {
          out.varint(place.buffer());
          out.varint(place.offset());
          out.varint(place.sizeBytes());
        });
      }
    }
  }

  private void change(Message.Change change) {
    switch (change) {
      case Message.Change.Registered(var worker, var key, var sizeBytes) -> {
        out.u8(0);
        workerId(worker);
        key(key);
        out.zigzag(sizeBytes);
      }
      case Message.Change.Unregistered(var worker, var key) -> {
        out.u8(1);
        workerId(worker);
        key(key);
      }
      case Message.Change.Joined(var worker) -> {
        out.u8(2);
        workerInfo(worker);
      }
      case Message.Change.Left(var worker) -> {
        out.u8(3);
        workerId(worker);
      }
    }
  }

  private void failure(Failure failure, int depth) {
    if (depth > Failure.DEPTH_MAX) {
      throw new UnsendableException("a failure has causes and suppressed failures more than "
          + Failure.DEPTH_MAX + " deep: " + failure);
    }
    if (failure.frames().size() > Failure.FRAMES_MAX) {
      throw new UnsendableException("a failure has " + failure.frames().size()
          + " frames; at most " + Failure.FRAMES_MAX + " are allowed: " + failure);
    }
    out.text(failure.type());
    out.text(failure.message());
    list(failure.frames(), (_, frame) -> {
      out.text(frame.className());
      out.text(frame.methodName());
      optional(frame.fileName(), MessageWriter::text);
      out.zigzag(frame.line());
    });
    out.varint(failure.framesOmitted());
    optional(failure.cause(), (_, cause) -> failure(cause, depth + 1));
    list(failure.suppressed(), (_, suppressed) -> failure(suppressed, depth + 1));
    optional(failure.original(), MessageWriter::payload);
  }

  private void payload(Payload payload) {
    out.varint(payload.codec());
    list(payload.codeBases(), MessageWriter::codeBase);
    header(payload.header());
    list(payload.buffers(), MessageWriter::buffer);
  }

  /// As [#buffer], for what is small nearly always.
  private void header(byte[] bytes) {
    if (isInline(bytes.length)) {
      inlineBytesLeft -= bytes.length;
      out.u8(BYTES);
      out.varint(bytes.length);
      out.raw(bytes, 0, bytes.length);
    } else {
      buffer(Bulk.of(bytes));
    }
  }

  private boolean isInline(long size) {
    return size < Protocol.INLINE_BUFFER_BYTES_MAX && size <= inlineBytesLeft;
  }

  private void buffer(Bulk bulk) {
    var size = bulk.sizeBytes();
    var kind = Bulks.codeOf(bulk.kind());
    Bulks.checkAlive(bulk);
    if (isInline(size)) {
      inlineBytesLeft -= (int) size;
      out.u8(kind);
      out.varint(size);
      var at = out.skip((int) size);
      Bulks.copyOut(Bulks.toWire(bulk), out.bytes(), at);
    } else {
      Bulks.checkShared(bulk);
      out.u8(kind | MessageReader.CHUNKED);
      out.varint(size);
      chunked.add(bulk);
    }
  }
}
