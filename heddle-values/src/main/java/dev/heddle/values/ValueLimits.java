package dev.heddle.values;

import java.io.ObjectInputFilter;
import java.util.Map;

/// What a node accepts when it reads a value.
///
/// An object array or hash table is also refused if it is longer than the bytes that came could
/// fill.
///
/// @param depthMax
///          how deep objects may nest, collections not counted twice; about what a thread's stack
///          holds
/// @param referencesMax
///          how many objects and references one value may have
/// @param arrayLengthMax
///          the longest array inside an object graph; large primitive arrays travel beside it and
///          are bounded by the frame limits
/// @param headerBytesMax
///          the most serialized bytes, large buffers not counted
/// @param classFilter
///          patterns as in the JDK's `jdk.serialFilter`, which decide before Heddle's own rules:
///          `org.example.**;!org.evil.**`; empty for none
public record ValueLimits(int depthMax, long referencesMax, long arrayLengthMax,
    long headerBytesMax, String classFilter) {
  /// The variable that [#ofEnvironment] reads [#classFilter] from.
  public static final String FILTER_VARIABLE = "HEDDLE_SERIAL_FILTER";

  private static final ValueLimits DEFAULTS = new ValueLimits(1_000, 50_000_000, 64 << 20, 1L << 30,
      "");

  public ValueLimits {
    if (depthMax < 1 || referencesMax < 1 || arrayLengthMax < 0 || headerBytesMax < 1) {
      throw new IllegalArgumentException("a limit is too small: depth " + depthMax
          + ", references " + referencesMax + ", array length " + arrayLengthMax + ", header bytes "
          + headerBytesMax + "; each must be at least 1");
    }
    try {
      ObjectInputFilter.Config.createFilter(classFilter);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the class filter '" + classFilter
          + "' is not one: " + e.getMessage() + "; patterns look like org.example.**;!org.evil.**",
          e);
    }
  }

  /// Depth 1,000, 50 million references, arrays of 64 Mi, 1 GiB, no class filter.
  public static ValueLimits defaults() {
    return DEFAULTS;
  }

  /// The defaults with the class filter that [#FILTER_VARIABLE] gives.
  public static ValueLimits ofEnvironment(Map<String, String> environment) {
    return DEFAULTS.withClassFilter(environment.getOrDefault(FILTER_VARIABLE, ""));
  }

  public ValueLimits withClassFilter(String filter) {
    return new ValueLimits(depthMax, referencesMax, arrayLengthMax, headerBytesMax, filter);
  }
}
