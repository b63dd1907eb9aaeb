package dev.heddle.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.Instruction;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExitGuardTest {
  /// The lines of the calls are part of the test.
  private static final String QUITTER = """
      public class Quitter implements java.util.concurrent.Callable<Object> {
        private final int how;
        public Quitter(int how) { this.how = how; }
        public Object call() {
          long before = 7L; double other = 1.5;
          switch (how) {
            case 0:
              System.exit(3);
              return before;
            case 1:
              Runtime.getRuntime().exit(how > 0 ? 4 : 5);
              return other;
            case 2:
              Runtime.getRuntime().halt(6);
              return null;
            case 3:
              java.util.function.IntConsumer exit = System::exit;
              exit.accept(7);
              return null;
            case 4:
              java.util.function.IntConsumer halt = Runtime.getRuntime()::halt;
              halt.accept(8);
              return null;
            case 1000:
              System.gc();
              Runtime.getRuntime().availableProcessors();
              return "other methods work";
            default:
              try { System.exit(9); } catch (SecurityException e) { return "caught"; }
              return null;
          }
        }
      }
      """;

  @TempDir
  Path directory;

  /// Defines what it is given, as a worker's loader would.
  private static final class Definer extends ClassLoader {
    Class<?> define(byte[] bytes) {
      return defineClass(null, bytes, 0, bytes.length);
    }
  }

  private Callable<?> quitter(String release, int how) throws Exception {
    Program.compile(directory, List.of("--release", release), QUITTER);
    var guarded = ExitGuard
        .guard(Files.readAllBytes(directory.resolve("org/example/Quitter.class")));
    return (Callable<?>) new Definer().define(guarded).getConstructor(int.class).newInstance(how);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "11", "17", "25"})
  void everyWayOutIsRefused(String release) throws Exception {
    var calls = List.of("System.exit(3)", "Runtime.exit(4)", "Runtime.halt(6)", "System.exit(7)",
        "Runtime.halt(8)");
    for (var how = 0; how < calls.size(); how++) {
      assertThatThrownBy(quitter(release, how)::call).isInstanceOf(ExitRefusedException.class)
          .hasMessageContaining("the task called " + calls.get(how) + " at ");
    }
    assertThat(quitter(release, 1000).call()).isEqualTo("other methods work");
    assertThat(quitter(release, 5).call()).isEqualTo("caught");
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "25"})
  void theRefusalNamesTheLineAndTheStackKeepsIt(String release) throws Exception {
    assertThatThrownBy(quitter(release, 0)::call)
        .hasMessageContaining("org.example.Quitter.call (Quitter.java:9)")
        .satisfies(failure -> assertThat(failure.getStackTrace())
            .anySatisfy(frame -> assertThat(frame.getLineNumber()).isEqualTo(9)))
        .satisfies(failure -> assertThat(((ExitRefusedException) failure).status()).isEqualTo(3));
    assertThatThrownBy(quitter(release, 1)::call).hasMessageContaining("Quitter.java:12");
  }

  @Test
  void aClassThatMentionsNoneOfThemIsLeftAlone() throws IOException {
    var plain = bytes(ExitGuardTest.class);
    assertThat(ExitGuard.guard(plain)).isSameAs(plain);
  }

  @Test
  void everyClassOfALargeLibraryIsWalkedToItsEnd() throws Exception {
    var home = FileSystems.getFileSystem(URI.create("jrt:/"));
    var walked = 0;
    try (var files = Files.walk(home.getPath("/modules/java.base/java/util"))) {
      for (var file : files.filter(name -> name.toString().endsWith(".class")).toList()) {
        var bytes = Files.readAllBytes(file);
        var pool = ConstantPool.of(bytes);
        var calls = new int[1];
        Instructions.visit(ByteBuffer.wrap(bytes), pool, _ -> calls[0]++);
        assertThat(calls[0]).as("%s", file).isEqualTo(instructions(bytes));
        walked++;
      }
    }
    assertThat(walked).isGreaterThan(1000);
  }

  private static int instructions(byte[] bytes) {
    return ClassFile.of().parse(bytes).methods().stream()
        .flatMap(method -> method.code().stream())
        .mapToInt(code -> (int) code.elementStream()
            .filter(element -> element instanceof Instruction).count())
        .sum();
  }

  @Test
  void damagedClassFilesPassThroughToWhoeverReportsThem() throws Exception {
    Program.compile(directory, List.of(), QUITTER);
    var whole = Files.readAllBytes(directory.resolve("org/example/Quitter.class"));
    for (var length = 0; length < whole.length; length += 7) {
      var cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> new Definer().define(ExitGuard.guard(cut)))
          .isInstanceOf(ClassFormatError.class);
    }
  }

  private static byte[] bytes(Class<?> type) throws IOException {
    try (var in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }
}
