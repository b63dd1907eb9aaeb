package dev.heddle.scheduler;

import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Failure;
import java.util.Locale;

/// Why a task has no value, as monitoring counts it: few enough for a graph.
enum FailureKind {
  /// Its function threw something of its own.
  EXCEPTION,
  /// It ran for longer than it may.
  TIME_LIMIT,
  /// Workers died while it ran there.
  WORKER_DIED,
  /// An input was to be had from nobody.
  INPUT_MISSING,
  /// Its result, or its inputs together, are more than a worker takes.
  VALUE_TOO_LARGE,
  /// Its function, argument or result cannot be sent, or not be read where it arrives.
  CANNOT_TRAVEL,
  /// A class is not to be had.
  CLASS_MISSING,
  /// Somebody cancelled it.
  CANCELLED,
  /// Its value is gone, and nothing can compute it again.
  VALUE_LOST,
  /// Something that it needs has no value.
  DEPENDENCY,
  /// Something else that Heddle found.
  OTHER;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// A small number for it, within one run of the program.
  @SuppressWarnings("EnumOrdinal") // it indexes arrays in memory, and is never stored or sent
  int code() {
    return ordinal();
  }

  /// @param own whether the task itself failed, and not something that it needs
  static FailureKind of(Verdict verdict, boolean own) {
    if (!own) {
      return DEPENDENCY;
    }
    return switch (verdict) {
      case Verdict.Cancelled _ -> CANCELLED;
      case Verdict.Lost _ -> VALUE_LOST;
      case Verdict.Failed(_, _, var failure) -> of(failure);
    };
  }

  /// A failure that Heddle found has a code.
  private static FailureKind of(Failure failure) {
    return ErrorCode.in(failure.message()).map(FailureKind::of).orElse(EXCEPTION);
  }

  private static FailureKind of(ErrorCode code) {
    return switch (code) {
      case TASK_TIME_LIMIT -> TIME_LIMIT;
      case WORKERS_DIED -> WORKER_DIED;
      case INPUT_MISSING -> INPUT_MISSING;
      case VALUE_TOO_LARGE -> VALUE_TOO_LARGE;
      case CANNOT_TRAVEL, CANNOT_BE_READ -> CANNOT_TRAVEL;
      case CLASS_MISSING -> CLASS_MISSING;
      case VALUE_LOST -> VALUE_LOST;
      default -> OTHER;
    };
  }
}
