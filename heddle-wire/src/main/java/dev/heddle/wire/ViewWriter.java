package dev.heddle.wire;

/// The parts of messages that say how things are, for those who look on. Its mirror is [ViewReader].
final class ViewWriter {
  private ViewWriter() {}

  static void processLine(PartWriter to, Message.ProcessLine line) {
    var out = to.out();
    out.text(line.name());
    out.text(line.kind());
    to.list(line.scopes(), PartWriter::text);
    out.text(line.activity());
    out.zigzag(line.sinceMicros());
    out.zigzag(line.received());
    out.zigzag(line.sent());
  }

  static void channelLine(PartWriter to, Message.ChannelLine line) {
    var out = to.out();
    out.text(line.name());
    out.zigzag(line.size());
    out.zigzag(line.capacity());
    out.zigzag(line.sent());
    out.zigzag(line.received());
    out.text(line.state());
  }

  static void turnLine(PartWriter to, Message.TurnLine line) {
    var out = to.out();
    out.text(line.name());
    out.text(line.holder());
    out.zigzag(line.sinceMicros());
    out.zigzag(line.waiting());
    out.zigzag(line.taken());
  }

  static void workerStatus(PartWriter to, Message.WorkerStatus status) {
    var out = to.out();
    to.workerInfo(status.worker());
    out.text(status.state());
    out.zigzag(status.assigned());
    out.zigzag(status.running());
    out.zigzag(status.values());
    out.zigzag(status.storedBytes());
    out.zigzag(status.memoryBytes());
    out.zigzag(status.memoryBytesMax());
    out.zigzag(status.diskBytes());
    to.amounts(status.resources());
    out.zigzag(status.sinceBeatMillis());
  }

  static void seriesLine(PartWriter to, Message.SeriesLine line) {
    var out = to.out();
    out.text(line.name());
    to.counts(line.tasks());
    out.zigzag(line.done());
    out.zigzag(line.failed());
    out.zigzag(line.meanNanos());
  }

  static void failureLine(PartWriter to, Message.FailureLine line) {
    var out = to.out();
    to.key(line.key());
    out.text(line.name());
    out.zigzag(line.atEpochMillis());
    out.text(line.type());
    out.text(line.message());
    out.text(line.where());
    out.text(line.submitted());
  }

  static void graphNode(PartWriter to, Message.GraphNode node) {
    var out = to.out();
    out.text(node.label());
    out.text(node.name());
    to.counts(node.tasks());
    out.zigzag(node.sizeBytes());
    out.text(node.worker());
  }

  static void graphEdge(PartWriter to, Message.GraphEdge edge) {
    var out = to.out();
    out.zigzag(edge.from());
    out.zigzag(edge.to());
    out.zigzag(edge.count());
  }

  static void valueGroup(PartWriter to, Message.ValueGroup group) {
    var out = to.out();
    out.text(group.name());
    out.text(group.worker());
    out.zigzag(group.values());
    out.zigzag(group.sizeBytes());
  }

  static void valueLine(PartWriter to, Message.ValueLine line) {
    var out = to.out();
    to.key(line.key());
    out.text(line.name());
    out.text(line.type());
    out.zigzag(line.sizeBytes());
    to.list(line.workers(), PartWriter::text);
    out.zigzag(line.wanted());
    out.zigzag(line.neededBy());
  }

  static void taskDetail(PartWriter to, Message.TaskDetail detail) {
    var out = to.out();
    to.key(detail.key());
    out.text(detail.name());
    out.text(detail.state());
    out.text(detail.worker());
    out.text(detail.type());
    out.zigzag(detail.sizeBytes());
    to.list(detail.workers(), PartWriter::text);
    out.zigzag(detail.wanted());
    to.list(detail.inputs(), ViewWriter::taskLink);
    out.zigzag(detail.inputsCount());
    to.list(detail.dependents(), ViewWriter::taskLink);
    out.zigzag(detail.dependentsCount());
    to.optional(detail.failure(), (part, failure) -> part.failure(failure, 0));
    to.optional(detail.attempt(), PartWriter::attempt);
    out.text(detail.submitted());
  }

  static void taskLink(PartWriter to, Message.TaskLink link) {
    var out = to.out();
    to.key(link.key());
    out.text(link.state());
    out.zigzag(link.sizeBytes());
    to.list(link.workers(), PartWriter::text);
  }

  static void activity(PartWriter to, Message.Activity activity) {
    var out = to.out();
    switch (activity) {
      case Message.Activity.Ran(var key, var slot, var start, var end, var succeeded) -> {
        out.u8(0);
        to.key(key);
        out.zigzag(slot);
        out.zigzag(start);
        out.zigzag(end);
        out.flag(succeeded);
      }
      case Message.Activity.Fetched(var from, var first, var count, var size, var start, var end) -> {
        out.u8(1);
        out.text(from);
        to.key(first);
        out.zigzag(count);
        out.zigzag(size);
        out.zigzag(start);
        out.zigzag(end);
      }
      case Message.Activity.Spilled(var first, var count, var size, var start, var end) -> {
        out.u8(2);
        to.key(first);
        out.zigzag(count);
        out.zigzag(size);
        out.zigzag(start);
        out.zigzag(end);
      }
    }
  }
}
