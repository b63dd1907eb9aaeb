package dev.heddle.metrics;

import dev.heddle.process.Durations;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The samples of one scrape, by their [Measure]. For one thread.
final class Sheet {
  private static final double NANOS = 1e9;
  private static final double[] BOUNDS_SECONDS = bounds();

  private final Map<Measure, List<DataPointSnapshot>> points = new LinkedHashMap<>();

  private static double[] bounds() {
    var nanos = Durations.boundsNanos();
    var seconds = Arrays.copyOf(Arrays.stream(nanos).mapToDouble(each -> each / NANOS).toArray(),
        nanos.length + 1);
    seconds[nanos.length] = Double.POSITIVE_INFINITY;
    return seconds;
  }

  /// @param labels the values of the measure's labels, in their order
  void gauge(Measure measure, double value, String... labels) {
    add(measure, Measure.Type.GAUGE,
        new GaugeDataPointSnapshot(value, labels(measure, labels), null));
  }

  void gauge(Measure measure, long value, String... labels) {
    gauge(measure, (double) value, labels);
  }

  void flag(Measure measure, boolean value) {
    gauge(measure, value ? 1L : 0L);
  }

  void counter(Measure measure, double value, String... labels) {
    add(measure, Measure.Type.COUNTER,
        new CounterDataPointSnapshot(value, labels(measure, labels), null, 0));
  }

  void counter(Measure measure, long value, String... labels) {
    counter(measure, (double) value, labels);
  }

  void histogram(Measure measure, Durations.Figures figures, String... labels) {
    var counts = figures.counts().stream().mapToLong(Long::longValue).toArray();
    add(measure, Measure.Type.HISTOGRAM,
        new HistogramDataPointSnapshot(ClassicHistogramBuckets.of(BOUNDS_SECONDS, counts),
            figures.sumNanos() / NANOS, labels(measure, labels),
            Exemplars.EMPTY, 0));
  }

  void summary(Measure measure, long count, double sum, String... labels) {
    add(measure, Measure.Type.SUMMARY,
        SummaryDataPointSnapshot.builder().count(count).sum(sum).labels(labels(measure, labels))
            .build());
  }

  void info(Measure measure, String... labels) {
    add(measure, Measure.Type.INFO, new InfoDataPointSnapshot(labels(measure, labels)));
  }

  private void add(Measure measure, Measure.Type type, DataPointSnapshot point) {
    if (measure.type() != type) {
      throw new IllegalArgumentException(measure.family() + " is a " + measure.type().text()
          + ", and not a " + type.text());
    }
    points.computeIfAbsent(measure, _ -> new ArrayList<>()).add(point);
  }

  private static Labels labels(Measure measure, String... values) {
    return Labels.of(measure.labels(), List.of(values));
  }

  MetricSnapshots snapshots() {
    return new MetricSnapshots(
        points.entrySet().stream().map(each -> snapshot(each.getKey(), each.getValue())).toList());
  }

  private static MetricSnapshot snapshot(Measure measure, List<DataPointSnapshot> points) {
    var about = about(measure);
    return switch (measure.type()) {
      case GAUGE -> new GaugeSnapshot(about, of(GaugeDataPointSnapshot.class, points));
      case COUNTER -> new CounterSnapshot(about, of(CounterDataPointSnapshot.class, points));
      case HISTOGRAM -> new HistogramSnapshot(about, of(HistogramDataPointSnapshot.class, points));
      case SUMMARY -> new SummarySnapshot(about, of(SummaryDataPointSnapshot.class, points));
      case INFO -> new InfoSnapshot(about, of(InfoDataPointSnapshot.class, points));
    };
  }

  private static <T> List<T> of(Class<T> type, List<DataPointSnapshot> points) {
    return points.stream().map(type::cast).toList();
  }

  private static MetricMetadata about(Measure measure) {
    return switch (measure.unit()) {
      case "seconds" -> new MetricMetadata(measure.family(), measure.meaning(), Unit.SECONDS);
      case "bytes" -> new MetricMetadata(measure.family(), measure.meaning(), Unit.BYTES);
      default -> new MetricMetadata(measure.family(), measure.meaning());
    };
  }
}
