package dev.heddle.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.TaskOptions;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Holds the program in `docs/tracing.md` to one that runs.
class TracingPageTest {
  @BeforeEach
  @AfterEach
  void noSdk() {
    GlobalOpenTelemetry.resetForTest();
  }

  static void report(List<String> files, SpanExporter exporter) throws Exception {
    try (var _ = OpenTelemetrySdk.builder()
        .setTracerProvider(SdkTracerProvider.builder()
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build()).build())
        .buildAndRegisterGlobal(); var client = Heddle.local()) {
      var report = GlobalOpenTelemetry.getTracer("shop").spanBuilder("nightly report").startSpan();
      try (var _ = report.makeCurrent()) {
        client.gather(client.map(files, String::length, TaskOptions.named("measure")));
      } finally {
        report.end();
      }
    }
  }

  /// Keeps the names of spans for longer than it lives.
  private static final class Names implements SpanExporter {
    final Queue<String> names = new ConcurrentLinkedQueue<>();

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      spans.forEach(span -> names.add(span.getName()));
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  @Test
  void theProgramOfThePageGivesTheSpansThatThePageSays() throws Exception {
    var exporter = new Names();
    report(List.of("a", "b"), exporter);
    assertThat(exporter.names).containsExactlyInAnyOrder("nightly report", "measure", "measure");
  }

  @Test
  void theProgramOfThePageIsTheOneAbove() throws Exception {
    var directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("docs/tracing.md"))) {
      directory = Objects.requireNonNull(directory.getParent());
    }
    var page = Files.readString(directory.resolve("docs/tracing.md"));
    var programs = Pattern.compile("(?s)\n```java\n(.*?)\n```").matcher(page).results()
        .map(match -> match.group(1)).toList();
    assertThat(programs).hasSize(1);
    assertThat(Files.readString(directory.resolve("heddle-opentelemetry/src/test/java")
        .resolve(TracingPageTest.class.getName().replace('.', '/') + ".java")))
        .contains(programs.getFirst());
  }
}
