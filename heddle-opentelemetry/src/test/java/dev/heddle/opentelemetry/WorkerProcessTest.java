package dev.heddle.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Task;
import dev.heddle.cluster.ChildOptions;
import dev.heddle.cluster.LocalCluster;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Functions that travel to a worker in a process of its own.
class WorkerProcessTest {
  private static final ChildOptions SMALL = ChildOptions.DEFAULT.withHeapBytesMax(64 << 20);
  private static final SpanContext SUBMITTER = SpanContext.create(
      "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", TraceFlags.getSampled(),
      TraceState.getDefault());
  private static final Task<String> SPAN_HERE = () -> Span.current().getSpanContext().getTraceId()
      + " " + Span.current().getSpanContext().getSpanId();

  private static String spanAt(ChildOptions options) throws Exception {
    try (var cluster = LocalCluster.processes(1, options);
        var _ = Span.wrap(SUBMITTER).makeCurrent()) {
      return cluster.client().submit(SPAN_HERE).get();
    }
  }

  /// A jar with nothing but an agent, which brings the SDK's jars.
  private static Path agent(Path directory) throws Exception {
    var manifest = new Manifest();
    var main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Premain-Class", SdkAgent.class.getName());
    main.put(Attributes.Name.CLASS_PATH,
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(path -> path.contains("opentelemetry-sdk"))
            .map(path -> Path.of(path).toUri().toString()).collect(Collectors.joining(" ")));
    var jar = directory.resolve("agent.jar");
    var resource = SdkAgent.class.getName().replace('.', '/') + ".class";
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        var in = SdkAgent.class.getResourceAsStream("SdkAgent.class")) {
      out.putNextEntry(new ZipEntry(resource));
      in.transferTo(out);
    }
    return jar;
  }

  @Test
  void aFunctionSeesTheSpanOfItsTaskInTheTraceOfItsSubmitter(@TempDir Path directory)
      throws Exception {
    var seen = spanAt(SMALL.withJavaOptions(List.of("-javaagent:" + agent(directory))));
    assertThat(seen).startsWith(SUBMITTER.getTraceId() + " ")
        .doesNotEndWith(SUBMITTER.getSpanId()).doesNotEndWith(" 0000000000000000");
  }

  @Test
  void withoutAnSdkThereAFunctionHasTheApiThatItCameWith() throws Exception {
    assertThat(spanAt(SMALL)).isEqualTo(
        SpanContext.getInvalid().getTraceId() + " " + SpanContext.getInvalid().getSpanId());
  }
}
