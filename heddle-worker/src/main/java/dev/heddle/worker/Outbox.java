package dev.heddle.worker;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import dev.heddle.worker.WorkerCommand.Locate;
import dev.heddle.worker.WorkerCommand.Register;
import dev.heddle.worker.WorkerCommand.Reply;
import dev.heddle.worker.WorkerCommand.Tell;
import dev.heddle.worker.WorkerCommand.Unregister;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a batch of events comes to, in order. What the store is told and asked is gathered over the
/// batch, the last word on a key counts, and is said once. Owned by [WorkerState].
final class Outbox {
  private List<WorkerCommand> commands = new ArrayList<>();
  private final Set<Key> toLocate = new LinkedHashSet<>();
  private final Map<Key, Message.Entry> toRegister = new LinkedHashMap<>();
  private final Set<Key> toUnregister = new LinkedHashSet<>();

  void add(WorkerCommand command) {
    commands.add(command);
  }

  void reply(Asker asker, Message.Response response) {
    add(new Reply(asker, response));
  }

  void refuse(Asker asker, Reason reason, String message) {
    reply(asker, new Message.Refused(reason, message));
  }

  /// Tells how a task ended, in the asker's words.
  void end(Asker asker, Key task, TaskOutcome outcome) {
    if (asker.isScheduler()) {
      tell(asker.link(), new Message.Ended(asker.correlation(), outcome.end()));
    } else {
      reply(asker, outcome.response(task));
    }
  }

  void tell(int link, Message.Notice notice) {
    add(new Tell(link, notice));
  }

  void locate(Key key) {
    toLocate.add(key);
  }

  /// @return whether the question had not been asked yet: now it won't be
  boolean withdrawLocate(Key key) {
    return toLocate.remove(key);
  }

  void register(Key key, long sizeBytes) {
    toUnregister.remove(key);
    toRegister.put(key, new Message.Entry(key, sizeBytes));
  }

  void unregister(Key key) {
    toRegister.remove(key);
    toUnregister.add(key);
  }

  /// Adds the commands for what was gathered for the store.
  void tellStore() {
    if (!toLocate.isEmpty()) {
      add(new Locate(List.copyOf(toLocate)));
      toLocate.clear();
    }
    if (!toUnregister.isEmpty()) {
      add(new Unregister(List.copyOf(toUnregister)));
      toUnregister.clear();
    }
    if (!toRegister.isEmpty()) {
      add(new Register(List.copyOf(toRegister.values())));
      toRegister.clear();
    }
  }

  /// Everything since the last call.
  List<WorkerCommand> take() {
    var taken = commands;
    commands = new ArrayList<>();
    return taken;
  }
}
