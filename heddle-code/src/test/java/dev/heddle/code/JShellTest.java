package dev.heddle.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import org.junit.jupiter.api.Test;

/// Public, for what is typed in JShell to reach it.
public class JShellTest {
  /// Where a snippet leaves what it made, for the test to take.
  public static final AtomicReference<RemoteFunction> MADE = new AtomicReference<>();

  JShellTest() {}

  @Test
  void aLambdaTypedInJShellRunsOnAWorker() throws Exception {
    try (var shell = JShell.builder().executionEngine("local").build()) {
      shell.addToClasspath(System.getProperty("java.class.path"));
      for (var snippet : List.of("import dev.heddle.code.*;",
          "record Item(String name, int price) implements java.io.Serializable {}",
          "int doubled(int n) { return 2 * n; }", "var tea = new Item(\"tea\", 20);",
          "class Made { static RemoteFunction f(Item item) {"
              + " return (Task1<Integer, Integer>) n -> doubled(item.price()) + n; } }",
          "dev.heddle.code.JShellTest.MADE.set(Made.f(tea));")) {
        for (var event : shell.eval(snippet)) {
          assertThat(event.status()).as("%s", event).isEqualTo(Snippet.Status.VALID);
          assertThat(event.exception()).isNull();
        }
      }
      var client = new CodeBases(CodeLimits.DEFAULTS, new Origins(), System::nanoTime);
      var sent = Program.valuesOf(client).encode(Objects.requireNonNull(MADE.get()));
      var worker = Program.worker();
      try (var _ = worker.use(sent.codeBases(), new Wire("jshell", client, true))) {
        var there = (RemoteFunction) Objects
            .requireNonNull(Program.valuesOf(worker).decode(Wire.copy(sent)));
        assertThat(UserCode.call(there, new Object[]{2})).isEqualTo(42);
        assertThat(there.getClass().getClassLoader()).isInstanceOf(CodeBaseLoader.class);
      }
    }
  }
}
