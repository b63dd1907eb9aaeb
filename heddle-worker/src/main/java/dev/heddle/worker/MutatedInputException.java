package dev.heddle.worker;

import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Key;
import java.io.Serial;

/// A function changed a value that it was given, and that others are given too.
public final class MutatedInputException extends IllegalStateException {
  @Serial
  private static final long serialVersionUID = 1;

  MutatedInputException(Key task, Key input, String type) {
    super(ErrorCode.INPUT_CHANGED.of(
        "while '" + task + "' ran, its input '" + input + "' changed (" + type + "). Values do not"
            + " change, since others are given the same object: copy it, and change the copy."
            + " (Found by -D" + WorkerOptions.CHECKS
            + "=true, which compares how a value is encoded.)"));
  }
}
