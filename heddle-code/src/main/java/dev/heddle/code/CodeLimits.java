package dev.heddle.code;

import java.time.Duration;

/// How much a node keeps of the code that passes through it.
///
/// @param cacheBytesMax
///          the most bytes of class files and resources that are kept to define classes from and to
///          hand on to others
/// @param absence
///          how long "nobody has it" is believed before it is asked again
/// @param retry
///          for how long what cannot be had now is asked for again before that is an error: a connection
///          that was lost comes back
public record CodeLimits(long cacheBytesMax, Duration absence, Duration retry) {
  /// Larger resources are treated as if they were not there.
  public static final int RESOURCE_BYTES_MAX = 16 << 20;
  /// The most names that one question may hold.
  public static final int NAMES_MAX = 1024;

  /// 64 MiB, 2 seconds, 4 seconds.
  public static final CodeLimits DEFAULTS = new CodeLimits(64L << 20, Duration.ofSeconds(2),
      Duration.ofSeconds(4));

  public CodeLimits {
    if (cacheBytesMax < 1 || absence.isNegative() || retry.isNegative()) {
      throw new IllegalArgumentException("a code cache of " + cacheBytesMax
          + " bytes that believes an absence for " + absence + " and asks again for " + retry
          + "; none may be below zero");
    }
  }
}
