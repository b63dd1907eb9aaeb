package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Client;
import dev.heddle.RemoteFuture;
import dev.heddle.Task;
import dev.heddle.cluster.ChildOptions;
import dev.heddle.cluster.LocalCluster;
import dev.heddle.values.RemoteFailureException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a function throws, and however that behaves, arrives as data: nothing hangs, what needed it
/// fails with the same, and the one worker, a process with one thread, goes on.
@Timeout(180)
class HostileFailuresTest {
  private static final int WAIT_SECONDS = 30;
  private static final int PRINTED_CHARACTERS_MAX = 256 << 10;

  private static LocalCluster cluster;
  private static Client client;
  private static long worker;

  @BeforeAll
  static void start() throws Exception {
    cluster = LocalCluster.processes(1, ChildOptions.DEFAULT.withHeapBytesMax(96L << 20));
    client = cluster.client();
    worker = workersProcess();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @AfterEach
  void theWorkerGoesOn() throws Exception {
    assertThat(workersProcess()).isEqualTo(worker);
  }

  private static long workersProcess() throws Exception {
    assertThat(cluster.deaths()).isEmpty();
    return client.submit(() -> ProcessHandle.current().pid()).get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private static ExecutionException endOf(RemoteFuture<?> future) throws Exception {
    try {
      var value = future.get(WAIT_SECONDS, TimeUnit.SECONDS);
      throw new AssertionError(future + " gave " + value);
    } catch (ExecutionException e) {
      return e;
    }
  }

  private static String printed(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  /// What the failure of `task` is for its caller, once it is seen that it can be printed, and that what needs
  /// it, and what needs that, fails with the same and names itself.
  private static Throwable failureOf(Task<?> task) throws Exception {
    var failing = client.submit(task);
    var next = client.submit(value -> String.valueOf(value), failing);
    var last = client.submit(value -> value + "!", next);
    var end = endOf(failing);
    var failure = Objects.requireNonNull(end.getCause());
    assertThat(end).hasMessageStartingWith("'" + failing.key() + "' failed: ");
    for (var dependent : List.of(next, last)) {
      var its = endOf(dependent);
      assertThat(its)
          .hasMessageStartingWith("'" + dependent.key() + "' was not computed since its input '")
          .hasMessageContaining("'" + failing.key() + "'");
      assertThat(described(Objects.requireNonNull(its.getCause()))).isEqualTo(described(failure));
    }
    assertThat(printed(end)).contains("HostileFailuresTest.java")
        .hasSizeLessThan(PRINTED_CHARACTERS_MAX);
    return failure;
  }

  private static String described(Throwable failure) {
    return failure instanceof RemoteFailureException described
        ? described.type() + " " + described.getMessage()
        : failure.getClass().getName() + ": " + failure.getMessage();
  }

  private static String typeOf(Throwable failure) {
    assertThat(failure).isInstanceOf(RemoteFailureException.class);
    return ((RemoteFailureException) failure).type();
  }

  // --- exceptions that cannot travel

  static class Base extends RuntimeException {
    private static final long serialVersionUID = 1;

    Base(String message) {
      super(message);
    }
  }

  /// A thread is not serializable.
  static final class Unserializable extends Base {
    private static final long serialVersionUID = 1;
    @SuppressWarnings("serial") // This is the point.
    final Thread thread = Thread.currentThread();

    Unserializable() {
      super("with a thread");
    }
  }

  @Test
  void oneThatIsNotSerializableIsDescribed() throws Exception {
    var failure = failureOf(() -> {
      throw new Unserializable();
    });
    assertThat(typeOf(failure)).isEqualTo(Unserializable.class.getName());
    assertThat(failure).hasMessage(Unserializable.class.getName() + ": with a thread");
    assertThat(failure.getStackTrace()[0].getFileName()).isEqualTo("HostileFailuresTest.java");
  }

  /// Made again, it throws.
  static final class Unreadable extends Base {
    private static final long serialVersionUID = 1;
    private final boolean asError;

    Unreadable(boolean asError) {
      super("cannot be made again");
      this.asError = asError;
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      if (asError) {
        throw new AssertionError("an error on the way");
      }
      throw new IllegalStateException("an exception on the way");
    }
  }

  /// What it extends is made by its constructor.
  static class Part {
    Part() {
      throw new AssertionError("constructed");
    }

    Part(int ignored) {}
  }

  static final class Whole extends Part implements Serializable {
    private static final long serialVersionUID = 1;

    Whole() {
      super(1);
    }
  }

  static final class WithPart extends Base {
    private static final long serialVersionUID = 1;
    final Whole whole = new Whole();

    WithPart() {
      super("has a part");
    }
  }

  @Test
  void oneThatThrowsWhileItIsMadeAgainIsDescribed() throws Exception {
    for (var asError : List.of(true, false)) {
      var failure = failureOf(() -> {
        throw new Unreadable(asError);
      });
      assertThat(typeOf(failure)).isEqualTo(Unreadable.class.getName());
    }
    assertThat(typeOf(failureOf(() -> {
      throw new WithPart();
    }))).isEqualTo(WithPart.class.getName());
  }

  /// One of its methods throws an error, or gives what it may not.
  @SuppressWarnings("NullAway")
  static final class Liar extends Base {
    private static final long serialVersionUID = 1;
    private final String method;

    Liar(String method) {
      super("lies");
      this.method = method;
    }

    private void in(String name) {
      // Null only while it is constructed.
      if (method != null && method.equals(name)) {
        throw new AssertionError("no " + name);
      }
    }

    @Override
    public String getMessage() {
      in("getMessage");
      return String.valueOf(super.getMessage());
    }

    @Override
    public String toString() {
      in("toString");
      return super.toString();
    }

    @Override
    public synchronized Throwable getCause() {
      in("getCause");
      return super.getCause();
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      in("getStackTrace");
      return method.equals("null")
          ? null
          : method.equals("nulls") ? new StackTraceElement[3] : super.getStackTrace();
    }

    @Override
    public void setStackTrace(StackTraceElement[] stack) {
      in("setStackTrace");
      super.setStackTrace(stack);
    }

    private Object writeReplace() {
      in("writeReplace");
      return method.equals("another") ? "no exception at all" : this;
    }
  }

  static final class CausedByLiar extends Base {
    private static final long serialVersionUID = 1;

    CausedByLiar() {
      super("outer");
    }

    @Override
    public synchronized Throwable getCause() {
      return new Liar("getMessage");
    }
  }

  @Test
  void oneWhoseMethodsThrowIsDescribedSoThatItCanBePrinted() throws Exception {
    for (var method : List.of("getMessage", "toString", "getCause", "getStackTrace", "null",
        "nulls", "writeReplace", "another")) {
      var failure = failureOf(() -> {
        throw new Liar(method);
      });
      assertThat(typeOf(failure)).as(method).isEqualTo(Liar.class.getName());
    }
    assertThat(failureOf(() -> {
      throw new Liar("setStackTrace");
    })).isInstanceOf(Liar.class);
    assertThat(failureOf(() -> {
      throw new CausedByLiar();
    })).isInstanceOf(RemoteFailureException.class);
  }

  /// Another one whenever somebody looks.
  static final class Changing extends Base {
    private static final long serialVersionUID = 1;
    private int looks;

    Changing() {
      super("changes");
    }

    @Override
    public String getMessage() {
      addSuppressed(new Changing());
      return "look " + ++looks;
    }

    @Override
    public synchronized Throwable getCause() {
      return new Changing();
    }
  }

  @Test
  void oneThatChangesWhileItIsDescribedIsBounded() throws Exception {
    var failing = client.submit(() -> {
      throw new Changing();
    });
    var dependent = client.submit(value -> value, failing);
    for (var future : List.of(failing, dependent)) {
      var end = endOf(future);
      assertThat(end).hasMessageContaining("Changing: look ");
      assertThat(typeOf(Objects.requireNonNull(end.getCause())))
          .isEqualTo(Changing.class.getName());
      assertThat(printed(end)).contains("HostileFailuresTest.java")
          .hasSizeLessThan(PRINTED_CHARACTERS_MAX);
    }
  }

  // --- errors of the machine

  private static int deeper(int n) {
    return n == Integer.MIN_VALUE ? n : deeper(n + 1) + 1;
  }

  @Test
  void stackOverflowIsAnErrorLikeOthers() throws Exception {
    assertThat(failureOf(() -> deeper(0))).isInstanceOf(StackOverflowError.class);
  }

  @Test
  void memoryThatIsNotThereIsAnErrorLikeOthers() throws Exception {
    assertThat(failureOf(() -> new long[Integer.MAX_VALUE - 8].length))
        .isInstanceOf(OutOfMemoryError.class).hasMessageContaining("heap space");
    assertThat(failureOf(() -> {
      var eaten = new ArrayList<byte[]>();
      while (eaten.size() < 1 << 20) {
        eaten.add(new byte[1 << 20]);
      }
      return eaten.size();
    })).isInstanceOf(OutOfMemoryError.class);
    assertThat(failureOf(() -> {
      var eaten = new ArrayList<Object>();
      while (true) {
        eaten.add(new Object[]{eaten});
      }
    })).isInstanceOf(OutOfMemoryError.class);
  }

  static final class Dying extends Error {
    private static final long serialVersionUID = 1;
  }

  @Test
  @SuppressWarnings("removal")
  void errorsThatEndThreadsEndNone() throws Exception {
    assertThat(failureOf(() -> {
      throw new ThreadDeath();
    })).isInstanceOf(ThreadDeath.class);
    assertThat(failureOf(() -> {
      throw new Dying();
    })).isInstanceOf(Dying.class);
  }

  @Test
  void anInterruptionThatTheFunctionMadeItselfIsItsFailure() throws Exception {
    assertThat(failureOf(() -> {
      throw new InterruptedException("by the function");
    })).isInstanceOf(InterruptedException.class).hasMessage("by the function");
    assertThat(failureOf(() -> {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("and left its thread interrupted");
    })).hasMessage("and left its thread interrupted");
  }

  // --- too much of it

  @Test
  void causesInACircleArePrintedOnce() throws Exception {
    var failure = failureOf(() -> {
      var first = new IllegalStateException("first");
      var second = new IllegalArgumentException("second", first);
      first.initCause(second);
      throw first;
    });
    assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessage("first");
    assertThat(failure.getCause()).hasMessage("second");
  }

  @Test
  void tenThousandCausesAreCut() throws Exception {
    var failure = failureOf(() -> {
      var chain = new IllegalStateException("cause 0");
      for (var i = 1; i <= 10_000; i++) {
        chain = new IllegalStateException("cause " + i, chain);
      }
      throw chain;
    });
    assertThat(failure.getMessage()).endsWith("cause 10000");
    assertThat(Objects.requireNonNull(failure.getCause()).getMessage()).endsWith("cause 9999");
  }

  @Test
  void aMessageOfTenMegabytesIsCut() throws Exception {
    var failure = failureOf(() -> {
      throw new IllegalStateException("long ".repeat(2 << 20));
    });
    assertThat(failure.getMessage()).contains("long long ").endsWith("more characters)");
  }

  @Test
  void aThousandSuppressedAreCut() throws Exception {
    var failure = failureOf(() -> {
      var all = new IllegalStateException("with many");
      for (var i = 0; i < 1_000; i++) {
        all.addSuppressed(new IOException("one of them, " + i));
      }
      throw all;
    });
    assertThat(failure.getMessage()).endsWith("with many");
    assertThat(failure.getSuppressed()).hasSizeGreaterThan(10);
    assertThat(failure.getSuppressed()[0].getMessage()).contains("one of them, 0");
  }

  // --- classes that the caller does not know

  private static final String FOREIGN = """
      public class Foreign extends RuntimeException {
        final int code = 17;
        public Foreign() { super("of no program", new IllegalStateException("inner")); }
      }
      """;

  /// Defines classes that nobody else has.
  private static final class Defining extends ClassLoader {
    Class<?> define(byte[] bytes) {
      return defineClass(null, bytes, 0, bytes.length);
    }
  }

  @Test
  void oneOfAClassThatOnlyTheWorkerHasIsDescribed(@TempDir Path directory) throws Exception {
    byte[] bytes;
    try (var program = UserProgram.compile(directory, List.of(), FOREIGN)) {
      bytes = Files.readAllBytes(program.classPath().resolve("org/example/Foreign.class"));
    }
    var failure = failureOf(() -> {
      throw (RuntimeException) new Defining().define(bytes).getConstructor().newInstance();
    });
    assertThat(typeOf(failure)).isEqualTo("org.example.Foreign");
    assertThat(failure).hasMessage("org.example.Foreign: of no program");
    assertThat(Objects.requireNonNull(failure.getCause()).getMessage()).endsWith("inner");
  }

  // --- values that the caller cannot have

  @Test
  void aResultThatCannotTravelIsSaidToWhoeverAsksForItAndToNobodyElse() throws Exception {
    var thread = client.submit(() -> Thread.currentThread());
    var name = client.submit(it -> it.getName(), thread);
    assertThat(name.get(WAIT_SECONDS, TimeUnit.SECONDS)).contains("worker-1");
    assertThatThrownBy(() -> thread.get(WAIT_SECONDS, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class).hasMessageContaining(thread.key().text())
        .hasMessageContaining("cannot be sent: java.lang.Thread; ");
  }
}
