package dev.heddle.wire;

/// Puts requests into frames. Its mirror is [MessageReader#request()].
final class RequestWriter {
  private RequestWriter() {}

  static void write(Message.Request request, PartWriter to) {
    var out = to.out();
    switch (request) {
      case Message.Compute(var key, var function, var arguments, var holders, var blocking) -> {
        to.operation(Operation.COMPUTE);
        to.key(key);
        to.payload(function);
        to.list(arguments, PartWriter::argument);
        to.map(holders, PartWriter::holdersOf);
        out.flag(blocking);
      }
      case Message.GetData(var keys, var bytesMax, var token) -> {
        to.operation(Operation.GET_DATA);
        to.list(keys, PartWriter::key);
        out.zigzag(bytesMax);
        to.optional(token, PartWriter::hash);
      }
      case Message.PutData(var values, var ifRoom) -> {
        to.operation(Operation.PUT_DATA);
        to.map(values, (_, key, value) -> {
          to.key(key);
          to.payload(value);
        });
        out.flag(ifRoom);
      }
      case Message.DeleteData(var keys) -> {
        to.operation(Operation.DELETE_DATA);
        to.list(keys, PartWriter::key);
      }
      case Message.Cancel(var keys) -> {
        to.operation(Operation.CANCEL);
        to.list(keys, PartWriter::key);
      }
      case Message.AskActivities(var after, var limit) -> {
        to.operation(Operation.ASK_ACTIVITIES);
        out.zigzag(after);
        out.zigzag(limit);
      }
      case Message.Ping(var token) -> {
        to.operation(Operation.PING);
        out.fixed64(token);
      }
      case Message.AskInfo() -> to.operation(Operation.ASK_INFO);
      case Message.AskProcesses() -> to.operation(Operation.ASK_PROCESSES);
      case Message.AskDump() -> to.operation(Operation.ASK_DUMP);
      case Message.MakeRecording(var seconds) -> {
        to.operation(Operation.MAKE_RECORDING);
        out.zigzag(seconds);
      }
      case Message.AskRecording(var offset) -> {
        to.operation(Operation.ASK_RECORDING);
        out.zigzag(offset);
      }
      case Message.Join(var worker, var leaseMillis) -> {
        to.operation(Operation.JOIN);
        to.workerInfo(worker);
        out.zigzag(leaseMillis);
      }
      case Message.Renew(var worker) -> {
        to.operation(Operation.RENEW);
        to.workerId(worker);
      }
      case Message.Leave(var worker) -> {
        to.operation(Operation.LEAVE);
        to.workerId(worker);
      }
      case Message.Register(var worker, var entries) -> {
        to.operation(Operation.REGISTER);
        to.workerId(worker);
        to.list(entries, PartWriter::entry);
      }
      case Message.Unregister(var worker, var keys) -> {
        to.operation(Operation.UNREGISTER);
        to.workerId(worker);
        to.list(keys, PartWriter::key);
      }
      case Message.WhoHas(var keys) -> {
        to.operation(Operation.WHO_HAS);
        to.list(keys, PartWriter::key);
      }
      case Message.HasWhat(var worker, var after, var limit) -> {
        to.operation(Operation.HAS_WHAT);
        out.text(worker);
        to.optional(after, PartWriter::key);
        out.zigzag(limit);
      }
      case Message.AskWorkers() -> to.operation(Operation.ASK_WORKERS);
      case Message.Watch(var watch, var prefix) -> {
        to.operation(Operation.WATCH);
        out.fixed64(watch);
        out.text(prefix);
      }
      case Message.Unwatch(var watch) -> {
        to.operation(Operation.UNWATCH);
        out.fixed64(watch);
      }
      case Message.AskContent(var codeBase, var names) -> {
        to.operation(Operation.ASK_CONTENT);
        to.codeBase(codeBase);
        to.list(names, PartWriter::text);
      }
      case Message.AskBlobs(var hashes) -> {
        to.operation(Operation.ASK_BLOBS);
        to.list(hashes, PartWriter::hash);
      }
      case Message.Attach(var namespace, var keepsWhoHas) -> {
        to.operation(Operation.ATTACH);
        out.text(namespace);
        out.flag(keepsWhoHas);
      }
      case Message.Greet(var client, var name, var returning, var workersKnown, var recordsFailures) -> {
        to.operation(Operation.GREET);
        out.text(client.tag());
        out.text(name);
        out.flag(returning);
        to.list(workersKnown, PartWriter::workerId);
        out.flag(recordsFailures);
      }
      case Message.Publish(var name, var task) -> {
        to.operation(Operation.PUBLISH);
        out.text(name);
        out.varint(task);
      }
      case Message.Unpublish(var name) -> {
        to.operation(Operation.UNPUBLISH);
        out.text(name);
      }
      case Message.Adopt(var name, var task) -> {
        to.operation(Operation.ADOPT);
        out.text(name);
        out.varint(task);
      }
      case Message.AskDefinition(var key) -> {
        to.operation(Operation.ASK_DEFINITION);
        to.key(key);
      }
      case Message.AskPublished() -> to.operation(Operation.ASK_PUBLISHED);
      case Message.Explain(var key) -> {
        to.operation(Operation.EXPLAIN);
        to.key(key);
      }
      case Message.AskStory(var key) -> {
        to.operation(Operation.ASK_STORY);
        to.key(key);
      }
      case Message.AskOutput(var key) -> {
        to.operation(Operation.ASK_OUTPUT);
        to.key(key);
      }
      case Message.AskStatus() -> to.operation(Operation.ASK_STATUS);
      case Message.AskSeries() -> to.operation(Operation.ASK_SERIES);
      case Message.AskGraph(var name, var limit) -> {
        to.operation(Operation.ASK_GRAPH);
        out.text(name);
        out.zigzag(limit);
      }
      case Message.AskValues(var limit) -> {
        to.operation(Operation.ASK_VALUES);
        out.zigzag(limit);
      }
      case Message.AskTask(var key) -> {
        to.operation(Operation.ASK_TASK);
        to.key(key);
      }
      case Message.Retire(var worker) -> {
        to.operation(Operation.RETIRE);
        out.text(worker);
      }
      case Message.ReportDeath(var worker, var pid, var cause) -> {
        to.operation(Operation.REPORT_DEATH);
        out.text(worker);
        out.zigzag(pid);
        out.text(cause);
      }
      case Message.Unknown(var operation) -> throw new UnsendableException(
          "a request of the unknown operation " + operation + " cannot be sent");
    }
  }
}
