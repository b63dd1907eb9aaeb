/// Spans of tasks, for OpenTelemetry: what a task is submitted in goes with it, and each run of its function is
/// a span in that trace. It is found when it is on the class path, and has no process of its own.
/// ```
///   client: the current span ──► TraceContext ──► submit ──► scheduler ──► assign ──► worker: a span
///                                as text                                             around the function
/// ```
@NullMarked
package dev.heddle.opentelemetry;

import org.jspecify.annotations.NullMarked;
