package dev.heddle.dashboard;

import dev.heddle.wire.Attempt;
import dev.heddle.wire.Failure;
import java.util.Optional;

/// A failure as people read it: where it ran and was submitted, then the stack of each cause.
final class FailureText {
  /// What calls functions on a worker: all frames outside of it are Heddle's.
  private static final String CALLS = "dev.heddle.worker.Functions$Call";

  private FailureText() {}

  /// @param submitted the line that submitted the task; empty where that is not known
  static String of(Failure failure, Optional<Attempt> attempt, String submitted) {
    var text = new StringBuilder();
    attempt.ifPresent(where -> text.append(where).append('\n'));
    if (!submitted.isEmpty()) {
      text.append("submitted at ").append(submitted).append('\n');
    }
    text.append(text.isEmpty() ? "" : "\n");
    add(text, failure, "", "");
    return text.toString();
  }

  private static void add(StringBuilder text, Failure failure, String indent, String caption) {
    text.append(indent).append(caption).append(failure).append('\n');
    var frames = failure.frames();
    var end = 0;
    while (end < frames.size() && !frames.get(end).className().equals(CALLS)) {
      text.append(indent).append("    at ").append(frames.get(end++).toElement()).append('\n');
    }
    more(text, indent, frames.size() - end, "frames of Heddle");
    more(text, indent, failure.framesOmitted(), "frames more");
    failure.suppressed()
        .forEach(other -> add(text, other, indent + "    ", "Suppressed: "));
    failure.cause().ifPresent(cause -> add(text, cause, indent, "Caused by: "));
  }

  private static void more(StringBuilder text, String indent, int count, String what) {
    if (count > 0) {
      text.append(indent).append("    … ").append(count).append(' ').append(what).append('\n');
    }
  }
}
