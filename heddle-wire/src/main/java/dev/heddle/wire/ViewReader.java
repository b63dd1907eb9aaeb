package dev.heddle.wire;

/// The parts of messages that say how things are, for those who look on. The mirror of [ViewWriter].
final class ViewReader {
  private ViewReader() {}

  static Message.ProcessLine processLine(PartReader from) throws ProtocolException {
    var in = from.in();
    return new Message.ProcessLine(in.text(), in.text(), from.list("scopes", 1, PartReader::text),
        in.text(), in.zigzag(), in.zigzag(), in.zigzag());
  }

  static Message.ChannelLine channelLine(PartReader from) throws ProtocolException {
    var in = from.in();
    return new Message.ChannelLine(in.text(), in.zigzagInt("a size"), in.zigzagInt("a capacity"),
        in.zigzag(), in.zigzag(), in.text());
  }

  static Message.TurnLine turnLine(PartReader from) throws ProtocolException {
    var in = from.in();
    return new Message.TurnLine(in.text(), in.text(), in.zigzag(),
        in.zigzagInt("a number of those who wait"), in.zigzag());
  }

  static Message.WorkerStatus workerStatus(PartReader from) throws ProtocolException {
    var in = from.in();
    return new Message.WorkerStatus(from.workerInfo(), in.text(), in.zigzagInt("a count"),
        in.zigzagInt("a count"), in.zigzag(), in.zigzag(), in.zigzag(), in.zigzag(),
        in.zigzag(), from.amounts(), in.zigzag());
  }

  static Message.SeriesLine seriesLine(PartReader from) throws ProtocolException {
    var in = from.in();
    return new Message.SeriesLine(in.text(), from.counts(), in.zigzag(), in.zigzag(), in.zigzag());
  }

  static Message.FailureLine failureLine(PartReader from) throws ProtocolException {
    var in = from.in();
    return new Message.FailureLine(from.key(), in.text(), in.zigzag(), in.text(), in.text(),
        in.text(),
        in.text());
  }

  static Message.GraphNode graphNode(PartReader from) throws ProtocolException {
    var in = from.in();
    return new Message.GraphNode(in.text(), in.text(), from.counts(), in.zigzag(), in.text());
  }

  static Message.GraphEdge graphEdge(PartReader from) throws ProtocolException {
    var in = from.in();
    return new Message.GraphEdge(in.zigzagInt("a place"), in.zigzagInt("a place"),
        in.zigzag());
  }

  static Message.ValueGroup valueGroup(PartReader from) throws ProtocolException {
    var in = from.in();
    return new Message.ValueGroup(in.text(), in.text(), in.zigzag(), in.zigzag());
  }

  static Message.ValueLine valueLine(PartReader from) throws ProtocolException {
    var in = from.in();
    return new Message.ValueLine(from.key(), in.text(), in.text(), in.zigzag(), from.texts(),
        in.zigzagInt("a count"), in.zigzagInt("a count"));
  }

  static Message.TaskDetail taskDetail(PartReader from) throws ProtocolException {
    var in = from.in();
    return new Message.TaskDetail(from.key(), in.text(), in.text(), in.text(), in.text(),
        in.zigzag(),
        from.texts(), in.zigzagInt("a count"), from.list("inputs", 5, ViewReader::taskLink),
        in.zigzagInt("a count"), from.list("dependents", 5, ViewReader::taskLink),
        in.zigzagInt("a count"), from.optional(each -> each.failure(0)),
        from.optional(PartReader::attempt), in.text());
  }

  static Message.TaskLink taskLink(PartReader from) throws ProtocolException {
    var in = from.in();
    return new Message.TaskLink(from.key(), in.text(), in.zigzag(), from.texts());
  }

  static Message.Activity activity(PartReader from) throws ProtocolException {
    var in = from.in();
    var tag = in.u8();
    return switch (tag) {
      case 0 ->
        new Message.Activity.Ran(from.key(), in.zigzagInt("a slot"), in.zigzag(), in.zigzag(),
            in.flag());
      case 1 -> new Message.Activity.Fetched(in.text(), from.key(), in.zigzagInt("a count"),
          in.zigzag(), in.zigzag(), in.zigzag());
      case 2 -> new Message.Activity.Spilled(from.key(), in.zigzagInt("a count"), in.zigzag(),
          in.zigzag(), in.zigzag());
      default -> throw in.malformed("an activity of the unknown kind " + tag);
    };
  }
}
