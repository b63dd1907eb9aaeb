package dev.heddle.cli;

import java.util.Map;
import java.util.TreeMap;

/// One kind of work that [BenchCommand] measures, again and again.
@FunctionalInterface
interface Bench extends AutoCloseable {
  /// What one repetition took.
  ///
  /// @param nanos from the first call to the last result
  /// @param tasks how many tasks, values or starts that was
  /// @param figures what else was measured, by its name in JSON
  record Measured(long nanos, long tasks, Map<String, Double> figures) {
    public Measured {
      figures = Map.copyOf(figures);
    }

    Measured(long nanos, long tasks) {
      this(nanos, tasks, Map.of());
    }

    Measured with(String name, double figure) {
      var more = new TreeMap<>(figures);
      more.put(name, figure);
      return new Measured(nanos, tasks, more);
    }

    /// How fast `bytes` moved.
    Measured moved(long bytes) {
      return with("bytes", (double) bytes).with("gigabytesPerSecond", (double) bytes / nanos);
    }

    /// How fast `bytes` moved, and how fast they did through a bare socket in the same moment.
    Measured moved(long bytes, long rawNanos) {
      return moved(bytes).with("rawGigabytesPerSecond", (double) bytes / rawNanos)
          .with("ratioToRaw", (double) rawNanos / nanos);
    }
  }

  /// Does the work once, and checks its result.
  ///
  /// @throws WrongResultException if it is wrong
  Measured once() throws Exception;

  @Override
  default void close() throws Exception {}

  /// Heddle gave another result than plain arithmetic does.
  final class WrongResultException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    WrongResultException(Object result, Object expected) {
      super("the result is " + result + " and should be " + expected
          + ": Heddle computed wrongly; please report it");
    }
  }

  static void check(long result, long expected) {
    if (result != expected) {
      throw new WrongResultException(result, expected);
    }
  }

  static void check(double result, double expected) {
    if (result != expected) {
      throw new WrongResultException(result, expected);
    }
  }
}
