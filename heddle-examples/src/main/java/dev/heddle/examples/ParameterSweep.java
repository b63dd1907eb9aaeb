package dev.heddle.examples;

import dev.heddle.Client;
import dev.heddle.Heddle;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Optional;

/// Tries many parameters at once, and stops as soon as one is good enough: results are looked at in
/// the order in which they come, and what is still to be done is cancelled.
///
/// Here: which damped Newton iteration finds a root of `x³ - 2x + 2` in the fewest steps?
///
/// `heddle run --jar heddle-examples.jar dev.heddle.examples.ParameterSweep 20`
public final class ParameterSweep {
  private static final int STEPS_MAX = 100_000;

  /// How a try ended.
  public record Outcome(double start, double damping, int steps) implements Serializable {}

  /// What came of all.
  ///
  /// @param tried how many were done before the rest was cancelled
  public record Result(Optional<Outcome> best, int tried, int cancelled) {}

  record Try(double start, double damping) implements Serializable {}

  private ParameterSweep() {}

  /// @param arguments how few steps are good enough
  public static void main(String[] arguments) throws Exception {
    var enough = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
    try (var client = Heddle.connect()) {
      System.out.println(search(client, enough));
    }
  }

  /// Tries until one needs at most `enough` steps.
  public static Result search(Client client, int enough) throws Exception {
    var tries = new ArrayList<Try>();
    for (var start = -60; start <= 60; start++) {
      for (var damping = 1; damping <= 20; damping++) {
        tries.add(new Try(start / 20.0, damping / 20.0));
      }
    }
    var outcomes = client.map(tries, ParameterSweep::attempt);
    Optional<Outcome> best = Optional.empty();
    var tried = 0;
    for (var done : client.asCompleted(outcomes)) {
      tried++;
      var outcome = done.get();
      if (best.isEmpty() || outcome.steps() < best.get().steps()) {
        best = Optional.of(outcome);
      }
      if (outcome.steps() <= enough) {
        break;
      }
    }
    client.cancel(outcomes);
    return new Result(best, tried, outcomes.size() - tried);
  }

  /// Runs on a worker.
  static Outcome attempt(Try given) {
    var x = given.start();
    for (var step = 1; step <= STEPS_MAX; step++) {
      var next = x - given.damping() * (x * x * x - 2 * x + 2) / (3 * x * x - 2);
      if (Math.abs(next - x) < 1e-12) {
        return new Outcome(given.start(), given.damping(), step);
      }
      x = next;
    }
    return new Outcome(given.start(), given.damping(), STEPS_MAX + 1);
  }

}
