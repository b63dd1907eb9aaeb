package dev.heddle.scheduler;

import dev.heddle.wire.Operand;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gathers the inputs of a task that is being submitted, each once. Used again and again, so that it costs nothing
/// but the array that the task keeps.
final class Inputs {
  private static final int KEPT_MAX = 1_024;

  private Task[] gathered = new Task[8];
  private int count;
  private long unknown;

  void start() {
    unknown = 0;
    count = 0;
  }

  /// The number of an input that is not known, 0 for none.
  long unknown() {
    return unknown;
  }

  /// @return null where the client has no task of this number
  @Nullable
  Task add(Client client, long number) {
    var task = client.numbers.get(number);
    if (task == null) {
      unknown = number;
    } else {
      add(task);
    }
    return task;
  }

  void addAll(Task[] tasks) {
    for (var task : tasks) {
      add(task);
    }
  }

  private void add(Task task) {
    if (task.has(Task.SEEN)) {
      return;
    }
    task.set(Task.SEEN);
    if (count == gathered.length) {
      gathered = Arrays.copyOf(gathered, 2 * count);
    }
    gathered[count++] = task;
  }

  /// Adds what a function refers to.
  ///
  /// @return these alone, each once; nothing may have been added before
  Task[] captured(Client client, List<Long> numbers) {
    for (var number : numbers) {
      var _ = add(client, number);
    }
    return count == 0 ? Task.NONE : Arrays.copyOf(gathered, count);
  }

  /// Adds what a function is called with.
  ///
  /// @return what [Task#argument] is to be
  @Nullable
  Object argument(Client client, List<Operand> operands) {
    return switch (operands.size()) {
      case 0 -> null;
      case 1 -> argument(client, operands.getFirst());
      default -> {
        var many = new Object[operands.size()];
        for (var i = 0; i < many.length; i++) {
          many[i] = argument(client, operands.get(i));
        }
        yield many;
      }
    };
  }

  private Object argument(Client client, Operand operand) {
    return switch (operand) {
      case Operand.Inline(var payload) -> payload;
      case Operand.OfTask(var number) -> add(client, number) instanceof Task task
          ? task
          : operand; // it will not run
    };
  }

  /// All that was added.
  Task[] take() {
    if (count == 0) {
      return Task.NONE;
    }
    var taken = Arrays.copyOf(gathered, count);
    for (var task : taken) {
      task.clear(Task.SEEN);
    }
    if (gathered.length > KEPT_MAX) {
      gathered = new Task[8];
    } else {
      // What was gathered must not be kept alive from here.
      Arrays.fill(gathered, 0, count, taken[0]);
    }
    count = 0;
    return taken;
  }
}
