package dev.heddle.dashboard;

import dev.heddle.wire.Attempt;
import dev.heddle.wire.Failure;
import java.util.Optional;

/// A failure as people read it: where it ran, then the stack of each cause.
final class FailureText {
  private FailureText() {}

  static String of(Failure failure, Optional<Attempt> attempt) {
    var text = new StringBuilder();
    attempt.ifPresent(where -> text.append(where).append("\n\n"));
    add(text, failure, "", "");
    return text.toString();
  }

  private static void add(StringBuilder text, Failure failure, String indent, String caption) {
    text.append(indent).append(caption).append(failure).append('\n');
    for (var frame : failure.frames()) {
      text.append(indent).append("    at ").append(frame.toElement()).append('\n');
    }
    if (failure.framesOmitted() > 0) {
      text.append(indent).append("    … ").append(failure.framesOmitted())
          .append(" frames more\n");
    }
    failure.suppressed()
        .forEach(other -> add(text, other, indent + "    ", "Suppressed: "));
    failure.cause().ifPresent(cause -> add(text, cause, indent, "Caused by: "));
  }
}
