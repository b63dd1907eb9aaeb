package dev.heddle.process;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Every process and channel of this JVM, while it lives.
///
/// A process is here from its start to its end. A channel is here until it has ended and is empty;
/// one that is simply dropped is not kept alive by being here.
public final class Processes {
  private static final Set<NamedProcess> PROCESSES = ConcurrentHashMap.newKeySet();
  private static final Set<ChannelEntry> CHANNELS = ConcurrentHashMap.newKeySet();
  private static final ReferenceQueue<Channel<?>> COLLECTED = new ReferenceQueue<>();
  private static final Set<WeakReference<Turn>> TURNS = ConcurrentHashMap.newKeySet();

  private Processes() {}

  /// What there is, and what everyone is doing. Costs about a microsecond a process, and nothing to
  /// those who are looked at.
  public static Snapshot snapshot() {
    removeCollected();
    var processes = new ArrayList<>(PROCESSES.stream().map(NamedProcess::info).toList());
    processes.sort(Comparator.comparing(ProcessInfo::scopes, Processes::compareScopes)
        .thenComparingLong(ProcessInfo::threadId));
    var channels = new ArrayList<ChannelInfo>();
    for (var entry : CHANNELS) {
      var channel = entry.get();
      if (channel != null) {
        channels.add(channel.info());
      }
    }
    channels.sort(Comparator.comparing(ChannelInfo::name));
    var turns = turns().stream().map(Turn::info).sorted(Comparator.comparing(TurnInfo::name))
        .toList();
    return new Snapshot(processes, channels, turns, WaitCycles.among(PROCESSES));
  }

  /// The outermost scopes that have processes now, in the order in which they were opened: what this JVM has
  /// not closed.
  public static List<OpenScope> openScopes() {
    var names = new TreeMap<Long, TreeMap<Long, NamedProcess>>();
    for (var process : PROCESSES) {
      names.computeIfAbsent(process.scope().path().getFirst().id(), _ -> new TreeMap<>())
          .put(process.thread().threadId(), process);
    }
    var scopes = new ArrayList<OpenScope>();
    names.forEach((id, processes) -> {
      var scope = processes.firstEntry().getValue().scope();
      scopes.add(new OpenScope(id, scope.path().getFirst().name(), scope.outermostOpenedBy()
          .stream().map(StackWalker.StackFrame::toStackTraceElement).toList(),
          processes.values().stream().map(NamedProcess::name).toList()));
    });
    return scopes;
  }

  private static List<Turn> turns() {
    var turns = new ArrayList<Turn>();
    TURNS.removeIf(entry -> {
      var turn = entry.get();
      if (turn != null) {
        turns.add(turn);
      }
      return turn == null;
    });
    return turns;
  }

  static void remove(Turn turn) {
    TURNS.removeIf(entry -> entry.refersTo(turn));
  }

  static void add(Turn turn) {
    TURNS.add(new WeakReference<>(turn));
  }

  /// Where every thread stands, for people: the platform threads of this JVM, and the virtual ones that
  /// are processes.
  public static String threads() {
    var text = new StringBuilder();
    Thread.getAllStackTraces().forEach((thread, stack) -> thread(text, thread, stack));
    for (var process : PROCESSES) {
      if (process.kind() == Kind.VIRTUAL) {
        thread(text, process.thread(), process.thread().getStackTrace());
      }
    }
    return text.toString();
  }

  private static void thread(StringBuilder text, Thread thread, StackTraceElement[] stack) {
    text.append('"').append(thread.getName()).append("\" #").append(thread.threadId())
        .append(thread.isVirtual() ? " virtual " : " ").append(thread.getState()).append('\n');
    for (var frame : stack) {
      text.append("    at ").append(frame).append('\n');
    }
    text.append('\n');
  }

  static @Nullable Turn turnAwaitedBy(Thread thread) {
    for (var turn : turns()) {
      if (turn.isAwaitedBy(thread)) {
        return turn;
      }
    }
    return null;
  }

  /// Whether a thread is a process's.
  public static boolean isProcess(Thread thread) {
    return PROCESSES.stream().anyMatch(process -> process.thread() == thread);
  }

  /// The process of a thread; empty for a thread that is none.
  static List<NamedProcess> on(Thread thread) {
    return PROCESSES.stream().filter(process -> process.thread() == thread).toList();
  }

  static void add(NamedProcess process) {
    PROCESSES.add(process);
  }

  static void remove(NamedProcess process) {
    PROCESSES.remove(process);
  }

  static void add(ChannelEntry entry) {
    removeCollected();
    CHANNELS.add(entry);
  }

  static void remove(ChannelEntry entry) {
    CHANNELS.remove(entry);
  }

  /// How many channels are registered, those that were dropped unnoticed included.
  static int channelEntries() {
    return CHANNELS.size();
  }

  private static int compareScopes(List<ScopeInfo> a, List<ScopeInfo> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = Long.compare(a.get(i).id(), b.get(i).id());
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  private static void removeCollected() {
    for (var entry = COLLECTED.poll(); entry != null; entry = COLLECTED.poll()) {
      CHANNELS.remove(entry);
    }
  }

  /// A channel's place in the registry.
  static final class ChannelEntry extends WeakReference<Channel<?>> {
    ChannelEntry(Channel<?> channel) {
      super(channel, COLLECTED);
    }
  }
}
