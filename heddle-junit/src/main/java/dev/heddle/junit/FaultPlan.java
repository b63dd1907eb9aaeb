package dev.heddle.junit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// What goes wrong, and after how many messages: all of it follows from the seed. Pure.
final class FaultPlan {
  /// What happens on a connection.
  sealed interface Step {
    /// After so many messages of both sides together.
    long afterMessages();

    /// The side that says the next message is held back.
    record Delay(long afterMessages, Duration time) implements Step {}

    record Disconnect(long afterMessages, Ending ending) implements Step {}
  }

  /// How a connection is lost.
  enum Ending {
    CLOSED, RESET, RESET_IN_A_MESSAGE, SILENT
  }

  /// So much is planned for one connection.
  static final int STEPS_MAX = 12;
  /// Connections between two nodes after this many are not ended any more, so that a job gets done.
  static final int ENDINGS_MAX = 3;
  /// As 2 to this power: between two steps there are 4 to 64 messages, for the first step 4 to 16.
  private static final int GAP_LEAST = 2;
  private static final int GAP_MOST = 6;
  private static final int FIRST_GAP_MOST = 4;
  private static final int CRASH_GAP_MOST = 8;
  private static final int DELAY_MILLIS_MAX = 200;
  private static final int DISCONNECTS_OF_TEN = 3;
  private static final int SILENCES_OF_TEN = 1;

  private final long seed;
  private final Set<Fault> kinds;
  private final List<List<Long>> crashes = new ArrayList<>();

  /// @param workers how many there are
  /// @param crashesMax how many die in all
  FaultPlan(long seed, Set<Fault> kinds, int workers, int crashesMax) {
    this.seed = seed;
    this.kinds = kinds.isEmpty() ? EnumSet.noneOf(Fault.class) : EnumSet.copyOf(kinds);
    for (var i = 0; i < workers; i++) {
      crashes.add(new ArrayList<>());
    }
    if (kinds.contains(Fault.CRASH)) {
      var random = new SplittableRandom(seed);
      for (var i = 0; i < crashesMax; i++) {
        crashes.get(random.nextInt(workers)).add(gap(random, CRASH_GAP_MOST));
      }
    }
  }

  /// After how many messages between schedulers and this worker its lives end, one after another; a life beyond
  /// them does not.
  ///
  /// @param worker from 0
  List<Long> livesOf(int worker) {
    return worker < crashes.size() ? List.copyOf(crashes.get(worker)) : List.of();
  }

  /// What happens on a connection, in order.
  ///
  /// @param dialer who made it, by a name that is the same in each run
  /// @param number from 1, of those between the two
  List<Step> stepsOf(String dialer, String listener, int number) {
    var random = new SplittableRandom(
        mixed(mixed(mixed(seed, dialer.hashCode()), listener.hashCode()), number));
    var mayEnd = kinds.contains(Fault.DISCONNECT) && number <= ENDINGS_MAX;
    var mayDelay = kinds.contains(Fault.DELAY);
    var steps = new ArrayList<Step>();
    var at = 0L;
    while (steps.size() < STEPS_MAX && (mayEnd || mayDelay)) {
      at += gap(random, steps.isEmpty() ? FIRST_GAP_MOST : GAP_MOST);
      if (mayEnd && (!mayDelay || random.nextInt(10) < DISCONNECTS_OF_TEN)) {
        steps.add(new Step.Disconnect(at, ending(random)));
        break;
      }
      // Short ones are as likely as long ones.
      var millis = Math.round(Math.pow(DELAY_MILLIS_MAX, random.nextDouble()));
      steps.add(new Step.Delay(at, Duration.ofMillis(millis)));
    }
    return steps;
  }

  private static Ending ending(SplittableRandom random) {
    if (random.nextInt(10) < SILENCES_OF_TEN) {
      return Ending.SILENT; // Noticed only after seconds, so it is rare.
    }
    return switch (random.nextInt(3)) {
      case 0 -> Ending.CLOSED;
      case 1 -> Ending.RESET;
      default -> Ending.RESET_IN_A_MESSAGE;
    };
  }

  private static long gap(SplittableRandom random, int most) {
    return Math.round(Math.pow(2, random.nextDouble(GAP_LEAST, most)));
  }

  /// The finalizer of SplitMix64.
  private static long mixed(long a, long b) {
    var z = a * 31 + b + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
