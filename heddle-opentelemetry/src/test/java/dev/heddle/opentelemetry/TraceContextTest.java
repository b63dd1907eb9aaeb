package dev.heddle.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private static String textWith(TraceState state) {
    return TraceContext.text(Context.root().with(Span.wrap(SpanContext.create(
        "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", TraceFlags.getSampled(), state))));
  }

  private static SpanContext spanOf(String text) {
    return Span.fromContext(TraceContext.of(text)).getSpanContext();
  }

  @Test
  void aSpanIsWrittenAsW3cHasIt() {
    assertThat(textWith(TraceState.getDefault())).isEqualTo(PARENT);
    assertThat(textWith(TraceState.builder().put("vendor", "blue").build()))
        .isEqualTo(PARENT + " vendor=blue");
    assertThat(TraceContext.text(Context.root())).isEmpty();
  }

  @Test
  void aStateThatDoesNotFitStaysBehind() {
    var state = TraceState.builder();
    for (var vendor = 0; vendor < 4; vendor++) {
      state.put("vendor" + vendor, "b".repeat(250));
    }
    assertThat(textWith(state.build())).isEqualTo(PARENT);
  }

  @Test
  void whatWasWrittenIsRead() {
    var span = spanOf(PARENT + " vendor=blue");
    assertThat(span.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(span.getSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(span.isSampled()).isTrue();
    assertThat(span.isRemote()).isTrue();
    assertThat(span.getTraceState().get("vendor")).isEqualTo("blue");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "nonsense", "00-0-0-01", "00-0-0-01 vendor=blue"})
  void whatWasWrittenByNobodyIsNoSpan(String text) {
    assertThat(spanOf(text).isValid()).isFalse();
  }
}
