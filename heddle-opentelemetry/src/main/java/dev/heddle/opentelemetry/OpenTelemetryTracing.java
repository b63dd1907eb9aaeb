package dev.heddle.opentelemetry;

import dev.heddle.code.TaskTracing;
import dev.heddle.wire.TaskKeys;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Has OpenTelemetry record the runs of functions, with whatever SDK is registered in [GlobalOpenTelemetry] by
/// then; registers none. Made by `ServiceLoader`.
///
/// A run is a span of the kind CONSUMER, as that of a message that was pushed to its consumer is. Its parent is
/// the span in which the task was submitted, so that both are in one trace, and it is linked to it too, as
/// the conventions for messages ask for.
public final class OpenTelemetryTracing implements TaskTracing {
  private static final String SCOPE = "dev.heddle";
  private static final AttributeKey<String> KEY = AttributeKey.stringKey("heddle.key");
  private static final AttributeKey<String> WORKER = AttributeKey.stringKey("heddle.worker");
  private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("heddle.attempt");
  private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  /// Of the SDK that was registered last.
  private volatile Recorder recorder = Recorder.of(OpenTelemetry.noop());

  private record Recorder(OpenTelemetry sdk, Tracer tracer) {
    static Recorder of(OpenTelemetry sdk) {
      return new Recorder(sdk, sdk.getTracer(SCOPE));
    }
  }

  @Override
  public String context() {
    return Span.current().getSpanContext().isValid() ? TraceContext.text(Context.current()) : "";
  }

  @Override
  public <T extends @Nullable Object> T record(Run run, Callable<T> function) throws Exception {
    var tracer = tracer();
    if (tracer == null && run.context().isEmpty()) {
      return function.call();
    }
    var submitted = TraceContext.of(run.context());
    if (tracer == null) {
      // What the function submits belongs to the trace all the same.
      try (var _ = submitted.makeCurrent()) {
        return function.call();
      }
    }
    var span = tracer.spanBuilder(TaskKeys.nameOf(run.key())).setSpanKind(SpanKind.CONSUMER)
        .setParent(submitted).addLink(Span.fromContext(submitted).getSpanContext())
        .setAttribute(KEY, run.key().text()).setAttribute(WORKER, run.worker())
        .setAttribute(ATTEMPT, (long) run.attempt()).startSpan();
    try (var _ = submitted.with(span).makeCurrent()) {
      return function.call();
    } catch (Throwable failure) { // The user's function may throw anything.
      failed(span, failure);
      throw failure;
    } finally {
      span.end();
    }
  }

  /// Null where no SDK is registered. To ask for what is registered must not register that there is none.
  private @Nullable Tracer tracer() {
    var sdk = GlobalOpenTelemetry.getOrNoop();
    if (sdk.equals(OpenTelemetry.noop())) {
      return null;
    }
    var known = recorder;
    if (!known.sdk().equals(sdk)) {
      known = Recorder.of(sdk);
      recorder = known;
    }
    return known.tracer();
  }

  private static void failed(Span span, Throwable failure) {
    span.setStatus(StatusCode.ERROR).setAttribute(ERROR_TYPE, failure.getClass().getName());
    try {
      span.recordException(failure);
    } catch (RuntimeException | Error _) {
      // It is told by the user's methods, which may throw anything themselves.
    }
  }

  @Override
  public List<String> packages() {
    return GlobalOpenTelemetry.isSet()
        ? List.of("io.opentelemetry.api", "io.opentelemetry.context")
        : List.of();
  }
}
