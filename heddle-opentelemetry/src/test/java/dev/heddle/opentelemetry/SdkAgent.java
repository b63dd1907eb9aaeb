package dev.heddle.opentelemetry;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;

/// A Java agent that registers an SDK, as those that people use do.
public final class SdkAgent {
  private SdkAgent() {}

  /// Called by the JVM before the main class.
  public static void premain(String arguments) {
    OpenTelemetrySdk.builder().setTracerProvider(SdkTracerProvider.builder()
        .addSpanProcessor(SimpleSpanProcessor.create(InMemorySpanExporter.create())).build())
        .buildAndRegisterGlobal();
  }
}
