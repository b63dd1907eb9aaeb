package dev.heddle.values;

import java.io.NotSerializableException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Says why a value could not be encoded, where in it the reason is, and what to do.
final class Refusals {
  private static final Set<String> HOOKS = Set.of("writeObject", "writeReplace", "writeExternal");

  private Refusals() {}

  static UnserializableValueException explain(@Nullable Object value, Codec codec,
      Throwable problem) {
    var type = value == null ? "null" : value.getClass().getTypeName();
    if (!(codec instanceof JdkCodec)) {
      return new UnserializableValueException("the codec " + codec.id() + " ("
          + codec.getClass().getName() + ") failed on a value of " + type + ": " + problem,
          problem);
    }
    if (problem instanceof StackOverflowError) {
      return new UnserializableValueException("a value of " + type + " cannot be sent: its objects "
          + "nest too deep for this thread's stack; hold them in a list or array rather than linked "
          + "to each other", problem);
    }
    var hook = hook(problem);
    if (hook != null) {
      return new UnserializableValueException("a value of " + type + " cannot be sent: "
          + hook.getClassName() + "." + hook.getMethodName() + " (" + hook.getFileName() + ":"
          + hook.getLineNumber() + ") threw " + problem, problem);
    }
    if (problem instanceof NotSerializableException && problem.getMessage() != null) {
      return PathFinder.find(value, problem.getMessage())
          .map(path -> new UnserializableValueException(
              "cannot be sent: " + path + "; " + Advice.about(path.culprit()), problem))
          .orElseGet(() -> new UnserializableValueException("a value of " + type
              + " cannot be sent: " + problem.getMessage() + " inside it is not serializable; "
              + Advice.GENERAL, problem));
    }
    return new UnserializableValueException(
        "a value of " + type + " cannot be sent: " + problem, problem);
  }

  /// The frame of the user's serialization hook that threw, if it was one: the stream itself comes
  /// below it on the stack, not above.
  private static @Nullable StackTraceElement hook(Throwable problem) {
    for (var frame : problem.getStackTrace()) {
      if (frame.getClassName().startsWith("java.io.Object")) {
        return null;
      }
      if (HOOKS.contains(frame.getMethodName())) {
        return frame;
      }
    }
    return null;
  }
}
