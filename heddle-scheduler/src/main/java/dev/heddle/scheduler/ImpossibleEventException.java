package dev.heddle.scheduler;

import dev.heddle.wire.ErrorCode;
import java.io.Serial;
import java.util.List;

/// A defect of the scheduler: something happened to a task that cannot happen in its state.
final class ImpossibleEventException extends IllegalStateException {
  @Serial
  private static final long serialVersionUID = 1;

  ImpossibleEventException(Task task, String what, List<String> story) {
    super(ErrorCode.DEFECT
        .of(what + " cannot happen to '" + task + "' while " + task.state.text() + "; its story:\n"
            + String.join("\n", story)));
  }
}
