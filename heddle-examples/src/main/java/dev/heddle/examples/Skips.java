package dev.heddle.examples;

import java.io.Serializable;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What was found and not counted: how many for each reason, and a few of them by name. Never changes once made.
///
/// @param examples the first [#EXAMPLES_MAX] in the order of reasons and names, so that merging in any order gives the same
public record Skips(Map<Reason, Integer> counts, List<Skip> examples) implements Serializable {
  public static final int EXAMPLES_MAX = 20;
  public static final Skips NONE = new Skips(Map.of(), List.of());

  private static final Comparator<Skip> ORDER = Comparator.comparing(Skip::reason)
      .thenComparing(Skip::where)
      .thenComparing(Skip::detail);

  /// Why a file wasn't counted; what a user should know of first comes first.
  public enum Reason {
    BROKEN("not a valid class file"), UNREADABLE("cannot be read"), TOO_LARGE(
        "larger than a class file may be"), NESTED_JAR("a jar inside a jar"), OTHER_RELEASE(
            "a class of a multi-release jar for another Java"), MODULE_DESCRIPTOR(
                "a module descriptor");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /// One file that wasn't counted.
  public record Skip(Reason reason, String where, String detail) implements Serializable {}

  public Skips {
    var copy = new EnumMap<Reason, Integer>(Reason.class);
    copy.putAll(counts);
    counts = Collections.unmodifiableMap(copy);
    examples = List.copyOf(examples);
  }

  static Skips of(List<Skip> skips) {
    var counts = new EnumMap<Reason, Integer>(Reason.class);
    skips.forEach(skip -> counts.merge(skip.reason(), 1, Integer::sum));
    return new Skips(counts, firstOf(skips.stream()));
  }

  public Skips merge(Skips other) {
    if (other.counts.isEmpty()) {
      return this;
    }
    var sum = new EnumMap<Reason, Integer>(Reason.class);
    sum.putAll(counts);
    other.counts.forEach((reason, count) -> sum.merge(reason, count, Math::addExact));
    return new Skips(sum, firstOf(Stream.concat(examples.stream(), other.examples.stream())));
  }

  public int total() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static List<Skip> firstOf(Stream<Skip> skips) {
    return skips.sorted(ORDER).limit(EXAMPLES_MAX).toList();
  }
}
