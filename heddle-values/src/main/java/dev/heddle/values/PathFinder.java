package dev.heddle.values;

import java.lang.invoke.SerializedLambda;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the way from a value to an object inside it that cannot be serialized, by the rules of JDK
/// serialization and of [StandIn].
///
/// Breadth first, so that the path is the shortest; never looks at more than [#OBJECTS_MAX] objects.
final class PathFinder {
  static final int OBJECTS_MAX = 200_000;
  private static final int STEPS_MAX = 24;

  /// A way through fields, items and captured variables.
  ///
  /// @param culprit
  ///          the object at its end
  record Path(List<String> steps, Object culprit) {
    /// `Census.this$0 → OrderService.repos[3] (org.example.Repo)`
    @Override
    public String toString() {
      var type = Advice.isLambda(culprit.getClass())
          ? "a lambda of " + culprit.getClass().getName().replaceAll("\\$\\$Lambda.*", "")
          : culprit.getClass().getTypeName();
      return steps.isEmpty() ? type : joined(shown()) + " (" + type + ")";
    }

    private List<String> shown() {
      if (steps.size() <= STEPS_MAX) {
        return steps;
      }
      var shown = new ArrayList<>(steps.subList(0, STEPS_MAX / 2));
      shown.add("… " + (steps.size() - STEPS_MAX) + " more …");
      shown.addAll(steps.subList(steps.size() - STEPS_MAX / 2, steps.size()));
      return shown;
    }

    /// An item belongs to the field before it.
    private static String joined(List<String> steps) {
      var text = new StringBuilder();
      for (var step : steps) {
        if (!text.isEmpty() && !step.startsWith("[") && !step.startsWith(".")) {
          text.append(" → ");
        }
        text.append(step);
      }
      return text.toString();
    }
  }

  /// An object on the way, and how it was reached. An empty step is not shown.
  private record Node(Object object, @Nullable Node from, String step) {
    Path path() {
      var steps = new ArrayDeque<String>();
      var node = this;
      while (node.from != null) {
        if (!node.step.isEmpty()) {
          steps.addFirst(node.step);
        }
        node = node.from;
      }
      return new Path(List.copyOf(steps), object);
    }
  }

  private final String culprit;
  private final Deque<Node> open = new ArrayDeque<>();
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private PathFinder(String culprit) {
    this.culprit = culprit;
  }

  /// The shortest way to an object of the class named `culprit` that cannot be serialized, or empty
  /// if none was found.
  static Optional<Path> find(@Nullable Object value, String culprit) {
    var finder = new PathFinder(culprit);
    finder.reach(value, null, "");
    return finder.search();
  }

  private void reach(@Nullable Object object, @Nullable Node from, String step) {
    if (object != null && seen.size() < OBJECTS_MAX && seen.add(object)) {
      open.add(new Node(object, from, step));
    }
  }

  private Optional<Path> search() {
    while (!open.isEmpty()) {
      var node = open.remove();
      var object = node.object();
      Inside.Visitor visitor = (inner, step) -> reach(inner, node, step);
      if (object instanceof SerializedLambda lambda) {
        var owner = node.from();
        Captured.visit(lambda, owner == null ? null : owner.object().getClass().getClassLoader(),
            visitor);
      } else if (!Inside.visit(object, visitor) && object.getClass().getName().equals(culprit)) {
        return Optional.of(node.path());
      }
    }
    return Optional.empty();
  }
}
