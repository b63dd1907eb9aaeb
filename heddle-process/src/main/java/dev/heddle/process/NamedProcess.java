package dev.heddle.process;

import java.lang.StackWalker.StackFrame;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A sequential process: a name, a thread of the same name, and the scope that supervises it.
public final class NamedProcess {
  private static final ThreadLocal<@Nullable NamedProcess> CURRENT = new ThreadLocal<>();

  private static final Pattern PLATFORM_CLASS = Pattern.compile("(java|javax|jdk|sun)\\.");

  final CurrentActivity doing = new CurrentActivity();
  private final String name;
  private final Kind kind;
  private final ProcessScope scope;
  private final StackFrame startedAt;
  private final Thread thread;
  private volatile boolean stopping;

  NamedProcess(String name, Kind kind, ProcessScope scope, StackFrame startedAt, Body body) {
    this.name = name;
    this.kind = kind;
    this.scope = scope;
    this.startedAt = startedAt;
    var builder = switch (kind) {
      case PLATFORM -> Thread.ofPlatform().daemon();
      case VIRTUAL -> Thread.ofVirtual();
    };
    this.thread = builder.name(name).inheritInheritableThreadLocals(false)
        .unstarted(() -> run(body));
  }

  /// The process that runs on the current thread, if there is one.
  public static Optional<NamedProcess> current() {
    return Optional.ofNullable(currentOrNull());
  }

  static @Nullable NamedProcess currentOrNull() {
    return CURRENT.get();
  }

  public String name() {
    return name;
  }

  public Kind kind() {
    return kind;
  }

  /// The scope that supervises this.
  public ProcessScope scope() {
    return scope;
  }

  /// The line that started this, as in a stack trace: `org.example.Node.open(Node.java:42)`.
  public String startedAt() {
    return startedAt.toStackTraceElement().toString();
  }

  /// Whether this has not ended yet.
  public boolean isAlive() {
    return thread.isAlive();
  }

  /// Asks this one process to end, by interrupting it. Its siblings go on: an end by interruption
  /// is then no failure.
  public void stop() {
    stopping = true;
    thread.interrupt();
  }

  /// Waits for this to end, in whatever way: its failure goes to the scope.
  public void join() throws InterruptedException {
    checkNotSelf();
    try (var _ = Activity.waitingToEnd("process", name, this::awaited).begin()) {
      thread.join();
    }
  }

  /// Like [#join()], for at most `timeout`.
  ///
  /// @return false if the time was up first
  public boolean join(Duration timeout) throws InterruptedException {
    checkNotSelf();
    try (var _ = Activity.waitingToEnd("process", name, this::awaited).begin()) {
      return thread.join(timeout);
    }
  }

  /// What this is doing now.
  public ProcessInfo info() {
    var reading = doing.read();
    return new ProcessInfo(thread.threadId(), name, kind, scope.path(),
        describe(reading.activity()) + part(), reading.since(), doing.received(), doing.sent(),
        startedAt());
  }

  /// What its thread's name has beyond its own: what it works on.
  private String part() {
    var text = thread.getName();
    return text.startsWith(name + " ") ? " in '" + text.substring(name.length() + 1) + "'" : "";
  }

  @Override
  public String toString() {
    return info().toString();
  }

  private Await awaited() {
    return new Await("waits for the end of process `" + name + "`", name, List.of(this), true,
        true);
  }

  /// For whom this waits, if it does so for that long and it is known.
  @Nullable
  Await await(long sinceNanosMin) {
    var turn = Processes.turnAwaitedBy(thread);
    var reading = doing.read();
    var target = reading.activity().target;
    if (turn != null) {
      var holder = turn.holder();
      return new Await("waits for the turn `" + turn.name() + "`", turn.name(),
          holder == null ? List.of() : Processes.on(holder), false, true);
    }
    return target == null || reading.since().toNanos() < sinceNanosMin ? null : target.await();
  }

  /// Counts messages that this has taken in other than from a channel. For its own thread.
  public void countReceived(long messages) {
    doing.countReceived(messages);
  }

  /// Counts messages that this has given out other than to a channel. For its own thread.
  public void countSent(long messages) {
    doing.countSent(messages);
  }

  Thread thread() {
    return thread;
  }

  boolean isStopping() {
    return stopping;
  }

  void start() {
    thread.start();
  }

  private static StackTraceElement withoutLoader(StackTraceElement frame) {
    return new StackTraceElement(frame.getClassName(), frame.getMethodName(), frame.getFileName(),
        frame.getLineNumber());
  }

  /// A process that stands still without having said why is shown by where it stands.
  private String describe(Activity activity) {
    if (activity == Activity.RUNNING) {
      switch (thread.getState()) {
        case BLOCKED, WAITING, TIMED_WAITING -> {
          if (Processes.turnAwaitedBy(thread) instanceof Turn turn) {
            return "waiting for the turn `" + turn.name() + "`";
          }
          for (var frame : thread.getStackTrace()) {
            if (!PLATFORM_CLASS.matcher(frame.getClassName()).lookingAt()) {
              return "waiting in " + withoutLoader(frame);
            }
          }
        }
        case NEW, RUNNABLE, TERMINATED -> {
        }
      }
    }
    return activity.toString();
  }

  private void checkNotSelf() {
    if (currentOrNull() == this) {
      throw new IllegalStateException("process `" + name + "` cannot wait for its own end");
    }
  }

  private void run(Body body) {
    CURRENT.set(this);
    if (stopping) {
      thread.interrupt(); // the stop came before this thread could be interrupted
    }
    try {
      body.run();
      scope.ended(this, null);
    } catch (Throwable failure) {
      scope.ended(this, failure);
    }
  }
}
