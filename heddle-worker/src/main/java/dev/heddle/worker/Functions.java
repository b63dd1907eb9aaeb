package dev.heddle.worker;

import dev.heddle.code.TaskScope;
import dev.heddle.code.TaskTracing;
import dev.heddle.values.UnserializableValueException;
import dev.heddle.values.Values;
import dev.heddle.wire.Argument;
import dev.heddle.wire.Key;
import dev.heddle.wire.Payload;
import dev.heddle.worker.WorkerCommand.Execute;
import dev.heddle.worker.WorkerEvent.ExecutionEnded;
import dev.heddle.worker.WorkerEvent.ExecutionEnded.InputsLost;
import dev.heddle.worker.WorkerEvent.ExecutionEnded.Raised;
import dev.heddle.worker.WorkerEvent.ExecutionEnded.Succeeded;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// Calls a function: decodes it and its arguments, runs it, and makes an event of what comes of it,
/// whatever that is.
final class Functions {
  /// Results whose encoding is no larger are told along with the end of their task.
  static final int SMALL_BYTES_MAX = 4 << 10;
  /// Objects of more memory than this are not encoded to find out whether they are small.
  static final long PROBABLY_SMALL_BYTES_MAX = 4L * SMALL_BYTES_MAX;

  private static final Object NOTHING = new Object();

  private final RunningTask.Node node;
  private final NodeCode code;
  private final RunningTask.Slots slots;
  private final long valueBytesMax;
  private final boolean checks;
  private final @Nullable TaskTracing tracing = TaskTracing.ofThisProcess().orElse(null);

  /// @param checks whether to find out that a function changes its inputs
  Functions(RunningTask.Node node, RunningTask.Slots slots, long valueBytesMax, boolean checks) {
    this.node = node;
    this.code = node.code();
    this.slots = slots;
    this.valueBytesMax = valueBytesMax;
    this.checks = checks;
  }

  ExecutionEnded cancelled(Execute command) {
    return new Raised(command.key(), command.attempt(), TaskFailures.failure(
        CancellationException.class, "cancelled before it began", Optional.empty()), 0);
  }

  /// Runs it on this thread.
  ExecutionEnded run(Execute command) {
    var inputs = command.inputs();
    if (inputs.isEmpty()) {
      return call(command);
    }
    Optional<ExecutionEnded> lost;
    try {
      lost = lost(command);
    } catch (OutOfMemoryError e) { // There may be more for the next task.
      return new Raised(command.key(), command.attempt(), code.capture(e), 0);
    }
    return lost.orElseGet(() -> call(command));
  }

  /// Brings all inputs into memory.
  ///
  /// @return those that cannot be read
  private static Optional<ExecutionEnded> lost(Execute command) {
    var lost = new ArrayList<Key>(0);
    var reason = "";
    for (var input : command.inputs().entrySet()) {
      try {
        ((StoredValue) input.getValue()).load();
      } catch (LostValueException e) {
        lost.add(input.getKey());
        reason = e.getMessage();
      }
    }
    return lost.isEmpty()
        ? Optional.empty()
        : Optional.of(new InputsLost(command.key(), command.attempt(), lost,
            String.valueOf(reason)));
  }

  private ExecutionEnded call(Execute command) {
    var thread = Thread.currentThread();
    var loaderBefore = thread.getContextClassLoader();
    var call = new Call(command);
    try {
      return tracing == null
          ? TaskScope.in(call.scope, call::run)
          : TaskScope.in(call.scope, () -> tracing.record(call.inTrace(), call::run));
    } catch (Throwable failure) { // The user's function may throw anything; none ends the worker.
      return new Raised(command.key(), command.attempt(), code.capture(failure), call.ranNanos());
    } finally {
      thread.setContextClassLoader(loaderBefore);
    }
  }

  private final class Call {
    private final Execute command;
    private final Work work;
    private final RunningTask scope;
    private boolean begun;
    private long startedNanos;

    Call(Execute command) {
      this.command = command;
      this.work = command.work();
      this.scope = new RunningTask(command, node, slots);
    }

    ExecutionEnded run() throws Exception {
      var isOfOneCall = !work.captured().isEmpty();
      var function = work.function().take(code, isOfOneCall);
      try {
        Thread.currentThread().setContextClassLoader(function.getClass().getClassLoader());
        var arguments = arguments();
        var check = checks ? new InputCheck(command.key(), command.inputs(), scope, code) : null;
        startedNanos = System.nanoTime();
        begun = true;
        var result = function.apply(arguments);
        var tookNanos = System.nanoTime() - startedNanos;
        work.function().took(tookNanos);
        if (check != null) {
          check.compare();
        }
        return succeeded(result, tookNanos);
      } finally {
        work.function().giveBack(function, isOfOneCall);
      }
    }

    TaskTracing.Run inTrace() {
      return new TaskTracing.Run(command.key(), node.name(), work.trace().context(),
          work.trace().attempt());
    }

    /// How long the function has run by now; 0 only if it was not called.
    long ranNanos() {
      return begun ? Math.max(1, System.nanoTime() - startedNanos) : 0;
    }

    private @Nullable Object[] arguments() {
      var given = work.arguments();
      var arguments = new @Nullable Object[given.size()];
      for (var i = 0; i < arguments.length; i++) {
        arguments[i] = switch (given.get(i)) {
          case Argument.Inline(var payload) -> code.values().decode(payload);
          case Argument.Stored(var key) -> scope.input(key);
        };
      }
      return arguments;
    }

    private Succeeded succeeded(@Nullable Object result, long tookNanos) {
      var size = Values.sizeOf(result);
      if (size > valueBytesMax) {
        throw new ValueTooLargeException(command.key(), size, node.name(), valueBytesMax);
      }
      var small = command.wantsValue() && size <= PROBABLY_SMALL_BYTES_MAX
          ? small(result)
          : Optional.<Payload>empty();
      return new Succeeded(command.key(), command.attempt(), stored(result, size), tookNanos,
          small);
    }

    /// The result as it travels, if it can and is small. What cannot travel may still be used here.
    private Optional<Payload> small(@Nullable Object result) {
      try {
        return ifSmall(code.values().encode(result));
      } catch (UnserializableValueException e) {
        return Optional.empty(); // Whoever fetches it is told why.
      }
    }

    private StoredValue stored(@Nullable Object result, long size) {
      if (isOfJdkAlone(result)) {
        return StoredValue.made(result, size, Set.of(), NOTHING);
      }
      var codeBases = scope.codeBasesUsed();
      var stored = StoredValue.made(result, size, codeBases,
          codeBases.equals(work.function().codeBases())
              ? work.function().hold()
              : code.hold(codeBases));
      if (result instanceof MemorySegment || result instanceof ByteBuffer) {
        node.memory().made(stored, code);
      }
      return stored;
    }
  }

  static Optional<Payload> ifSmall(Payload payload) {
    return payload.sizeBytes() <= SMALL_BYTES_MAX ? Optional.of(payload) : Optional.empty();
  }

  /// Whether no class of the function's can be in it: a leaf, not a container.
  static boolean isOfJdkAlone(@Nullable Object result) {
    return switch (result) {
      case null -> true;
      case String _,Boolean _,Character _,Byte _,Short _,Integer _,Long _,Float _,Double _ ->
        true;
      default -> result.getClass().isArray()
          && result.getClass().getComponentType().isPrimitive();
    };
  }
}
