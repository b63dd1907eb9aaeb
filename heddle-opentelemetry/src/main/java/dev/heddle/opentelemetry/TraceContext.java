package dev.heddle.opentelemetry;

import dev.heddle.wire.Message;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.HashMap;
import java.util.Map;

/// A span as it travels: W3C's `traceparent`, and after a blank the `tracestate`, if there is one.
final class TraceContext {
  private static final String PARENT = "traceparent";
  private static final String STATE = "tracestate";
  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

  private TraceContext() {}

  /// The text of a context's span; empty if it has none. A state that does not fit stays behind.
  static String text(Context context) {
    var fields = new HashMap<String, String>();
    W3C.inject(context, fields, (_, field, value) -> fields.put(field, value));
    var parent = fields.getOrDefault(PARENT, "");
    var both = parent + " " + fields.getOrDefault(STATE, "");
    // Both are ASCII.
    return fields.containsKey(STATE) && both.length() <= Message.Trace.CONTEXT_BYTES_MAX
        ? both
        : parent;
  }

  /// A context with the span that [#text] was made of, and nothing else; without any if it was made of none.
  static Context of(String text) {
    var blank = text.indexOf(' ');
    var fields = blank < 0
        ? Map.of(PARENT, text)
        : Map.of(PARENT, text.substring(0, blank), STATE, text.substring(blank + 1));
    return W3C.extract(Context.root(), fields, (_, field) -> fields.get(field));
  }
}
