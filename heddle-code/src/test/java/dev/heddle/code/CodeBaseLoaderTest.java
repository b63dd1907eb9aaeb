package dev.heddle.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.ContentHash;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeBaseLoaderTest {
  private static final String MAIN = """
      public class Main implements java.util.concurrent.Callable<Object> {
        public Object call() throws Exception { return Late.name(); }
        public static class Services implements dev.heddle.code.Task<Object> {
          public Object call() {
            var found = new java.util.ArrayList<String>();
            for (var service : java.util.ServiceLoader.load(Late.Service.class)) {
              found.add(service.getClass().getSimpleName());
            }
            return found;
          }
        }
        public static class Probe implements java.util.concurrent.Callable<Object> {
          public Object call() throws Exception {
            try { Class.forName("info.picocli.CommandLine"); return "there"; }
            catch (ClassNotFoundException e) { return "absent"; }
          }
        }
      }
      """;
  private static final String LATE = """
      public class Late {
        public interface Service {}
        public static class One implements Service {}
        public static class Two implements Service {}
        static String name() { return "late"; }
      }
      """;

  @TempDir
  Path directory;

  private final AtomicLong nanos = new AtomicLong();
  private final CodeBases worker = new CodeBases(
      new CodeLimits(64L << 20, Duration.ofSeconds(2), Duration.ZERO), new Origins(), nanos::get);

  private Program program() {
    return Program.of(Program.compile(directory, List.of(), MAIN, LATE));
  }

  private static CodeBaseId id(Program program) throws ClassNotFoundException {
    return program.codeBases.codeBaseOf(program.type("org.example.Main")).orElseThrow();
  }

  private Callable<?> make(CodeBaseId id, String name) throws ReflectiveOperationException {
    return (Callable<?>) worker.load(Optional.of(id), name).getConstructor().newInstance();
  }

  @Test
  void aClassBelongsToItsLoadersCodeBaseAndSharedOnesToNone() throws Exception {
    var program = program();
    assertThat(program.codeBases.codeBaseOf(program.type("org.example.Main")))
        .isEqualTo(program.codeBases.codeBaseOf(program.type("org.example.Late"))).isPresent();
    assertThat(program.codeBases.codeBaseOf(String.class)).isEmpty();
    assertThat(program.codeBases.codeBaseOf(int[].class)).isEmpty();
    assertThat(program.codeBases.codeBaseOf(java.sql.Date.class)).isEmpty();
    assertThat(program.codeBases.codeBaseOf(javax.tools.ToolProvider.class)).isEmpty();
    assertThat(program.codeBases.codeBaseOf(Task.class)).isEmpty();
    assertThat(program.codeBases.codeBaseOf(Test.class)).isPresent();
  }

  @Test
  void aHiddenClassIsRefusedByName() {
    Runnable lambda = () -> {};
    assertThatThrownBy(() -> worker.codeBaseOf(lambda.getClass()))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("$$Lambda")
        .hasMessageContaining("made at run time");
  }

  @Test
  void aWorkersOwnLibrariesAreOutOfSight() throws Exception {
    var program = Program.of(Program.compile(directory, List.of(), MAIN, LATE),
        ClassLoader.getPlatformClassLoader());
    var id = id(program);
    try (var _ = worker.use(List.of(id), Wire.to(program))) {
      assertThatThrownBy(() -> worker.load(Optional.of(id), Test.class.getName()))
          .isInstanceOf(ClassNotFoundException.class);
      assertThat(worker.load(Optional.of(id), Task.class.getName())).isSameAs(Task.class);
      assertThat(worker.load(Optional.of(id), "javax.tools.ToolProvider"))
          .isSameAs(javax.tools.ToolProvider.class);
      assertThat(make(id, "org.example.Main$Probe").call()).isEqualTo("absent");
    }
    assertThatThrownBy(() -> worker.load(Optional.empty(), Test.class.getName()))
        .isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void aMissingClassSaysWhereWasLookedAndWhatToDo() throws Exception {
    var program = program();
    var id = id(program);
    try (var _ = worker.use(List.of(id), Wire.to(program),
        new Wire("worker-2", Program.worker(), false))) {
      assertThatThrownBy(() -> worker.load(Optional.of(id), "org.example.Missing"))
          .isInstanceOf(ClassNotFoundException.class)
          .hasMessageContaining("org.example.Missing is not in code base " + id)
          .hasMessageContaining("worker-2 does not have it; client does not have it")
          .hasMessageContaining("class path of the program that submits the work");
    }
    assertThatThrownBy(() -> worker.load(Optional.of(id), "org.example.Main"))
        .isInstanceOf(ClassNotFoundException.class).hasMessageContaining("nobody holds here");
  }

  @Test
  void anAbsenceIsRememberedForAWhile() throws Exception {
    var program = program();
    var wire = Wire.to(program);
    var id = id(program);
    try (var _ = worker.use(List.of(id), wire)) {
      for (var i = 0; i < 3; i++) {
        assertThatThrownBy(() -> worker.load(Optional.of(id), "org.example.Later"))
            .isInstanceOf(ClassNotFoundException.class);
      }
      assertThat(wire.asked).hasSize(1);
      Program.compile(directory, List.of(), "public class Later {}");
      nanos.addAndGet(Duration.ofSeconds(2).toNanos());
      assertThat(worker.load(Optional.of(id), "org.example.Later")).hasPackage("org.example");
    }
  }

  @Test
  void aClassThatCouldNotBeHadForAWhileIsLoadedOnTheNextAttempt() throws Exception {
    var program = program();
    var wire = Wire.to(program);
    var id = id(program);
    try (var _ = worker.use(List.of(id), new OneByOne(wire))) {
      var main = make(id, "org.example.Main");
      wire.broken = new IOException("connection reset");
      assertThatThrownBy(main::call).isInstanceOf(CodeUnavailableException.class)
          .hasMessageContaining("org.example.Late").hasMessageContaining("connection reset");
      wire.broken = null;
      assertThat(main.call()).isEqualTo("late");
    }
  }

  @Test
  void aSourceThatIsLostForAMomentIsAskedAgain() throws Exception {
    var program = program();
    var id = id(program);
    var source = new Flickering(Wire.to(program), new AtomicInteger(3));
    var patient = new CodeBases(
        new CodeLimits(64L << 20, Duration.ofSeconds(2), Duration.ofMinutes(1)), new Origins(),
        nanos::get);
    try (var _ = patient.use(List.of(id), source)) {
      assertThat(patient.load(Optional.of(id), "org.example.Main")).hasPackage("org.example");
      assertThat(source.losses).hasNegativeValue();
    }
  }

  /// Cannot be reached so often.
  private record Flickering(Wire wire, AtomicInteger losses) implements CodeSource {
    @Override
    public Map<String, ContentHash> find(CodeBaseId codeBase, List<String> names)
        throws IOException, InterruptedException {
      if (losses.getAndDecrement() > 0) {
        throw new IOException("connection reset");
      }
      return wire.find(codeBase, names);
    }

    @Override
    public List<Optional<byte[]>> blobs(List<ContentHash> hashes)
        throws IOException, InterruptedException {
      return wire.blobs(hashes);
    }

    @Override
    public boolean isOrigin() {
      return true;
    }
  }

  @Test
  void anInterruptEndsTheWaitAndStaysSetAndPoisonsNothing() throws Exception {
    var program = program();
    var id = id(program);
    try (var _ = worker.use(List.of(id), new OneByOne(Wire.to(program)))) {
      var main = make(id, "org.example.Main");
      Thread.currentThread().interrupt();
      assertThatThrownBy(main::call).isInstanceOf(CodeUnavailableException.class)
          .hasMessageContaining("interrupted").hasCauseInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(main.call()).isEqualTo("late");
    }
  }

  /// Tells nothing ahead of time, so that each class is a question of its own.
  private record OneByOne(Wire wire) implements CodeSource {
    @Override
    public Map<String, ContentHash> find(CodeBaseId codeBase, List<String> names)
        throws IOException, InterruptedException {
      var answer = new HashMap<>(wire.find(codeBase, names));
      answer.keySet().retainAll(names);
      return answer;
    }

    @Override
    public List<Optional<byte[]>> blobs(List<ContentHash> hashes)
        throws IOException, InterruptedException {
      return wire.blobs(hashes);
    }

    @Override
    public boolean isOrigin() {
      return true;
    }
  }

  @Test
  void aDeadOrLyingSourceIsPassedOver() throws Exception {
    var program = program();
    var id = id(program);
    var dead = new Wire("worker-1", program.codeBases, false);
    dead.broken = new IOException("connection refused");
    var liar = new Wire("worker-2", program.codeBases, false);
    liar.isLying = true;
    try (var _ = worker.use(List.of(id), dead, liar, Wire.to(program))) {
      assertThat(make(id, "org.example.Main").call()).isEqualTo("late");
    }
    try (var _ = worker.use(List.of(id), dead)) {
      assertThatThrownBy(() -> worker.load(Optional.of(id), "org.example.Unheard"))
          .isInstanceOf(CodeUnavailableException.class)
          .hasMessageContaining("worker-1: java.io.IOException: connection refused")
          .hasMessageContaining("Keep that program running");
    }
  }

  @Test
  void aPeerHandsOnWhatItLoadedWithoutTheProgram() throws Exception {
    var program = program();
    var id = id(program);
    var second = Program.worker();
    try (var _ = worker.use(List.of(id), Wire.to(program))) {
      assertThat(make(id, "org.example.Main").call()).isEqualTo("late");
      var peer = new Wire("worker-1", worker, false);
      var client = Wire.to(program);
      try (var _ = second.use(List.of(id), peer, client)) {
        var main = (Callable<?>) second.load(Optional.of(id), "org.example.Main").getConstructor()
            .newInstance();
        assertThat(main.call()).isEqualTo("late");
        assertThat(main.getClass()).isNotEqualTo(make(id, "org.example.Main").getClass());
        assertThat(client.asked).isEmpty();
        assertThat(peer.asked).hasSize(2);
      }
    }
  }

  @Test
  void resourcesAndServicesAreFound() throws Exception {
    Program.compile(directory.resolve("a"), List.of(), MAIN, LATE);
    var services = "META-INF/services/org.example.Late$Service";
    var jars = new ArrayList<URL>();
    for (var entry : Map.of("one.jar", "org.example.Late$One", "two.jar", "org.example.Late$Two")
        .entrySet()) {
      jars.add(Program.jar(Files.createDirectories(directory.resolve("none")),
          directory.resolve(entry.getKey()),
          Map.of(services, entry.getValue().getBytes(StandardCharsets.UTF_8), "größe #1.txt",
              entry.getKey().getBytes(StandardCharsets.UTF_8)))
          .toUri().toURL());
    }
    jars.add(directory.resolve("a").toUri().toURL());
    try (var loader = new URLClassLoader(jars.toArray(URL[]::new),
        getClass().getClassLoader())) {
      var client = new CodeBases(CodeLimits.DEFAULTS, new Origins(), System::nanoTime);
      var id = client.codeBaseOf(loader.loadClass("org.example.Main")).orElseThrow();
      try (var _ = worker.use(List.of(id), new Wire("client", client, true))) {
        var task = (RemoteFunction) worker.load(Optional.of(id), "org.example.Main$Services")
            .getConstructor().newInstance();
        var there = task.getClass().getClassLoader();
        assertThat(Collections.list(there.getResources(services))).hasSize(2);
        try (var in = there.getResourceAsStream("größe #1.txt")) {
          assertThat(in).hasContent(jars.getFirst().getPath().endsWith("one.jar")
              ? "one.jar"
              : "two.jar");
        }
        assertThat(there.getResource("nothing.txt")).isNull();
        assertThat(there.getResource("../secret.txt")).isNull();
        assertThat(task.getClass().getProtectionDomain().getCodeSource().getLocation())
            .hasToString("heddle:code-base/" + id);
        assertThat(UserCode.call(task, new Object[0])).asInstanceOf(InstanceOfAssertFactories.LIST)
            .containsExactlyInAnyOrder("One", "Two");
      }
    }
  }

  @Test
  void aClassOfAParentLoaderIsOneClassForAll() throws Exception {
    var base = Program.compile(directory.resolve("base"), List.of(),
        "public class Base { public static int count; }");
    var child = Program.compile(directory.resolve("child"), List.of("-cp", base.toString()), """
        public class Child extends Base implements java.util.concurrent.Callable<Object> {
          public Object call() { return ++count; }
        }
        """);
    try (var parent = new URLClassLoader(new URL[]{base.toUri().toURL()},
        ClassLoader.getPlatformClassLoader())) {
      var program = Program.of(child, parent);
      var parentId = program.codeBases.codeBaseOf(parent.loadClass("org.example.Base"))
          .orElseThrow();
      var childId = program.codeBases.codeBaseOf(program.type("org.example.Child")).orElseThrow();
      assertThat(childId).isNotEqualTo(parentId);
      try (var _ = worker.use(List.of(childId), Wire.to(program))) {
        assertThat(make(childId, "org.example.Child").call()).isEqualTo(1);
        assertThat(worker.heldCount()).isEqualTo(2);
        assertThat(worker.load(Optional.of(parentId), "org.example.Base"))
            .isSameAs(worker.load(Optional.of(childId), "org.example.Base"));
        assertThat(worker.codeBaseOf(worker.load(Optional.of(childId), "org.example.Base")))
            .contains(parentId);
      }
      assertThat(worker.heldCount()).isZero();
    }
  }

  @Test
  void manyThreadsLoadAtOnceAndGetTheSameClasses() throws Exception {
    var sources = new ArrayList<String>();
    for (var i = 0; i < 60; i++) {
      sources.add("public class C%d { public static int n = %s; }".formatted(i,
          i == 0 ? "0" : "C" + (i - 1) + ".n + 1"));
    }
    var program = Program.of(Program.compile(directory, List.of(), sources.toArray(String[]::new)));
    var id = program.codeBases.codeBaseOf(program.type("org.example.C0")).orElseThrow();
    var barrier = new CyclicBarrier(8);
    try (var _ = worker.use(List.of(id), new OneByOne(Wire.to(program)));
        var threads = Executors.newFixedThreadPool(8)) {
      var results = new ArrayList<Future<List<Class<?>>>>();
      for (var t = 0; t < 8; t++) {
        var seed = t;
        results.add(threads.submit(() -> {
          barrier.await();
          var loaded = new ArrayList<Class<?>>();
          for (var i = 0; i < 60; i++) {
            var at = seed % 2 == 0 ? i : 59 - i;
            loaded.add(worker.load(Optional.of(id), "org.example.C" + at));
          }
          return seed % 2 == 0 ? loaded : loaded.reversed();
        }));
      }
      for (var result : results) {
        assertThat(result.get()).isEqualTo(results.getFirst().get());
      }
      assertThat(results.getFirst().get().getLast().getField("n").getInt(null)).isEqualTo(59);
    }
  }

  @Test
  void aProgramInThisJvmIsNotLoadedASecondTime() throws Exception {
    var origins = new Origins();
    var one = new CodeBases(CodeLimits.DEFAULTS, origins, System::nanoTime);
    var other = new CodeBases(CodeLimits.DEFAULTS, origins, System::nanoTime);
    var type = program().type("org.example.Main");
    var id = one.codeBaseOf(type).orElseThrow();
    try (var _ = other.use(List.of(id))) {
      assertThat(other.load(Optional.of(id), "org.example.Main")).isSameAs(type);
      assertThat(other.heldCount()).isZero();
    }
  }

  @Test
  void namesThatLeadOutOfTheProgramAreNotAnswered() throws Exception {
    var program = program();
    Files.writeString(directory.resolveSibling("outside.txt"), "secret");
    for (var name : List.of("../outside.txt", "/etc/passwd", "", "a/../../outside.txt",
        "heddle:00/x")) {
      assertThat(program.codeBases.find(id(program), List.of(name))).as(name).isEmpty();
    }
    assertThat(program.codeBases.find(new CodeBaseId(1, 1), List.of("a"))).isEmpty();
  }
}
