package dev.heddle.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.values.Values;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A code base that nobody uses any more leaves nothing behind.
class UnloadingTest {
  private static final String BUSY = """
      import dev.heddle.code.*;
      import java.util.*;
      public class Busy {
        public interface Service { String name(); }
        public static class Provider implements Service { public String name() { return "p"; } }
        enum Colour { RED, GREEN }
        record Point(int x, Colour colour) {}
        public record Kept(Point point) implements java.io.Serializable {}
        static class Trouble extends RuntimeException { final Kept kept = new Kept(null); }
        static final ThreadLocal<int[]> SCRATCH = ThreadLocal.withInitial(() -> new int[10]);
        static final ClassValue<String> NAMES = new ClassValue<>() {
          protected String computeValue(Class<?> type) { return type.getName(); }
        };
        public static RemoteFunction everything() {
          return (Task<Object>) () -> {
            for (var service : ServiceLoader.load(Service.class)) { service.name(); }
            try { throw new Trouble(); } catch (Trouble e) { e.getStackTrace(); }
            var text = switch (Colour.valueOf("RED")) { case RED -> "r"; case GREEN -> "g"; };
            Comparator<Point> order = Comparator.comparing(Point::x);
            var proxy = (Service) java.lang.reflect.Proxy.newProxyInstance(
                Service.class.getClassLoader(), new Class<?>[] {Service.class}, (p, m, a) -> text);
            SCRATCH.get()[0]++;
            NAMES.get(Busy.class);
            String.format("%s %s", new EnumMap<>(Map.of(Colour.RED, proxy.name())), new Point(1, null));
            return new Kept(new Point(order.hashCode(), Colour.GREEN));
          };
        }
        public static RemoteFunction failing() {
          return (Task<Object>) () -> { throw new Trouble(); };
        }
      }
      """;

  @TempDir
  Path directory;

  private final CodeBases worker = Program.worker();
  private final Values values = Program.valuesOf(worker);

  private Program program() throws Exception {
    Program.compile(directory, List.of(), BUSY);
    Files.write(Files.createDirectories(directory.resolve("META-INF/services"))
        .resolve("org.example.Busy$Service"),
        "org.example.Busy$Provider".getBytes(StandardCharsets.UTF_8));
    return Program.of(directory);
  }

  /// Waits until the collector has taken the loader, at most 100 collections.
  private static boolean isCollected(WeakReference<?> reference,
      ReferenceQueue<? super ClassLoader> queue) throws InterruptedException {
    for (var i = 0; i < 100; i++) {
      System.gc();
      if (reference.equals(queue.remove(50))) {
        return true;
      }
    }
    return false;
  }

  private final ReferenceQueue<ClassLoader> queue = new ReferenceQueue<>();

  private WeakReference<ClassLoader> runAndStore(Program client, List<Use> stored)
      throws Exception {
    var wire = Wire.to(client);
    for (var method : List.of("everything", "failing")) {
      var sent = Wire.copy(client.values.encode(client.function("org.example.Busy", method)));
      try (var _ = worker.use(sent.codeBases(), wire)) {
        var function = (RemoteFunction) Objects.requireNonNull(values.decode(sent));
        var result = outcome(function);
        var back = values.encode(result);
        assertThat(values.decode(back)).isNotNull();
        assertThat(Values.sizeOf(result)).isPositive();
        stored.add(worker.use(back.codeBases()));
        if (method.equals("failing")) {
          return new WeakReference<>(function.getClass().getClassLoader(), queue);
        }
      }
    }
    throw new AssertionError("the last method returns");
  }

  private static @Nullable Object outcome(RemoteFunction function) {
    try {
      return UserCode.call(function, new Object[0]);
    } catch (Exception e) {
      return e;
    }
  }

  @Test
  void theLoaderGoesWithItsLastUse() throws Exception {
    var stored = new ArrayList<Use>();
    WeakReference<ClassLoader> loader;
    // The thread has locals of users' classes, so it goes too, as a worker's threads do.
    try (var thread = Executors.newSingleThreadExecutor()) {
      var client = program();
      Callable<WeakReference<ClassLoader>> work = () -> runAndStore(client, stored);
      loader = thread.submit(work).get();
    }
    System.gc();
    assertThat(worker.heldCount()).isEqualTo(1);
    assertThat(loader.get()).as("a stored value holds its code base").isNotNull();
    stored.forEach(Use::close);
    stored.forEach(Use::close);
    assertThat(worker.heldCount()).isZero();
    assertThat(isCollected(loader, queue)).as("the loader was unloaded").isTrue();
  }

  private WeakReference<ClassLoader> encodeOnly() throws Exception {
    try (var client = program()) {
      var own = new CodeBases();
      var payload = Program.valuesOf(own).encode(client.function("org.example.Busy", "everything"));
      assertThat(own.find(payload.codeBases().getFirst(), List.of("org/example/Busy.class")))
          .containsKey("org/example/Busy.class");
      try (var _ = own.use(payload.codeBases())) {
        assertThat(own.heldCount()).isZero();
      }
      return new WeakReference<>(client.loader(), queue);
    }
  }

  @Test
  void aProgramsOwnLoaderIsNotHeldByBeingShownToOthers() throws Exception {
    var loader = encodeOnly();
    assertThat(isCollected(loader, queue)).isTrue();
  }

  @Test
  void aSourceIsForgottenWithItsUse() throws Exception {
    var client = program();
    var sent = client.values.encode(client.function("org.example.Busy", "everything"));
    var id = sent.codeBases().getFirst();
    var wire = Wire.to(client);
    try (var _ = worker.use(List.of(id))) {
      try (var _ = worker.use(List.of(id), wire, wire)) {
        assertThat(worker.load(Optional.of(id), "org.example.Busy")).isNotNull();
      }
      assertThatThrownBy(
          () -> worker.load(Optional.of(id), "org.example.Busy$Elsewhere"))
          .isInstanceOf(CodeUnavailableException.class)
          .hasMessageContaining("nobody is connected who could have it");
    }
  }
}
