package dev.heddle.scheduler;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import java.util.stream.Stream;

/// Says what it takes to call the function of a task once more, elsewhere. A room of [SchedulerState].
final class Defining {
  private final Tasks tasks;

  Defining(Tasks tasks) {
    this.tasks = tasks;
  }

  /// Of a task that has no value since another failed, the definition is that of the other.
  Message.Response definition(Key key) {
    var task = tasks.find(key);
    if (task == null) {
      return refused("'" + key + "' is not known here: it was never submitted to this scheduler, or"
          + " nobody holds a future for it any more");
    }
    if (task.end instanceof Verdict.Failed(var root, _, _) && !root.equals(key)) {
      var first = tasks.find(root);
      if (first == null) {
        return refused("'" + key + "' was not called since '" + root
            + "' failed, and that is not known any more");
      }
      task = first;
    }
    return switch (task.state) {
      case WAITING, QUEUED, PROCESSING ->
        refused("'" + task + "' is not done yet; replay it when it is");
      case ERRED -> task.end instanceof Verdict.Failed
          ? definition(task)
          : refused("'" + task + "' did not fail in its function: "
              + (task.end instanceof Verdict verdict ? verdict.text() : "nobody knows why"));
      case RELEASED, MEMORY -> definition(task);
      case FORGOTTEN -> throw tasks.impossible(task, "being defined");
    };
  }

  private static Message.Response definition(Task task) {
    if (task.template.function == null) {
      return refused("'" + task + "' was put on workers by its client: there is no function that"
          + " made it");
    }
    if (task.has(Task.RECORDED)) {
      task.set(Task.REPLAYED);
    }
    return new Message.Definition(task.key(), task.template.function.payload(),
        Posting.arguments(task), Stream.of(task.inputs).map(Task::key).toList());
  }

  private static Message.Refused refused(String why) {
    return new Message.Refused(Reason.BAD_REQUEST, why);
  }
}
