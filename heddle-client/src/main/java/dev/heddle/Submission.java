package dev.heddle;

import dev.heddle.wire.Operand;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tasks about to be submitted, of consecutive numbers: one, or a chunk of a map.
///
/// @param first the number of the first
/// @param operands one a task, of a map; empty for a single one
/// @param needs what every one of them needs: pinned until this has been submitted
/// @param own for a map, what each needs beside, or null where it needs nothing; pinned likewise. Empty if
///     none does
// Made once, read once.
@SuppressWarnings("ArrayRecordComponent")
record Submission(long first, Label label, Spec spec, List<Operand> operands, List<Entry> needs,
    @Nullable Entry[] own, @Nullable CallSite submitted) {
  /// Where no task needs anything of its own.
  static final @Nullable Entry[] NO_OWN = new @Nullable Entry[0];

  int count() {
    return operands.isEmpty() ? 1 : operands.size();
  }

  /// About what it takes while it waits to be sent.
  long sizeBytes() {
    var bytes = 200L * count();
    for (var operand : operands) {
      bytes += size(operand);
    }
    if (spec instanceof Spec.Single single) {
      for (var operand : single.operands()) {
        bytes += size(operand);
      }
      bytes += single.function().number() == 0 ? single.function().payload.sizeBytes() : 0;
    }
    return bytes;
  }

  private static long size(Operand operand) {
    return operand instanceof Operand.Inline(var payload) ? payload.sizeBytes() : 0;
  }

  /// What became of a task and where it was submitted, beside the stack of what it threw.
  static final class Trace extends Exception {
    private static final long serialVersionUID = 1;

    private Trace(String message, StackTraceElement[] frames) {
      super(message, null, false, true);
      setStackTrace(frames);
    }

    /// @param site whose stack it has; null where that is not known
    static Trace of(String what, @Nullable CallSite site) {
      return new Trace(what, site == null ? new StackTraceElement[0] : site.frames());
    }

    /// What it says, without a type.
    // Only the printed form is to be without the type, which nobody catches and getMessage() has not.
    @SuppressWarnings("OverrideThrowableToString")
    @Override
    public String toString() {
      return String.valueOf(getMessage());
    }

    /// The stack is that of the submission.
    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}
