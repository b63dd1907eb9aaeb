package dev.heddle.wire;

/// Puts responses into frames. Its mirror is [MessageReader#response()].
final class ResponseWriter {
  private ResponseWriter() {}

  static void write(Message.Response response, PartWriter to) {
    var out = to.out();
    switch (response) {
      case Message.Finished(var key, var type, var sizeBytes, var runNanos) -> {
        to.operation(Operation.FINISHED);
        to.key(key);
        out.text(type);
        out.zigzag(sizeBytes);
        out.zigzag(runNanos);
      }
      case Message.Done() -> to.operation(Operation.DONE);
      case Message.Data(var values) -> {
        to.operation(Operation.DATA);
        to.map(values, (_, key, datum) -> {
          to.key(key);
          to.datum(datum);
        });
      }
      case Message.Stored(var sizesBytes, var refused) -> {
        to.operation(Operation.STORED);
        to.map(sizesBytes, (_, key, size) -> {
          to.key(key);
          out.zigzag(size);
        });
        to.map(refused, (_, key, reason) -> {
          to.key(key);
          out.text(reason);
        });
      }
      case Message.Failed(var key, var failure) -> {
        to.operation(Operation.FAILED);
        to.key(key);
        to.failure(failure, 1);
      }
      case Message.Cancelled(var key) -> {
        to.operation(Operation.CANCELLED);
        to.key(key);
      }
      case Message.Refused(var reason, var text) -> {
        to.operation(Operation.REFUSED);
        out.u8(Codes.of(reason));
        out.text(text);
      }
      case Message.Pong(var token) -> {
        to.operation(Operation.PONG);
        out.fixed64(token);
      }
      case Message.NodeInfo(var role, var name, var address, var host, var pid, var started, var facts) -> {
        to.operation(Operation.NODE_INFO);
        out.text(role);
        out.text(name);
        to.address(address);
        out.text(host);
        out.zigzag(pid);
        out.zigzag(started);
        to.map(facts, (_, fact, value) -> {
          out.text(fact);
          out.text(value);
        });
      }
      case Message.NodeProcesses(var node, var role, var pid, var readMicros, var processes, var channels, var turns, var cycles, var omitted) -> {
        to.operation(Operation.NODE_PROCESSES);
        out.text(node);
        out.text(role);
        out.zigzag(pid);
        out.zigzag(readMicros);
        to.list(processes, ViewWriter::processLine);
        to.list(channels, ViewWriter::channelLine);
        to.list(turns, ViewWriter::turnLine);
        to.list(cycles, PartWriter::text);
        out.zigzag(omitted);
      }
      case Message.Dump(var files) -> {
        to.operation(Operation.DUMP);
        to.map(files, (_, name, text) -> {
          out.text(name);
          out.text(text);
        });
      }
      case Message.Recorded(var sizeBytes) -> {
        to.operation(Operation.RECORDED);
        out.zigzag(sizeBytes);
      }
      case Message.RecordingPart(var bytes) -> {
        to.operation(Operation.RECORDING_PART);
        to.buffer(Bulk.of(bytes));
      }
      case Message.Holders(var holders) -> {
        to.operation(Operation.HOLDERS);
        to.map(holders, PartWriter::holdersOf);
      }
      case Message.Inventory(var entries, var more) -> {
        to.operation(Operation.INVENTORY);
        to.list(entries, PartWriter::entry);
        out.flag(more);
      }
      case Message.Workers(var workers) -> {
        to.operation(Operation.WORKERS);
        to.list(workers, PartWriter::workerInfo);
      }
      case Message.Activities(var activities, var last, var lost, var more) -> {
        to.operation(Operation.ACTIVITIES);
        to.list(activities, ViewWriter::activity);
        out.zigzag(last);
        out.flag(lost);
        out.flag(more);
      }
      case Message.Attached(var slots, var resources, var memoryBytesMax) -> {
        to.operation(Operation.ATTACHED);
        out.zigzag(slots);
        to.amounts(resources);
        out.zigzag(memoryBytesMax);
      }
      case Message.Welcome(var namespace, var incarnation) -> {
        to.operation(Operation.WELCOME);
        out.text(namespace);
        out.fixed64(incarnation);
      }
      case Message.Adopted(var key) -> {
        to.operation(Operation.ADOPTED);
        to.key(key);
      }
      case Message.Definition(var key, var function, var arguments, var inputs) -> {
        to.operation(Operation.DEFINITION);
        to.key(key);
        to.payload(function);
        to.list(arguments, PartWriter::argument);
        to.list(inputs, PartWriter::key);
      }
      case Message.Names(var names) -> {
        to.operation(Operation.NAMES);
        to.list(names, PartWriter::text);
      }
      case Message.Text(var text, var known) -> {
        to.operation(Operation.TEXT);
        out.text(text);
        out.flag(known);
      }
      case Message.Status(var scheduler, var namespace, var started, var workers, var tasks, var clients) -> {
        to.operation(Operation.STATUS);
        out.text(scheduler);
        out.text(namespace);
        out.zigzag(started);
        to.list(workers, ViewWriter::workerStatus);
        to.map(tasks, (_, state, count) -> {
          out.text(state);
          out.zigzag(count);
        });
        to.list(clients, PartWriter::text);
      }
      case Message.Series(var at, var moves, var lines, var omitted, var failures, var reruns, var died) -> {
        to.operation(Operation.SERIES);
        out.zigzag(at);
        out.zigzag(moves);
        to.list(lines, ViewWriter::seriesLine);
        out.zigzag(omitted);
        to.list(failures, ViewWriter::failureLine);
        to.counts(reruns);
        out.zigzag(died);
      }
      case Message.Graph(var tasks, var folded, var omitted, var nodes, var edges) -> {
        to.operation(Operation.GRAPH);
        out.zigzag(tasks);
        out.flag(folded);
        out.zigzag(omitted);
        to.list(nodes, ViewWriter::graphNode);
        to.list(edges, ViewWriter::graphEdge);
      }
      case Message.Values(var count, var size, var groups, var omitted, var largest) -> {
        to.operation(Operation.VALUES);
        out.zigzag(count);
        out.zigzag(size);
        to.list(groups, ViewWriter::valueGroup);
        out.zigzag(omitted);
        to.list(largest, ViewWriter::valueLine);
      }
      case Message.TaskDetail detail -> {
        to.operation(Operation.TASK);
        ViewWriter.taskDetail(to, detail);
      }
      case Message.Content(var hashes) -> {
        to.operation(Operation.CONTENT);
        to.map(hashes, (_, name, hash) -> {
          out.text(name);
          to.hash(hash);
        });
      }
      case Message.Blobs(var blobs) -> {
        to.operation(Operation.BLOBS);
        to.list(blobs, (_, blob) -> to.optional(blob, (_, bytes) -> to.buffer(Bulk.of(bytes))));
      }
    }
  }
}
