package dev.heddle;

import dev.heddle.wire.Operand;
import dev.heddle.wire.TaskSettings;
import dev.heddle.wire.WorkerId;
import java.util.List;

/// What it takes to submit a task (again).
sealed interface Spec {
  /// @param captured numbers of tasks that the function refers to
  /// @param trace which trace it belongs to; empty for none
  record Single(EncodedFunction function, List<Operand> operands, List<Long> captured,
      TaskSettings settings, String trace) implements Spec {}

  /// Shared by all elements of a chunk of a map; each has an operand of its own.
  record Mapped(EncodedFunction function, List<Long> captured, TaskSettings settings, String trace)
      implements
        Spec {}

  /// A value that this client put on workers.
  record Placed(List<WorkerId> holders, long sizeBytes) implements Spec {}

  /// What somebody published.
  record Adopted(String name) implements Spec {}

  default boolean isDetached() {
    return switch (this) {
      case Single single -> single.settings().detached();
      case Mapped mapped -> mapped.settings().detached();
      case Placed _,Adopted _ -> false;
    };
  }
}
