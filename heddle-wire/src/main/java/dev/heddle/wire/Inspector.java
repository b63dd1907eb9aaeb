package dev.heddle.wire;

import dev.heddle.process.Body;
import dev.heddle.process.ChannelInfo;
import dev.heddle.process.ProcessInfo;
import dev.heddle.process.Processes;
import dev.heddle.process.ScopeInfo;
import dev.heddle.process.TurnInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/// Answers for a node what others ask about its inside. On the link process of whoever asks, and without
/// anything that the node does otherwise: so it answers also when the node is stuck.
final class Inspector {
  /// How many processes, and how many channels, one answer names.
  static final int LINES_MAX = 2_000;
  /// The nodes of this JVM. What belongs to one of them by its name is shown with that one only.
  private static final Set<String> NODES = ConcurrentHashMap.newKeySet();

  private final EndpointConfig config;
  private final Dumping dumping;
  private final Consumer<Body> starter;
  private final Recordings recordings = new Recordings();
  private final AtomicBoolean dumps = new AtomicBoolean();
  private final AtomicBoolean records = new AtomicBoolean();

  /// @param starter starts a process, or nothing if the node is closing
  Inspector(EndpointConfig config, ConnectionHandler handler, Consumer<Body> starter) {
    this.config = config;
    this.dumping = new Dumping(config, handler);
    this.starter = starter;
  }

  /// From now on this is a node that others can ask.
  void listens() {
    NODES.add(config.name());
  }

  void close() {
    NODES.remove(config.name());
    recordings.close();
  }

  void answer(Connection to, long correlation, Message.Inspection asked) {
    switch (asked) {
      case Message.AskProcesses() -> to.reply(correlation, processes());
      case Message.AskDump() -> {
        if (dumps.compareAndSet(false, true)) {
          starter.accept(() -> dump(to, correlation));
        } else {
          to.reply(correlation, new Message.Refused(Message.Reason.BUSY,
              config.name() + " is dumping for somebody else; ask again in a moment"));
        }
      }
      case Message.MakeRecording(var seconds) -> {
        if (records.compareAndSet(false, true)) {
          starter.accept(() -> record(to, correlation, seconds));
        } else {
          to.reply(correlation, new Message.Refused(Message.Reason.BUSY,
              config.name() + " is recording for somebody else; ask again when that is over"));
        }
      }
      case Message.AskRecording(var offset) -> to.reply(correlation, recordings.part(offset));
    }
  }

  private void record(Connection to, long correlation, int seconds) throws InterruptedException {
    try {
      to.reply(correlation, recordings.record(seconds));
      to.flush();
    } finally {
      records.set(false);
    }
  }

  /// The process *dump*.
  private void dump(Connection to, long correlation) throws InterruptedException {
    try {
      to.reply(correlation, dumping.dump());
      to.flush();
    } finally {
      dumps.set(false);
    }
  }

  Message.NodeProcesses processes() {
    var snapshot = Processes.snapshot();
    var processes = of(snapshot.processes(), Inspector::scopeOf);
    var channels = of(snapshot.channels(), ChannelInfo::name);
    return new Message.NodeProcesses(config.name(),
        config.role().name().toLowerCase(Locale.ROOT), ProcessHandle.current().pid(),
        System.nanoTime() / 1_000, some(processes, Inspector::line),
        some(channels, Inspector::line), some(of(snapshot.turns(), TurnInfo::name),
            Inspector::line),
        snapshot.cycles(), Math.max(0, processes.size() - LINES_MAX)
            + Math.max(0, channels.size() - LINES_MAX));
  }

  private static String scopeOf(ProcessInfo process) {
    return process.scopes().getFirst().name();
  }

  /// Those of this node, and those that are no node's in particular.
  private <T> List<T> of(List<T> all, Function<T, String> name) {
    var mine = new ArrayList<T>();
    for (var each : all) {
      var words = name.apply(each).split(" ", -1);
      var owner = words[words.length - 1].split("[/#]", 2)[0];
      if (owner.equals(config.name()) || !NODES.contains(owner)) {
        mine.add(each);
      }
    }
    return mine;
  }

  private static <T, R> List<R> some(List<T> all, Function<T, R> line) {
    return all.stream().limit(LINES_MAX).map(line).toList();
  }

  private static Message.ProcessLine line(ProcessInfo process) {
    return new Message.ProcessLine(process.name(), process.kind().name().toLowerCase(Locale.ROOT),
        process.scopes().stream().map(ScopeInfo::name).toList(), process.activity(),
        process.since().toNanos() / 1_000, process.received(), process.sent());
  }

  private static Message.ChannelLine line(ChannelInfo channel) {
    return new Message.ChannelLine(channel.name(), channel.size(), channel.capacity(),
        channel.sent(), channel.received(), channel.state().name().toLowerCase(Locale.ROOT));
  }

  private static Message.TurnLine line(TurnInfo turn) {
    return new Message.TurnLine(turn.name(), turn.holder(), turn.since().toNanos() / 1_000,
        turn.waiting(), turn.taken());
  }
}
