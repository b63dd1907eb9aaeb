package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.junit.Faults;
import dev.heddle.tests.Page.Block;
import dev.heddle.wire.Secret;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// Every Java snippet of the documentation compiles and does what the page says, on a scheduler and two workers, a
/// process each, which learn of its classes from this one. See [SnippetProgram] for what stands before a snippet.
@Timeout(120)
class SnippetsTest {
  @TempDir
  private static Path home;
  private static final String USER_HOME = System.getProperty("user.home");
  private static final List<JvmProcess> nodes = new ArrayList<>();
  private static final List<SnippetProgram.Source> sources = new ArrayList<>();
  private static List<SnippetProgram> programs = List.of();
  private static URLClassLoader loader;

  @BeforeAll
  static void start() throws Exception {
    // Programs of the pages take the user's own secret.
    System.setProperty("user.home", home.toString());
    System.setProperty(Faults.SEED_PROPERTY, "967515487");
    Secret.user();
    var environment = Map.of(Secret.FILE_VARIABLE, home.resolve(".heddle/secret").toString());
    var scheduler = JvmProcess.heddle(environment, "scheduler", "--port", "0", "--dashboard-port",
        "none");
    nodes.add(scheduler);
    var address = "heddle://" + scheduler.awaitWordAfter("heddle://");
    for (var name : List.of("worker-1", "worker-2")) {
      nodes.add(JvmProcess.heddle(environment, "worker", address, "--name", name, "--threads", "2",
          "--resource", "GPU=1", "--spill-directory", home.resolve("spill").toString()));
    }
    loader = compile(address);
    for (var worker : nodes.subList(1, nodes.size())) {
      worker.awaitLine("heddle://");
    }
  }

  @AfterAll
  static void stop() throws Exception {
    System.setProperty("user.home", USER_HOME);
    System.clearProperty(Faults.SEED_PROPERTY);
    nodes.reversed().forEach(JvmProcess::close);
    loader.close();
  }

  private static URLClassLoader compile(String address) throws Exception {
    var all = new ArrayList<SnippetProgram>();
    Page.all().forEach(page -> all.addAll(SnippetProgram.of(page, all.size())));
    programs = all;
    all.forEach(program -> sources.add(program.source(address)));
    var classes = Files.createDirectory(home.resolve("classes"));
    var said = new DiagnosticCollector<JavaFileObject>();
    ToolProvider.getSystemJavaCompiler().getTask(null, null, said, List.of("-d",
        classes.toString(), "-Xlint:deprecation,rawtypes,unchecked,removal", "-proc:none",
        "-implicit:none"), null, sources).call();
    var mistakes = said.getDiagnostics().stream().map(each -> (each
        .getSource() instanceof SnippetProgram.Source source
            ? source.placeOf(each.getLineNumber())
            : "?")
        + ": " + each.getMessage(null)).toList();
    assertThat(mistakes).isEmpty();
    return new URLClassLoader("snippets", new URL[]{classes.toUri().toURL()},
        SnippetsTest.class.getClassLoader());
  }

  @TestFactory
  Stream<DynamicTest> aSnippetDoesWhatItsPageSays() {
    return programs.stream().filter(SnippetProgram::isRun)
        .map(program -> DynamicTest.dynamicTest(program.place(), () -> run(program)));
  }

  private static void run(SnippetProgram program) throws Exception {
    var type = loader.loadClass(program.className());
    if (program.isTest()) {
      assertThat(failuresOf(type)).as(program.place()).isEmpty();
      return;
    }
    var out = new ByteArrayOutputStream();
    var before = System.out;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      call(type);
    } catch (InvocationTargetException e) {
      var thrown = Objects.requireNonNull(e.getCause());
      throw new AssertionError(placeIn(program, thrown) + ": " + thrown, thrown);
    } finally {
      System.setOut(before);
    }
    var lines = out.toString(StandardCharsets.UTF_8).lines().map(String::stripTrailing).toList();
    for (var i = 0; i < Math.min(lines.size(), program.printed().size()); i++) {
      var expected = program.printed().get(i);
      assertThat(lines.get(i)).as(expected.place()).matches(expected.text());
    }
    assertThat(lines).as("what the program of %s printed", program.place())
        .hasSameSizeAs(program.printed());
  }

  private static void call(Class<?> type) throws ReflectiveOperationException {
    var main = Arrays.stream(type.getDeclaredMethods())
        .filter(method -> method.getName().equals("main")).findFirst().orElseThrow();
    main.setAccessible(true);
    if (main.getParameterCount() == 0) {
      main.invoke(null);
    } else {
      main.invoke(null, (Object) new String[0]);
    }
  }

  private static String placeIn(SnippetProgram program, Throwable thrown) {
    var source = sources.stream().filter(each -> each.isOf(program)).findFirst().orElseThrow();
    return Arrays.stream(thrown.getStackTrace())
        .filter(frame -> frame.getClassName().startsWith(program.className())).findFirst()
        .map(frame -> source.placeOf(frame.getLineNumber())).orElse(program.place());
  }

  private static List<Throwable> failuresOf(Class<?> test) {
    var failures = new ArrayList<Throwable>();
    var ended = new ArrayList<String>();
    LauncherFactory.create().execute(
        LauncherDiscoveryRequestBuilder.request().selectors(DiscoverySelectors.selectClass(test))
            .build(),
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier one, TestExecutionResult result) {
            if (one.isTest()) {
              ended.add(one.getDisplayName());
            }
            result.getThrowable().ifPresent(failures::add);
          }
        });
    assertThat(ended).as("tests in %s", test).isNotEmpty();
    return failures;
  }

  @Test
  void noSnippetIsLeftOutWithoutAReason() {
    assertThat(Page.all().stream().flatMap(page -> page.blocks().stream())
        .filter(block -> block.language().equals("java")).map(SnippetsTest::commentOf)
        .filter(says -> !says.matches(
            "|with|continues|members|compile only: \\S.{10,}|tested: TracingPageTest"
                + "|other: (Hazelcast|Ignite|Ray|plain Java)")))
        .isEmpty();
  }

  private static String commentOf(Block block) {
    return block.comment().isEmpty()
        ? ""
        : block.comment().getFirst().text();
  }
}
