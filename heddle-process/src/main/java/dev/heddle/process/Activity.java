package dev.heddle.process;

import org.jspecify.annotations.Nullable;

/// Something that a process may be doing, as it shows in [Processes#snapshot]: *waiting to receive
/// from `control`*, *reading from 10.0.0.7:8786*.
///
/// Channels declare their own waits. Code that waits for anything else makes its activities once,
/// and declares them around each wait:
///
/// ```java
/// private final Activity reading = Activity.named("reading from " + peer);
/// ...
/// try (var _ = reading.begin()) {
///   socket.read(buffer);
/// }
/// ```
///
/// Beginning and ending cost two clock readings and a few plain writes, and allocate nothing.
public final class Activity {
  static final Activity RUNNING = new Activity("running", "", null);

  private final String what;
  private final String channel;
  /// What it waits for, where that is known.
  final Await.@Nullable Target target;

  private Activity(String what, String channel, Await.@Nullable Target target) {
    this.what = what;
    this.channel = channel;
    this.target = target;
  }

  /// An activity of any kind, to be made once and used for each wait.
  ///
  /// @param doing in words that follow the name of a process: `reading from 10.0.0.7:8786`
  public static Activity named(String doing) {
    return new Activity(doing, "", null);
  }

  static Activity onChannel(String what, String channel, Await.Target target) {
    return new Activity(what, channel, target);
  }

  static Activity waitingToEnd(String what, String name, Await.Target target) {
    return new Activity("waiting for the end of " + what, name, target);
  }

  /// Says that the current process is doing this, until the result is closed, by the same thread.
  /// Activities nest: then the process is again doing what it did before. Off a named process,
  /// nothing happens.
  public Doing begin() {
    var process = NamedProcess.currentOrNull();
    return process == null ? Doing.NOTHING : process.doing.begin(this);
  }

  @Override
  public String toString() {
    return channel.isEmpty() ? what : what + " `" + channel + "`";
  }

  /// What [Activity#begin] gave; closing it ends the activity.
  public interface Doing extends AutoCloseable {
    Doing NOTHING = () -> {};

    @Override
    void close();
  }
}
