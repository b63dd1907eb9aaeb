package dev.heddle.simulation;

import dev.heddle.wire.Key;
import dev.heddle.wire.TaskSettings;
import java.util.List;
import java.util.Optional;

/// What a key stands for: one computation, the same for whoever asks.
///
/// @param function its name, which travels as its payload
/// @param operands what it is called with, in order
/// @param captured keys whose values it refers to
/// @param manner what its function does beside computing
/// @param runNanosMax how long it runs at most
/// @param sizeBytes how large its value is
/// @param awaited another task that the function waits for, without being called with it
public record Plan(Key key, String function, List<Operand> operands, List<Key> captured,
    Manner manner, long runNanosMax, long sizeBytes, TaskSettings settings,
    Optional<Key> awaited) {
  /// A function that gives what it is called with.
  public static final String CONSTANT = "constant";

  /// Something that a function is called with.
  public sealed interface Operand {
    record Given(long number) implements Operand {}

    record Of(Key key) implements Operand {}
  }

  public enum Manner {
    /// It gives a value.
    WORKS,
    /// It fails each time.
    FAILS,
    /// It fails the first times, and may be retried as often.
    FAILS_AT_FIRST,
    /// It does not end by itself before its time is up.
    HANGS,
    /// Its client has put it on workers: it has no function.
    SCATTERED
  }

  public Plan {
    operands = List.copyOf(operands);
    captured = List.copyOf(captured);
  }

  /// All keys that it needs.
  List<Key> inputs() {
    return java.util.stream.Stream.concat(
        operands.stream().filter(Operand.Of.class::isInstance)
            .map(operand -> ((Operand.Of) operand).key()),
        captured.stream()).distinct().toList();
  }

  /// What its function makes of its operands and of what it captured.
  public long call(List<Long> arguments, List<Long> capturedValues) {
    if (function.equals(CONSTANT)) {
      return arguments.getFirst();
    }
    var sum = (long) function.hashCode();
    for (var argument : arguments) {
      sum = sum * 31 + argument;
    }
    for (var value : capturedValues) {
      sum += value * 17;
    }
    return sum * 0x9E3779B97F4A7C15L;
  }
}
