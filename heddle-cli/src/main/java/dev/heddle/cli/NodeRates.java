package dev.heddle.cli;

import dev.heddle.wire.Address;
import dev.heddle.wire.Message.ChannelLine;
import dev.heddle.wire.Message.NodeProcesses;
import dev.heddle.wire.Message.ProcessLine;
import dev.heddle.wire.Message.TurnLine;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// Two looks at the processes of one node: how it is, and how fast it goes.
///
/// @param before the earlier look
/// @param now the later one
record NodeRates(NodeProcesses before, NodeProcesses now) {

  /// Messages a second that the process took in.
  double received(ProcessLine process) {
    return rate(process, NodeProcesses::processes, ProcessLine::name, ProcessLine::received);
  }

  /// Messages a second that the process gave out.
  double sent(ProcessLine process) {
    return rate(process, NodeProcesses::processes, ProcessLine::name, ProcessLine::sent);
  }

  /// Items a second that went through the channel.
  double through(ChannelLine channel) {
    return rate(channel, NodeProcesses::channels, ChannelLine::name, ChannelLine::sent);
  }

  /// How often a second the turn was taken.
  double taken(TurnLine turn) {
    return rate(turn, NodeProcesses::turns, TurnLine::name, TurnLine::taken);
  }

  private <T> double rate(T line, Function<NodeProcesses, List<T>> lines,
      Function<T, String> name, ToLongFunction<T> count) {
    var counts = new HashMap<String, Long>();
    lines.apply(before).forEach(
        each -> counts.putIfAbsent(name.apply(each), count.applyAsLong(each)));
    var micros = Math.max(1, now.readMicros() - before.readMicros());
    var moved = count.applyAsLong(line) - counts.getOrDefault(name.apply(line), 0L);
    return Math.max(0, moved) * 1e6 / micros;
  }

  /// The name without the node's: it is shown under the node.
  String shortName(String name) {
    var node = now.node();
    if (name.startsWith(node + "/")) {
      return name.substring(node.length() + 1);
    }
    return name.endsWith(" " + node) ? name.substring(0, name.length() - node.length() - 1) : name;
  }

  /// All of it, for programs.
  Map<String, Object> facts(Address address) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("node", now.node());
    facts.put("role", now.role());
    facts.put("address", address.toString());
    facts.put("pid", now.pid());
    facts.put("processes", now.processes().stream().map(this::facts).toList());
    facts.put("channels", now.channels().stream().map(this::facts).toList());
    facts.put("turns", now.turns().stream().map(this::facts).toList());
    facts.put("cycles", now.cycles().stream().map(cycle -> cycle.lines().toList()).toList());
    facts.put("omitted", now.omitted());
    return facts;
  }

  private Map<String, Object> facts(ProcessLine process) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("name", process.name());
    facts.put("scopes", process.scopes());
    facts.put("thread", process.kind());
    facts.put("activity", process.activity());
    facts.put("sinceMicros", process.sinceMicros());
    facts.put("received", process.received());
    facts.put("receivedPerSecond", received(process));
    facts.put("sent", process.sent());
    facts.put("sentPerSecond", sent(process));
    return facts;
  }

  private Map<String, Object> facts(ChannelLine channel) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("name", channel.name());
    facts.put("size", channel.size());
    facts.put("capacity", channel.capacity());
    facts.put("state", channel.state());
    facts.put("sent", channel.sent());
    facts.put("received", channel.received());
    facts.put("sentPerSecond", through(channel));
    return facts;
  }

  private Map<String, Object> facts(TurnLine turn) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("name", turn.name());
    facts.put("holder", turn.holder());
    facts.put("sinceMicros", turn.sinceMicros());
    facts.put("waiting", turn.waiting());
    facts.put("taken", turn.taken());
    facts.put("takenPerSecond", taken(turn));
    return facts;
  }
}
