package dev.heddle.worker;

import dev.heddle.code.TaskScope;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// Keeps what functions print to `System.out` and `System.err`, beside printing it: for a process that is a
/// worker. Nothing else is kept, and whoever prints nothing pays nothing.
///
/// What a thread prints belongs to the function that it runs; a thread that the function started by itself
/// runs none.
public final class StandardStreams {
  private static boolean isKept;

  private StandardStreams() {}

  /// From now on, for as long as this JVM runs: `System.out` and `System.err` are replaced. Does
  /// nothing the second time.
  public static synchronized void keep() {
    if (!isKept) {
      isKept = true;
      System.setOut(kept(System.out, Printed.Stream.OUT));
      System.setErr(kept(System.err, Printed.Stream.ERR));
    }
  }

  /// How many bytes the function that this thread runs has printed by now, logged lines that were kept
  /// included; -1 if it runs none.
  public static long printedHere() {
    return TaskScope.current().orElse(null) instanceof RunningTask task ? task.printedBytes() : -1;
  }

  /// Keeps a line that the function which this thread runs has logged, and which went neither to `System.out`
  /// nor to `System.err`. Does nothing if it runs none.
  ///
  /// @param text without a line end, or several lines
  public static void keepLogged(String text) {
    if (TaskScope.current().orElse(null) instanceof RunningTask task) {
      var bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
      task.prints(Printed.Stream.LOG, bytes, 0, bytes.length, StandardCharsets.UTF_8);
    }
  }

  private static PrintStream kept(PrintStream to, Printed.Stream stream) {
    return new PrintStream(new Kept(to, stream, to.charset()), true, to.charset());
  }

  private static final class Kept extends OutputStream {
    private final PrintStream to;
    private final Printed.Stream stream;
    private final Charset charset;

    Kept(PrintStream to, Printed.Stream stream, Charset charset) {
      this.to = to;
      this.stream = stream;
      this.charset = charset;
    }

    @Override
    public void write(int b) {
      write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      to.write(bytes, offset, length);
      if (TaskScope.current().orElse(null) instanceof RunningTask task) {
        task.prints(stream, bytes, offset, length, charset);
      }
    }

    @Override
    public void flush() throws IOException {
      to.flush();
    }
  }
}
