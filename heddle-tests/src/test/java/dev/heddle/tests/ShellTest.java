package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heddle.wire.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// `heddle shell`, as a process, on a scheduler and two workers that are processes: what is typed, and what comes
/// through a pipe.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ShellTest {
  @TempDir
  private static Path directory;
  private static final List<JvmProcess> NODES = new ArrayList<>();
  private static Map<String, String> environment;
  private static String scheduler;
  private final List<JvmProcess> shells = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    var secretFile = directory.resolve("secret");
    Secret.create(secretFile);
    environment = Map.of("HEDDLE_SECRET_FILE", secretFile.toString(), "TERM", "xterm", "HOME",
        directory.toString());
    NODES.add(JvmProcess.heddle(environment, "scheduler", "--port", "0"));
    scheduler = NODES.getFirst().awaitWordAfter("scheduler at ");
    for (var name : List.of("one", "two")) {
      NODES.add(JvmProcess.heddle(environment, "worker", scheduler, "--name", name, "--threads",
          "1"));
    }
    for (var worker : NODES.subList(1, 3)) {
      worker.awaitLine("worker ");
    }
  }

  @AfterAll
  static void stop() {
    NODES.forEach(JvmProcess::close);
  }

  @AfterEach
  void closeShells() {
    shells.forEach(JvmProcess::close);
  }

  private JvmProcess piped(String... lines) throws Exception {
    var shell = JvmProcess.heddle(environment, "shell", scheduler);
    shells.add(shell);
    shell.type(String.join("\n", lines) + "\n");
    shell.endInput();
    return shell;
  }

  @Test
  void lambdasClassesAndVariablesTravelToBothWorkers() throws Exception {
    var shell = piped(
        "client.run(() -> ProcessHandle.current().pid())",
        "int factor = 20",
        "record Item(String name, int price) { int cost() { return price * factor; } }",
        "int doubled(int n) { return 2 * n; }",
        "var items = List.of(new Item(\"tea\", 1), new Item(\"ink\", 2))",
        "var costs = client.map(items, item -> doubled(item.cost()))",
        "\"costs \" + client.gather(costs)",
        "factor = 100",
        "\"then \" + client.submit(() -> doubled(factor)).get()",
        "var x = client.submit(() -> 40)",
        "\"from a future \" + client.submit(() -> x.get() + 2).get()");
    assertThat(shell.awaitExit()).as("%s", shell).isZero();
    assertThat(shell.awaitLine("one="))
        .contains("one=" + NODES.get(1).pid(), "two=" + NODES.get(2).pid());
    shell.awaitLine("\"costs [40, 80]\"");
    shell.awaitLine("\"then 200\"");
    shell.awaitLine("\"from a future 42\"");
  }

  @Test
  void whatCannotTravelIsRefusedWithWhatToDo() throws Exception {
    var assigning = piped("int n = 1", "client.submit(() -> { n = 7; return n; })");
    assertThat(assigning.awaitExit()).isEqualTo(1);
    assigning.awaitLine("the function assigns the shell's variable 'n'");
    var client = piped("client.submit(() -> client.workers().size()).get()", "\"never\"");
    assertThat(client.awaitExit()).isEqualTo(1);
    client.awaitLine("inside a task, Heddle.current() is the client");
    assertThat(client.output()).doesNotContain("never");
  }

  @Test
  void aScriptEndsAtItsFirstMistake() throws Exception {
    var shell = piped("\"first\"", "int x = \"text\";", "\"second\"");
    assertThat(shell.awaitExit()).isEqualTo(1);
    shell.awaitLine("first");
    shell.awaitLine("incompatible types");
    assertThat(shell.output()).doesNotContain("second");
    assertThat(piped("int half(int n) {", "  return n / 2;", "}", "/exit").awaitExit()).isZero();
  }

  @Test
  void withoutAnAddressThereIsAClusterInTheShell() throws Exception {
    var shell = JvmProcess.heddle(environment, "shell", "--threads", "1");
    shells.add(shell);
    shell.type("int n = 20\n\"here \" + client.submit(() -> n + 1).get()\n");
    shell.endInput();
    assertThat(shell.awaitExit()).as("%s", shell).isZero();
    shell.awaitLine("this is a cluster of its own");
    shell.awaitLine("\"here 21\"");
  }

  @Test
  @EnabledIf("hasTerminals")
  void atATerminalCtrlCStopsASnippetAndCtrlDEndsTheShell() throws Exception {
    var shell = JvmProcess.heddleAtTerminal(environment, "shell", scheduler);
    shells.add(shell);
    shell.awaitLine("Welcome to JShell");
    shell.type("int n = 20\r");
    shell.awaitLine("n ==> 20");
    shell.type("client.submit(() -> n + 1).get()\r");
    shell.awaitLine("==> 21");
    var held = directory.resolve("held-by-a-task");
    shell.type("int waits() throws Exception { System.out.println(\"be\" + \"gun\"); return"
        + " client.submit(() -> { var held = Files.createFile(Path.of(\"" + held + "\")); try {"
        + " new CountDownLatch(1).await(); return 1; } finally { Files.delete(held); } }).get();"
        + " }\r");
    shell.awaitLine("created method waits()");
    shell.type("waits()\r");
    shell.awaitLine("begun");
    await().until(() -> Files.exists(held));
    shell.type("\u0003");
    shell.awaitLine("InterruptedException");
    await().until(() -> !Files.exists(held));
    shell.type("\"still \" + \"here\"\r");
    shell.awaitLine("still here");
    shell.type("\u0004");
    assertThat(shell.awaitExit()).as("%s", shell).isZero();
  }

  static boolean hasTerminals() {
    return new java.io.File("/usr/bin/script").canExecute();
  }
}
