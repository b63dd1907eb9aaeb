package dev.heddle.values;

import dev.heddle.wire.Failure;
import dev.heddle.wire.Payload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
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

  private final Values values;

  public Failures(Values values) {
    this.values = values;
  }

  /// Describes an exception. Never throws.
  ///
  /// What could not be described is left out: deep or circular causes, frames in the middle of a
  /// long stack, the exception itself if it is large or not serializable.
  public Failure capture(Throwable failure) {
    return new Capture().describe(failure, 0, original(failure));
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

  /// The exception itself, with the stack that it had, if its class is known here; else a
  /// [RemoteFailureException] that describes it. A [TimeoutException] or [CancellationException] is one
  /// in any case.
  public Throwable restore(Failure failure) {
    if (failure.original().isPresent()) {
      try {
        if (values.decode(failure.original().get()) instanceof Throwable original) {
          return original;
        }
      } catch (UndecodableValueException e) {
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

  /// One description in the making.
  private static final class Capture {
    private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private Failure describe(Throwable failure, int depth, Optional<Payload> original) {
      seen.add(failure);
      var stack = stack(failure);
      var omitted = Math.max(0, stack.length - Failure.FRAMES_MAX);
      return new Failure(failure.getClass().getName(), message(failure), frames(stack, omitted),
          omitted, cause(failure, depth), suppressed(failure, depth), original);
    }

    private Optional<Failure> cause(Throwable failure, int depth) {
      var cause = causeOf(failure);
      return cause != null && isNext(cause, depth)
          ? Optional.of(describe(cause, depth + 1, Optional.empty()))
          : Optional.empty();
    }

    private List<Failure> suppressed(Throwable failure, int depth) {
      return Arrays.stream(failure.getSuppressed()).filter(other -> isNext(other, depth))
          .map(other -> describe(other, depth + 1, Optional.empty())).toList();
    }

    private boolean isNext(Throwable failure, int depth) {
      return depth + 1 < Failure.DEPTH_MAX && seen.size() < EXCEPTIONS_MAX
          && !seen.contains(failure);
    }
  }

  private static StackTraceElement[] stack(Throwable failure) {
    try {
      return failure.getStackTrace();
    } catch (RuntimeException | Error _) {
      // The user's method again.
      return new StackTraceElement[0];
    }
  }

  private static @Nullable Throwable causeOf(Throwable failure) {
    try {
      return failure.getCause();
    } catch (RuntimeException | Error _) {
      // It is the user's method; a cause that cannot be told is none.
      return null;
    }
  }

  private static String message(Throwable failure) {
    String message;
    try {
      message = failure.getMessage();
    } catch (RuntimeException | Error e) {
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
