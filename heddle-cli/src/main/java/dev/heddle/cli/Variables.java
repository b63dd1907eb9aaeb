package dev.heddle.cli;

import dev.heddle.values.ValueLimits;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The variables `HEDDLE_…` of the environment that nothing takes: slips, mostly.
final class Variables {
  static final String PREFIX = "HEDDLE_";
  /// Those that are no option of any command.
  private static final Set<String> OTHERS = Set.of("HEDDLE_CONFIG", "HEDDLE_JAVA_OPTS",
      "HEDDLE_TRACE", ValueLimits.FILTER_VARIABLE);
  /// What is more slips away from a variable is another's: Kubernetes, for one, sets `HEDDLE_SCHEDULER_SERVICE_HOST`
  /// for a service of that name.
  private static final int SLIPS_MAX = 2;

  private Variables() {}

  /// @param names what can be said for each command
  static Set<String> known(Map<String, ? extends Collection<String>> names) {
    var known = new TreeSet<>(OTHERS);
    names.values().forEach(those -> those.forEach(name -> known.add(ConfiguredDefaults
        .variableOf(name))));
    return known;
  }

  /// Those that nothing takes, in the order of the alphabet.
  static List<String> unknown(Map<String, String> environment, Set<String> known) {
    return environment.keySet().stream().filter(name -> name.startsWith(PREFIX))
        .filter(name -> !known.contains(name)).sorted().toList();
  }

  /// What may have been meant by a variable; empty if it is like none.
  static List<String> meant(String unknown, Set<String> known) {
    var words = known.stream().map(Variables::word).toList();
    return Mistakes.nearest(word(unknown), words).stream()
        .filter(word -> Mistakes.slips(word(unknown), word) <= SLIPS_MAX)
        .map(word -> PREFIX + word).toList();
  }

  private static String word(String variable) {
    return variable.substring(PREFIX.length());
  }

  /// @throws IllegalArgumentException for the first that nothing takes and that is like another; says which
  static void check(Map<String, String> environment, Set<String> known) {
    for (var unknown : unknown(environment, known)) {
      if (!meant(unknown, known).isEmpty()) {
        throw new IllegalArgumentException("unknown variable " + text(unknown, known)
            + "; heddle config lists them");
      }
    }
  }

  /// With what may have been meant.
  static String text(String unknown, Set<String> known) {
    return unknown + Mistakes.didYouMean(meant(unknown, known));
  }
}
