package dev.heddle.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Client;
import dev.heddle.Heddle;
import dev.heddle.TaskOptions;
import dev.heddle.cluster.LocalCluster;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What an SDK is told of the tasks of a cluster in this JVM.
class SpansTest {
  private static final InMemorySpanExporter SPANS = InMemorySpanExporter.create();
  private static OpenTelemetrySdk sdk;
  private static LocalCluster cluster;
  private static Client client;

  private final Span request = GlobalOpenTelemetry.getTracer("test").spanBuilder("request")
      .startSpan();

  @BeforeAll
  static void start() throws Exception {
    GlobalOpenTelemetry.resetForTest();
    sdk = OpenTelemetrySdk.builder().setTracerProvider(SdkTracerProvider.builder()
        .addSpanProcessor(SimpleSpanProcessor.create(SPANS)).build()).buildAndRegisterGlobal();
    cluster = LocalCluster.inJvm(1, 2);
    client = cluster.client();
  }

  @BeforeEach
  void forget() {
    SPANS.reset();
  }

  @AfterEach
  void endOfRequest() {
    request.end();
  }

  @AfterAll
  static void stop() {
    cluster.close();
    sdk.close();
    GlobalOpenTelemetry.resetForTest();
  }

  private static final class Mute extends IllegalStateException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new UnsupportedOperationException("silence");
    }
  }

  private static Attributes attributes(String key, long attempt) {
    return Attributes.of(AttributeKey.stringKey("heddle.key"), key,
        AttributeKey.stringKey("heddle.worker"), "worker-1",
        AttributeKey.longKey("heddle.attempt"), attempt);
  }

  private static SpanData theOnly(String name) {
    var all = SPANS.getFinishedSpanItems().stream().filter(span -> span.getName().equals(name))
        .toList();
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  @Test
  void eachTaskOfAMapIsASpanUnderTheOneItWasSubmittedIn() throws Exception {
    List<String> keys;
    try (var _ = request.makeCurrent()) {
      var lengths = client.map(List.of("warp", "weft", "heddle"), String::length,
          TaskOptions.named("measure"));
      assertThat(client.gather(lengths)).containsExactly(4, 4, 6);
      keys = lengths.stream().map(future -> future.key().text()).toList();
    }
    assertThat(SPANS.getFinishedSpanItems()).hasSize(3).allSatisfy(span -> {
      assertThat(span.getName()).isEqualTo("measure");
      assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
      assertThat(span.getTraceId()).isEqualTo(request.getSpanContext().getTraceId());
      assertThat(span.getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
      assertThat(span.getLinks()).extracting(LinkData::getSpanContext)
          .extracting(SpanContext::getSpanId)
          .containsExactly(request.getSpanContext().getSpanId());
      assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }).extracting(span -> span.getAttributes().asMap()).containsExactlyInAnyOrderElementsOf(
        keys.stream().map(key -> attributes(key, 1).asMap()).toList());
  }

  @Test
  void eachAttemptThatFailsIsASpanWithWhatWasThrown() {
    try (var _ = request.makeCurrent()) {
      assertThatThrownBy(() -> client.submit(() -> {
        throw new IllegalStateException("no more yarn");
      }, TaskOptions.named("weave").retries(1)).get()).isInstanceOf(ExecutionException.class);
    }
    var attempts = SPANS.getFinishedSpanItems();
    assertThat(attempts).hasSize(2).allSatisfy(span -> {
      assertThat(span.getName()).isEqualTo("weave");
      assertThat(span.getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
      assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
      assertThat(span.getAttributes().get(AttributeKey.stringKey("error.type")))
          .isEqualTo("java.lang.IllegalStateException");
      assertThat(span.getEvents()).singleElement().satisfies(event -> assertThat(
          event.getAttributes().get(AttributeKey.stringKey("exception.message")))
          .isEqualTo("no more yarn"));
    });
    assertThat(attempts)
        .extracting(span -> span.getAttributes().get(AttributeKey.longKey("heddle.attempt")))
        .containsExactly(1L, 2L);
  }

  @Test
  void anExceptionThatCannotBeToldFailsTheTaskLikeAnother() {
    assertThatThrownBy(() -> client.submit(() -> {
      throw new Mute();
    }, TaskOptions.named("mute")).get()).isInstanceOf(ExecutionException.class);
    assertThat(theOnly("mute").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
  }

  @Test
  void whatATaskSubmitsBelongsToTheTask() throws Exception {
    try (var _ = request.makeCurrent()) {
      assertThat(client.submit(() -> Heddle.current()
          .submit(() -> 20 + 1, TaskOptions.named("inner")).get() * 2, TaskOptions.named("outer"))
          .get()).isEqualTo(42);
    }
    var outer = theOnly("outer");
    var inner = theOnly("inner");
    assertThat(outer.getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
    assertThat(inner.getParentSpanId()).isEqualTo(outer.getSpanId());
    assertThat(inner.getTraceId()).isEqualTo(request.getSpanContext().getTraceId());
  }

  @Test
  void theSpansOfAFunctionAreChildrenOfItsTasks() throws Exception {
    try (var _ = request.makeCurrent()) {
      client.submit(() -> GlobalOpenTelemetry.getTracer("test").spanBuilder("query").startSpan()
          .end(), TaskOptions.named("report")).get();
    }
    assertThat(theOnly("query").getParentSpanId()).isEqualTo(theOnly("report").getSpanId());
  }

  @Test
  void aTaskThatIsSubmittedInNoSpanBeginsATrace() throws Exception {
    try (var _ = request.makeCurrent()) {
      client.submit(() -> 1, TaskOptions.named("traced")).get();
    }
    client.submit(() -> 2, TaskOptions.named("alone")).get();
    var alone = theOnly("alone");
    assertThat(alone.getParentSpanContext().isValid()).isFalse();
    assertThat(alone.getLinks()).isEmpty();
    assertThat(alone.getTraceId()).isNotEqualTo(theOnly("traced").getTraceId());
  }

  @Test
  void theStateOfATraceGoesWithItWhereItFits() throws Exception {
    assertThat(stateAtTask("vendor", "blue")).isEqualTo("blue");
    assertThat(stateAtTask("vendor", "b".repeat(256))).isEqualTo("b".repeat(256));
  }

  private String stateAtTask(String vendor, String value) throws Exception {
    var outside = Span.wrap(SpanContext.create("0af7651916cd43dd8448eb211c80319c",
        "b7ad6b7169203331", TraceFlags.getSampled(),
        TraceState.builder().put(vendor, value).build()));
    try (var _ = outside.makeCurrent()) {
      return client.submit(() -> String.valueOf(
          Span.current().getSpanContext().getTraceState().get("vendor"))).get();
    }
  }

  @Test
  void aPureTaskIsCalledLikeItsFunction() throws Exception {
    client.submit(() -> 3, TaskOptions.named("constant").pure()).get();
    assertThat(theOnly("constant").getAttributes().get(AttributeKey.stringKey("heddle.key")))
        .startsWith("constant-").contains("@");
  }

  @Test
  void aReplayIsNoRunOfAWorker() throws Exception {
    var future = client.submit(() -> 4, TaskOptions.named("again"));
    assertThat(future.get()).isEqualTo(4);
    assertThat(client.replay(future)).isEqualTo(4);
    theOnly("again");
  }
}
