package dev.heddle.dashboard;

import java.util.ArrayDeque;

/// How much went on, over time: the last half an hour at a point a second, or more where nobody watched.
///
/// For any number of threads.
final class History {
  private static final int POINTS_MAX = 1_800;

  /// @param tasksPerSecond since the point before
  record Point(long epochMillis, double tasksPerSecond, double bytesPerSecond, long running,
      long waiting) {}

  private final ArrayDeque<Point> points = new ArrayDeque<>();

  synchronized void add(Point point) {
    if (points.size() == POINTS_MAX) {
      points.removeFirst();
    }
    points.addLast(point);
  }

  synchronized String json() {
    var json = new Json().object().array("points");
    for (var point : points) {
      json.array().add(point.epochMillis).add(point.tasksPerSecond).add(point.bytesPerSecond)
          .add(point.running).add(point.waiting).endArray();
    }
    return json.endArray().endObject().toString();
  }
}
