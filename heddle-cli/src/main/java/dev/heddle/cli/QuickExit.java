package dev.heddle.cli;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Ends this process at once. [Runtime#halt] takes 300 ms where a thread is in native code, as one that waits for
/// connections always is; `_exit(2)` takes none. It is called where this JVM was started with
/// `--enable-native-access=ALL-UNNAMED`, as the launcher does, and on Linux, since only there is it known which file
/// of the JVM it leaves behind.
final class QuickExit {
  private static volatile @Nullable MethodHandle exit;

  private QuickExit() {}

  /// Makes it quick from now on, where it can be. Takes 0.1 s of a processor, once.
  @SuppressWarnings("restricted")
  static void prepare() {
    if (exit == null && System.getProperty("os.name").equals("Linux")
        && QuickExit.class.getModule().isNativeAccessEnabled()) {
      var linker = Linker.nativeLinker();
      exit = linker.defaultLookup().find("_exit")
          .map(function -> linker.downcallHandle(function,
              FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT)))
          .orElse(null);
    }
  }

  /// Does not return.
  static void now(int code) {
    if (exit instanceof MethodHandle prepared) {
      try {
        Files.deleteIfExists(Path.of("/tmp", "hsperfdata_" + System.getProperty("user.name"),
            String.valueOf(ProcessHandle.current().pid())));
        prepared.invokeExact(code);
      } catch (IOException e) {
        // The JVM removes its file itself, in its own time.
      } catch (Throwable e) {
        throw new AssertionError("_exit throws nothing", e);
      }
    }
    Runtime.getRuntime().halt(code);
  }
}
