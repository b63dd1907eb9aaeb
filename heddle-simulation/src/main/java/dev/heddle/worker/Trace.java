package dev.heddle.worker;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.WorkerId;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A digest of every command of every core, to tell whether two runs were the same; and the last
/// lines in words, where somebody will read them.
final class Trace {
  private static final int LINES_MAX = 400;

  private final boolean inWords;
  private final ArrayDeque<String> lines = new ArrayDeque<>();
  private final Set<Class<?>> kinds = new HashSet<>();
  private long digest = 17;

  Trace(boolean inWords) {
    this.inWords = inWords;
  }

  void events(WorkerId worker, long now, List<WorkerEvent> events) {
    events.forEach(event -> kinds.add(event.getClass()));
    if (inWords) {
      events.forEach(event -> add(now, worker + " <- " + event));
    }
  }

  void command(WorkerId worker, long now, WorkerCommand command) {
    kinds.add(command.getClass());
    mix(now);
    mix(worker.hashCode());
    mix(command.getClass().getSimpleName().hashCode());
    switch (command) {
      case WorkerCommand.Reply(var asker, var response) -> {
        mix(asker.hashCode());
        mix(response.getClass().getSimpleName().hashCode());
        mix(keyOf(response));
      }
      case WorkerCommand.Serve(_, var found, var others) -> {
        found.keySet().forEach(this::mix);
        others.keySet().forEach(this::mix);
      }
      case WorkerCommand.Tell(var link, var notice) -> {
        mix(link);
        mix(notice.getClass().getSimpleName().hashCode());
      }
      case WorkerCommand.Dismiss(var link, _) -> mix(link);
      case WorkerCommand.Execute(var key, var attempt, _, var inputs, _) -> {
        mix(key);
        mix(attempt);
        inputs.keySet().forEach(this::mix);
      }
      case WorkerCommand.Interrupt(var key, _) -> mix(key);
      case WorkerCommand.Spill(var parts) -> parts.forEach(part -> mix(part.key()));
      case WorkerCommand.LetGo(var values) -> values.forEach(value -> mix(value.sizeBytes()));
      case WorkerCommand.Forget(var value) -> mix(value.sizeBytes());
      case WorkerCommand.Warn(var message) -> mix(message.hashCode());
      case WorkerCommand.Locate(var keys) -> keys.forEach(this::mix);
      case WorkerCommand.Fetch(var from, _, var keys) -> {
        mix(from.hashCode());
        keys.forEach(this::mix);
      }
      case WorkerCommand.Register(var entries) -> entries.forEach(entry -> mix(entry.key()));
      case WorkerCommand.Unregister(var keys) -> keys.forEach(this::mix);
      case WorkerCommand.Survey(var keys) -> keys.forEach(this::mix);
      case WorkerCommand.HandOver(var to, var values) -> {
        mix(to.id().hashCode());
        values.keySet().forEach(this::mix);
      }
      case WorkerCommand.AskPeers() -> mix(0);
      case WorkerCommand.Relieve(var to, var values) -> {
        mix(to.id().hashCode());
        values.keySet().forEach(this::mix);
      }
      case WorkerCommand.Stop(var lost, var handedOver, var cutShort) -> {
        lost.forEach(this::mix);
        mix(handedOver);
        cutShort.forEach(this::mix);
      }
    }
    if (inWords) {
      add(now, worker + " -> " + command);
    }
  }

  private static long keyOf(Message.Response response) {
    return switch (response) {
      case Message.Finished finished -> finished.key().hashCode();
      case Message.Failed failed -> 31L * failed.key().hashCode()
          + failed.failure().message().hashCode();
      case Message.Cancelled cancelled -> cancelled.key().hashCode();
      case Message.Stored stored -> stored.sizesBytes().keySet().hashCode();
      case Message.Response _ -> 0;
    };
  }

  void note(long now, String what) {
    if (inWords) {
      add(now, what);
    }
  }

  private void add(long now, String line) {
    if (lines.size() == LINES_MAX) {
      lines.removeFirst();
    }
    lines.add("%.3f ms  %s".formatted(now / 1e6, line));
  }

  private void mix(Key key) {
    mix(key.hashCode());
  }

  private void mix(long number) {
    digest = (digest ^ number) * 0x9E3779B97F4A7C15L;
    digest ^= digest >>> 29;
  }

  /// The kinds of events and commands that there were.
  Set<Class<?>> kinds() {
    return kinds;
  }

  long digest() {
    return digest;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
