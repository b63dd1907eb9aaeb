package dev.heddle.metrics;

import dev.heddle.wire.Message.ChannelLine;
import dev.heddle.wire.Message.NodeProcesses;
import dev.heddle.wire.Message.ProcessLine;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Draws up all that there is to scrape of a node.
final class NodeMetrics {
  /// What the turn at a state machine is called, with the node's name after it.
  static final String TURN = "control ";
  /// So many kinds of processes, and of channels, are told apart; there are about 20 of each.
  static final int KINDS_MAX = 50;
  private static final String OTHER = "other";
  private static final Pattern NUMBERED = Pattern.compile("-\\d+$");

  private final Watched node;

  NodeMetrics(Watched node) {
    this.node = node;
  }

  Sheet scrape() throws InterruptedException {
    var sheet = new Sheet();
    sheet.info(Measure.NODE, node.name(), node.role(), Runtime.version().toString());
    sheet.flag(Measure.TURN_AVAILABLE, node.tell(sheet));
    inside(sheet, node.processes());
    node.connections().forEach((peer, count) -> sheet.gauge(Measure.CONNECTIONS, count, peer));
    JvmMetrics.tell(sheet);
    return sheet;
  }

  private static void inside(Sheet sheet, NodeProcesses inside) {
    for (var turn : inside.turns()) {
      if (turn.name().equals(TURN + inside.node())) {
        sheet.gauge(Measure.TURN_HELD, turn.holder().isEmpty() ? 0.0 : turn.sinceMicros() / 1e6);
        sheet.gauge(Measure.TURN_WAITING, turn.waiting());
        sheet.counter(Measure.TURN_TAKEN, turn.taken());
      }
    }
    var running = new TreeMap<String, Long>();
    var waiting = new TreeMap<String, Long>();
    for (var process : inside.processes()) {
      var kind = bounded(running, kindOf(process));
      var runs = process.activity().equals("running");
      running.merge(kind, runs ? 1L : 0, Long::sum);
      waiting.merge(kind, runs ? 0L : 1, Long::sum);
    }
    running.forEach((kind, count) -> sheet.gauge(Measure.PROCESSES, count, kind, "running"));
    waiting.forEach((kind, count) -> sheet.gauge(Measure.PROCESSES, count, kind, "waiting"));
    var items = new TreeMap<String, Long>();
    var capacity = new TreeMap<String, Long>();
    for (var channel : inside.channels()) {
      var kind = bounded(items, kindOf(channel));
      items.merge(kind, (long) channel.size(), Long::sum);
      capacity.merge(kind, (long) channel.capacity(), Long::sum);
    }
    items.forEach((kind, count) -> sheet.gauge(Measure.CHANNEL_ITEMS, count, kind));
    capacity.forEach((kind, count) -> sheet.gauge(Measure.CHANNEL_CAPACITY, count, kind));
    sheet.gauge(Measure.PROCESS_CYCLES, inside.cycles().size());
  }

  private static String bounded(Map<String, Long> known, String kind) {
    return known.containsKey(kind) || known.size() < KINDS_MAX ? kind : OTHER;
  }

  /// `slot` for `worker-1/slot-2`, `accept` for `worker-1/accept 127.0.0.1:4711`.
  private static String kindOf(ProcessLine process) {
    var name = process.name();
    var role = name.substring(name.indexOf('/') + 1).split(" ", 2)[0];
    return role.isEmpty() ? OTHER : NUMBERED.matcher(role).replaceFirst("");
  }

  /// `executions` for `executions worker-1`.
  private static String kindOf(ChannelLine channel) {
    var first = channel.name().split(" ", 2)[0];
    return first.isEmpty() ? OTHER : first;
  }
}
