package dev.heddle.worker;

import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Key;
import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A defect of the worker: something happened to a key that cannot happen in its state.
final class ImpossibleEventException extends IllegalStateException {
  @Serial
  private static final long serialVersionUID = 1;

  /// @param state null where the key is unknown
  ImpossibleEventException(Key key, @Nullable KeyState state, WorkerEvent event,
      List<Story.Line> story) {
    super(ErrorCode.DEFECT
        .of(event.getClass().getSimpleName() + " cannot happen to '" + key + "' while "
            + (state == null ? "unknown" : state.getClass().getSimpleName()) + "; its story:\n"
            + story.stream().map(Story.Line::toString).collect(Collectors.joining("\n"))));
  }
}
