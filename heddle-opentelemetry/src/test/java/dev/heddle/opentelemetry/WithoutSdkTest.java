package dev.heddle.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.TaskOptions;
import dev.heddle.cluster.LocalCluster;
import dev.heddle.code.TaskTracing;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The module is there, and nothing that records.
class WithoutSdkTest {
  @BeforeEach
  void noSdk() {
    GlobalOpenTelemetry.resetForTest();
  }

  @Test
  void aTaskHasNoSpanAndNoneIsRegistered() throws Exception {
    try (var cluster = LocalCluster.inJvm(1, 1)) {
      assertThat(cluster.client().submit(() -> Span.current().getSpanContext().isValid()).get())
          .isFalse();
    }
    assertThat(GlobalOpenTelemetry.isSet()).isFalse();
    assertThat(TaskTracing.ofThisProcess()).hasValueSatisfying(tracing -> {
      assertThat(tracing).isInstanceOf(OpenTelemetryTracing.class);
      assertThat(tracing.context()).isEmpty();
      assertThat(tracing.packages()).isEmpty();
    });
  }

  /// Somebody else's instrumentation may have read it from a request.
  @Test
  void aTraceFromElsewhereGoesOnThroughTasks() throws Exception {
    var elsewhere = SpanContext.create("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331",
        TraceFlags.getSampled(), TraceState.getDefault());
    try (var cluster = LocalCluster.inJvm(1, 2); var _ = Span.wrap(elsewhere).makeCurrent()) {
      assertThat(cluster.client().submit(() -> Heddle.current()
          .submit(() -> Span.current().getSpanContext().getSpanId(), TaskOptions.named("inner"))
          .get()).get()).isEqualTo("b7ad6b7169203331");
    }
  }
}
