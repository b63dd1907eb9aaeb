package dev.heddle.values;

import java.lang.invoke.SerializedLambda;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the way to what makes a value large.
final class Heaviest {
  private static final int STEPS_MAX = 12;

  /// Something inside, how it is reached, and about how many bytes of memory it takes.
  private record Inner(Object object, String step, long sizeBytes) {}

  private Heaviest() {}

  /// Follows the heaviest part of each part, for as long as that is most of it.
  static PathFinder.Path in(Object value) {
    var steps = new ArrayList<String>();
    var at = value;
    for (var step = 0; step < STEPS_MAX; step++) {
      var parts = parts(at, value);
      var whole = parts.stream().mapToLong(Inner::sizeBytes).sum();
      var heaviest = parts.stream().max(java.util.Comparator.comparingLong(Inner::sizeBytes));
      if (heaviest.isEmpty() || heaviest.get().sizeBytes() < whole / 2) {
        break;
      }
      at = heaviest.get().object();
      if (!heaviest.get().step().isEmpty()) {
        steps.add(heaviest.get().step());
      }
    }
    return new PathFinder.Path(List.copyOf(steps), at);
  }

  private static List<Inner> parts(Object whole, Object outermost) {
    var parts = new ArrayList<Inner>();
    Inside.Visitor visitor = (inner, step) -> add(parts, inner, step);
    if (whole instanceof SerializedLambda lambda) {
      Captured.visit(lambda, outermost.getClass().getClassLoader(), visitor);
    } else {
      Inside.visit(whole, visitor);
    }
    return parts;
  }

  private static void add(List<Inner> parts, @Nullable Object inner, String step) {
    if (inner != null) {
      // A lambda's captured values do not show from outside, and there is nothing beside them.
      parts.add(new Inner(inner, step,
          inner instanceof SerializedLambda ? Long.MAX_VALUE / 2 : Values.sizeOf(inner)));
    }
  }
}
