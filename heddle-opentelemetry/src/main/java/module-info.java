/// Spans of tasks, for OpenTelemetry.
module dev.heddle.opentelemetry {
  requires static transitive org.jspecify;
  requires dev.heddle.code;
  requires dev.heddle.wire;
  requires io.opentelemetry.api;
  requires io.opentelemetry.context;

  provides dev.heddle.code.TaskTracing with dev.heddle.opentelemetry.OpenTelemetryTracing;
}
