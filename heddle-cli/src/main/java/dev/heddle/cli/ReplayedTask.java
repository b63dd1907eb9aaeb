package dev.heddle.cli;

import dev.heddle.Heddle;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Key;
import java.util.concurrent.ExecutionException;

/// The JVM of [ReplayCommand].
final class ReplayedTask {
  private ReplayedTask() {}

  /// @param arguments the task's key
  public static void main(String[] arguments) {
    System.exit(replay(Key.of(arguments[0])));
  }

  // What the function throws is for whoever reads it.
  @SuppressWarnings("CallToPrintStackTrace")
  private static int replay(Key key) {
    try (var client = Heddle.connect()) {
      System.out.println("'" + key + "' gives " + client.replay(key));
      return 0;
    } catch (ExecutionException e) {
      (e.getCause() == null ? e : e.getCause()).printStackTrace();
      return Failures.FAILED;
    } catch (IllegalArgumentException e) { // There is no such task, or none that can be replayed.
      System.err.println("heddle: " + ErrorCode.NOT_THERE.of(Failures.messageOf(e)));
      return Failures.NOT_THERE;
    } catch (Exception e) {
      System.err.println("heddle: " + Failures.textOf(e));
      return Failures.exitCodeOf(e);
    }
  }
}
