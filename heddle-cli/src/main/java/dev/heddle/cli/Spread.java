package dev.heddle.cli;

import java.util.Arrays;
import java.util.Collection;

/// How several measurements of one thing lie.
record Spread(double least, double lowerQuartile, double median, double upperQuartile,
    double most) {

  /// @param values at least one
  static Spread of(Collection<Double> values) {
    var sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return new Spread(sorted[0], at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75),
        sorted[sorted.length - 1]);
  }

  /// Between two values there is a line.
  private static double at(double[] sorted, double part) {
    var place = part * (sorted.length - 1);
    var below = (int) place;
    var above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /// The value that so large a part of them does not exceed.
  static long percentile(long[] values, double part) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1L, (long) (part * sorted.length))];
  }
}
