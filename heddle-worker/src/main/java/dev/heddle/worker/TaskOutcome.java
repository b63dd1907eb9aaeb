package dev.heddle.worker;

import dev.heddle.wire.Failure;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import dev.heddle.wire.Message.TaskEnd;
import java.util.List;

/// How a task ended without a value, in the words of each who may have asked for it.
sealed interface TaskOutcome {
  /// For a caller.
  Message.Response response(Key task);

  /// For a scheduler.
  TaskEnd end();

  /// Its function failed.
  ///
  /// @param runNanos 0 where it did not begin
  record Failed(Failure failure, long runNanos) implements TaskOutcome {
    @Override
    public Message.Response response(Key task) {
      return new Message.Failed(task, failure);
    }

    @Override
    public TaskEnd end() {
      return new TaskEnd.Failed(failure, runNanos);
    }
  }

  /// An input could not be had: nobody has it, or it was to be computed here and was not. To a caller
  /// that is a failure; a scheduler knows more of that input, and decides itself.
  record Lacking(Key input, Failure failure) implements TaskOutcome {
    @Override
    public Message.Response response(Key task) {
      return new Message.Failed(task, failure);
    }

    @Override
    public TaskEnd end() {
      return new TaskEnd.Lacking(List.of(input), failure.message());
    }
  }

  /// Another worker may compute it.
  ///
  /// @param begun whether its function may have been called
  record GivenBack(Reason reason, String why, boolean begun) implements TaskOutcome {
    @Override
    public Message.Response response(Key task) {
      return new Message.Refused(reason, why);
    }

    @Override
    public TaskEnd end() {
      return new TaskEnd.GivenBack(why, begun);
    }
  }

  /// @param begun whether its function may have been called
  record Cancelled(boolean begun) implements TaskOutcome {
    @Override
    public Message.Response response(Key task) {
      return new Message.Cancelled(task);
    }

    @Override
    public TaskEnd end() {
      return new TaskEnd.Cancelled(begun);
    }
  }
}
