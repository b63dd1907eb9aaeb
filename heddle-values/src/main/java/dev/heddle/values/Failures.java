package dev.heddle.values;

import dev.heddle.wire.Failure;
import dev.heddle.wire.Payload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Exceptions as data, and back. What goes wrong while one is being described never hides it.
public final class Failures {
  /// An exception that takes more bytes than this arrives as a description only.
  public static final int ORIGINAL_BYTES_MAX = 256 * 1024;
  /// Longer messages are cut.
  public static final int MESSAGE_LENGTH_MAX = 16 * 1024;
  /// The most exceptions described in one failure, causes and suppressed ones together.
  public static final int EXCEPTIONS_MAX = 64;

  private static final int INNERMOST_FRAMES = Failure.FRAMES_MAX * 3 / 4;

  /// What workers describe without having made it, and programs catch by its class.
  private static final Map<String, Function<@Nullable String, Throwable>> DESCRIBED = Map.of(
      TimeoutException.class.getName(), TimeoutException::new,
      CancellationException.class.getName(), CancellationException::new);

  /// Made while there is memory.
  private static final Failure OUT_OF_MEMORY = plain(OutOfMemoryError.class.getName(),
      "there was no memory to describe what was thrown");

  private final Values values;

  public Failures(Values values) {
    this.values = values;
  }

  /// Describes an exception. Never throws.
  ///
  /// What could not be described is left out: deep or circular causes, frames in the middle of a
  /// long stack, the exception itself if it is large or not serializable, or if one of its methods
  /// throws, so that whoever prints it would be thrown at.
  public Failure capture(Throwable failure) {
    try {
      var capture = new Capture();
      var described = capture.describe(failure, 0);
      return capture.isTold ? described.withOriginal(original(failure)) : described;
    } catch (RuntimeException | Error e) { // There is no memory, or no stack, to say it with.
      return undescribed(failure, e);
    }
  }

  private static Failure undescribed(Throwable failure, Throwable trouble) {
    try {
      return plain(failure.getClass().getName(),
          "(it could not be described: " + trouble.getClass().getName() + ")");
    } catch (OutOfMemoryError _) {
      return OUT_OF_MEMORY;
    }
  }

  private static Failure plain(String type, String message) {
    return new Failure(type, message, List.of(), 0, Optional.empty(), List.of(),
        Optional.empty());
  }

  private Optional<Payload> original(Throwable failure) {
    try {
      return Optional.of(values.encode(failure))
          .filter(payload -> payload.sizeBytes() <= ORIGINAL_BYTES_MAX);
    } catch (RuntimeException | Error _) {
      // Whatever the user's writeObject did; the description serves.
      return Optional.empty();
    }
  }

  /// The exception itself, with the stack that it had, if its class is known here and none of its methods
  /// throws; else a [RemoteFailureException] that describes it. A [TimeoutException] or
  /// [CancellationException] is one in any case.
  public Throwable restore(Failure failure) {
    if (failure.original().isPresent()) {
      try {
        if (values.decode(failure.original().get()) instanceof Throwable original
            && isTold(original)) {
          return original;
        }
      } catch (RuntimeException | Error e) { // Whatever the user's readObject or constructor did.
        var described = RemoteFailureException.of(failure);
        described.addSuppressed(e);
        return described;
      }
    }
    var make = DESCRIBED.get(failure.type());
    return make == null ? RemoteFailureException.of(failure) : made(failure, make);
  }

  private Throwable made(Failure failure, Function<@Nullable String, Throwable> make) {
    var made = make.apply(failure.message().isEmpty() ? null : failure.message());
    made.setStackTrace(stackOf(failure));
    failure.cause().ifPresent(cause -> made.initCause(restore(cause)));
    failure.suppressed().forEach(other -> made.addSuppressed(restore(other)));
    return made;
  }

  /// Whether whoever prints it is not thrown at.
  private static boolean isTold(Throwable restored) {
    var capture = new Capture();
    var _ = capture.describe(restored, 0);
    return capture.isTold;
  }

  /// One description in the making.
  private static final class Capture {
    private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    /// False once one of the exceptions' methods, which may be the user's, has thrown.
    private boolean isTold = true;

    private Failure describe(Throwable failure, int depth) {
      seen.add(failure);
      var stack = stack(failure);
      var omitted = Math.max(0, stack.length - Failure.FRAMES_MAX);
      var message = message(failure);
      asText(failure);
      return new Failure(failure.getClass().getName(), message, frames(stack, omitted), omitted,
          cause(failure, depth), suppressed(failure, depth), Optional.empty());
    }

    private Optional<Failure> cause(Throwable failure, int depth) {
      var cause = causeOf(failure);
      return cause != null && isNext(cause, depth)
          ? Optional.of(describe(cause, depth + 1))
          : Optional.empty();
    }

    private List<Failure> suppressed(Throwable failure, int depth) {
      return Arrays.stream(failure.getSuppressed()).filter(other -> isNext(other, depth))
          .map(other -> describe(other, depth + 1)).toList();
    }

    private boolean isNext(Throwable failure, int depth) {
      return depth + 1 < Failure.DEPTH_MAX && seen.size() < EXCEPTIONS_MAX
          && !seen.contains(failure);
    }

    // Null is what no method of an exception may give, and some do.
    @SuppressWarnings({"ConstantValue", "RedundantNullCheck"})
    private StackTraceElement[] stack(Throwable failure) {
      try {
        var stack = failure.getStackTrace();
        if (stack != null && Arrays.stream(stack).allMatch(Objects::nonNull)) {
          return stack;
        }
        isTold = false;
      } catch (RuntimeException | Error _) {
        isTold = false;
      }
      return new StackTraceElement[0];
    }

    // One that is another whenever somebody looks has no end for whoever prints it.
    @SuppressWarnings("ReferenceEquality")
    private @Nullable Throwable causeOf(Throwable failure) {
      try {
        var cause = failure.getCause();
        isTold &= cause == failure.getCause();
        return cause;
      } catch (RuntimeException | Error _) {
        isTold = false; // And a cause that cannot be told is none.
        return null;
      }
    }

    private String message(Throwable failure) {
      String message;
      try {
        message = failure.getMessage();
      } catch (RuntimeException | Error e) {
        isTold = false;
        return "(its getMessage threw " + e.getClass().getName() + ")";
      }
      if (message == null) {
        return "";
      }
      return message.length() <= MESSAGE_LENGTH_MAX
          ? message
          : message.substring(0, MESSAGE_LENGTH_MAX) + "… ("
              + (message.length() - MESSAGE_LENGTH_MAX) + " more characters)";
    }

    /// Only to know whether it can be printed.
    private void asText(Throwable failure) {
      try {
        var _ = failure.toString();
      } catch (RuntimeException | Error _) {
        isTold = false;
      }
    }
  }

  private static List<Failure.Frame> frames(StackTraceElement[] stack, int omitted) {
    var frames = new ArrayList<Failure.Frame>();
    for (var i = 0; i < stack.length; i++) {
      if (omitted == 0 || i < INNERMOST_FRAMES || i >= INNERMOST_FRAMES + omitted) {
        frames.add(new Failure.Frame(stack[i].getClassName(), stack[i].getMethodName(),
            Optional.ofNullable(stack[i].getFileName()), stack[i].getLineNumber()));
      }
    }
    return frames;
  }

  /// The stack of a failure as the JDK prints it, with a line for the frames that were left out.
  static StackTraceElement[] stackOf(Failure failure) {
    var elements = new ArrayList<StackTraceElement>();
    failure.frames().forEach(frame -> elements.add(frame.toElement()));
    if (failure.framesOmitted() > 0 && elements.size() >= INNERMOST_FRAMES) {
      elements.add(INNERMOST_FRAMES, new StackTraceElement("…", failure.framesOmitted()
          + " frames left out", null, -1));
    }
    return elements.toArray(StackTraceElement[]::new);
  }
}
