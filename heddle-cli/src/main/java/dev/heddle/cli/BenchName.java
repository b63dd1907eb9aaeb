package dev.heddle.cli;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// What there is to measure, and what can be said about it.
enum BenchName {
  NOOP(100_000, 1, "--tasks --submit"), LATENCY(2_000, 1, "--tasks"), CHAIN(5_000, 1,
      "--tasks"), TREE(1 << 15, 1, "--tasks"), MERGE(10_000, 1, "--tasks"), TRANSFER(1, 2,
          "--size --kind"), SMALL_VALUES(10_000, 2, "--tasks"), HANDOVER(1, 2,
              "--size --kind"), SCATTER(1, 1, "--size"), SHUFFLE(1, 2, "--size"), SPILL(1, 1,
                  "--size"), MEMORY(200_000, 1, "--tasks --submit"), STARTUP(1, 1,
                      "--workers"), SCALE(100_000, 1, "--tasks --warm-up");

  private static final long SIZE = 64 << 20;
  private static final long SIZE_SPILLED = 1 << 30;
  private static final Set<String> OF_ALL = Set.of("--repetitions", "--json");
  private static final Set<String> OF_CLUSTERS = Set.of("--warm-up", "--workers", "--threads");

  private final int tasks;
  private final int workersLeast;
  private final String options;

  BenchName(int tasks, int workersLeast, String options) {
    this.tasks = tasks;
    this.workersLeast = workersLeast;
    this.options = options;
  }

  /// How many tasks, if nobody says.
  int tasks() {
    return tasks;
  }

  /// How large, if nobody says, in bytes.
  long size() {
    return this == SPILL ? SIZE_SPILLED : SIZE;
  }

  /// What the value is made of, if nobody says.
  ValueKind kind() {
    return this == HANDOVER ? ValueKind.ALLOCATED : ValueKind.DOUBLES;
  }

  int workersLeast() {
    return workersLeast;
  }

  /// Whether it runs on a cluster that was started before.
  boolean needsCluster() {
    return this != STARTUP && this != SCALE;
  }

  boolean has(String option) {
    return OF_ALL.contains(option) || (needsCluster() && OF_CLUSTERS.contains(option))
        || List.of(options.split(" ")).contains(option);
  }

  /// As people write it.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The names as people write them.
  static final class Names implements ITypeConverter<BenchName>, Iterable<String> {
    private static final List<String> ALL = Arrays.stream(values()).map(BenchName::toString)
        .toList();

    @Override
    public BenchName convert(String text) {
      var wanted = text.toLowerCase(Locale.ROOT).replace('_', '-');
      return Arrays.stream(values()).filter(each -> each.toString().equals(wanted)).findFirst()
          .orElseThrow(() -> new TypeConversionException("there is no bench '" + text + "', but "
              + String.join(", ", ALL) + Mistakes.didYouMean(text, ALL)));
    }

    @Override
    public Iterator<String> iterator() {
      return ALL.iterator();
    }
  }
}
