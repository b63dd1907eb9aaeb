package dev.heddle.wire;

import java.util.List;
import java.util.Optional;

/// A `Throwable` as data, so that it reaches a caller who has never heard of its class.
///
/// @param type the class name, such as `java.lang.ArithmeticException`
/// @param message what it says; empty where it says nothing
/// @param frames the stack, innermost first, at most [#FRAMES_MAX] of them
/// @param framesOmitted how many frames were left out in the middle
/// @param cause what caused it
/// @param suppressed failures on the way out
/// @param original the exception itself, serialized, where that was possible
public record Failure(String type, String message, List<Frame> frames, int framesOmitted,
    Optional<Failure> cause, List<Failure> suppressed, Optional<Payload> original) {
  /// The most frames that one failure carries.
  public static final int FRAMES_MAX = 256;
  /// A longer message is cut, which it says at its end.
  public static final int MESSAGE_CHARACTERS_MAX = 1 << 16;
  /// How deep causes and suppressed failures may nest.
  public static final int DEPTH_MAX = 32;

  /// A line of a stack.
  ///
  /// @param line the line number, -1 where unknown, -2 in a native method
  public record Frame(String className, String methodName, Optional<String> fileName, int line) {
    public StackTraceElement toElement() {
      return new StackTraceElement(className, methodName, fileName.orElse(null), line);
    }
  }

  public Failure {
    if (message.length() > MESSAGE_CHARACTERS_MAX) {
      message = message.substring(0, MESSAGE_CHARACTERS_MAX) + "… ("
          + (message.length() - MESSAGE_CHARACTERS_MAX) + " characters more)";
    }
    frames = List.copyOf(frames);
    suppressed = List.copyOf(suppressed);
  }

  /// The same, and the exception itself.
  public Failure withOriginal(Optional<Payload> serialized) {
    return new Failure(type, message, frames, framesOmitted, cause, suppressed, serialized);
  }

  /// The description alone.
  public Failure withoutOriginals() {
    return new Failure(type, message, frames, framesOmitted, cause.map(Failure::withoutOriginals),
        suppressed.stream().map(Failure::withoutOriginals).toList(), Optional.empty());
  }

  /// The first line of its stack trace: type and message.
  @Override
  public String toString() {
    return message.isEmpty() ? type : type + ": " + message;
  }
}
