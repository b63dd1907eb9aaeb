package dev.heddle.worker;

import dev.heddle.code.RemoteFunction;
import dev.heddle.values.Values;
import dev.heddle.wire.Argument;
import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.Key;
import dev.heddle.wire.Payload;
import dev.heddle.worker.WorkerCommand.Execute;
import dev.heddle.worker.WorkerEvent.ExecutionEnded;
import dev.heddle.worker.WorkerEvent.ExecutionEnded.Raised;
import dev.heddle.worker.WorkerEvent.ExecutionEnded.Succeeded;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// Calls a function: decodes it and its arguments, runs it, and makes an event of what comes of it,
/// whatever that is.
final class Functions {
  private final NodeCode code;
  private final String worker;
  private final long valueBytesMax;

  Functions(NodeCode code, String worker, long valueBytesMax) {
    this.code = code;
    this.worker = worker;
    this.valueBytesMax = valueBytesMax;
  }

  ExecutionEnded cancelled(Execute command) {
    return new Raised(command.key(), command.attempt(), TaskFailures.failure(
        CancellationException.class, "cancelled before it began", Optional.empty()));
  }

  /// Runs it on this thread.
  ExecutionEnded run(Execute command) {
    var thread = Thread.currentThread();
    var loaderBefore = thread.getContextClassLoader();
    try {
      return new Call(command).run();
    } catch (Throwable failure) { // The user's function may throw anything; none ends the worker.
      return new Raised(command.key(), command.attempt(), code.capture(failure));
    } finally {
      thread.setContextClassLoader(loaderBefore);
    }
  }

  private final class Call {
    private final Execute command;
    private final Set<CodeBaseId> codeBases;

    Call(Execute command) {
      this.command = command;
      this.codeBases = new HashSet<>(command.work().function().codeBases());
    }

    ExecutionEnded run() throws Exception {
      var function = function(command.work().function());
      Thread.currentThread().setContextClassLoader(function.getClass().getClassLoader());
      var arguments = arguments();
      var started = System.nanoTime();
      var result = function.apply(arguments);
      var took = System.nanoTime() - started;
      return new Succeeded(command.key(), command.attempt(), stored(command.key(), result), took);
    }

    private RemoteFunction function(Payload payload) {
      var decoded = code.values().decode(payload);
      if (decoded instanceof RemoteFunction function) {
        return function;
      }
      throw new IllegalArgumentException("what was sent to be run is no RemoteFunction but "
          + (decoded == null ? "null" : "a " + decoded.getClass().getName()));
    }

    private @Nullable Object[] arguments() {
      var given = command.work().arguments();
      var arguments = new @Nullable Object[given.size()];
      for (var i = 0; i < arguments.length; i++) {
        arguments[i] = switch (given.get(i)) {
          case Argument.Inline(var payload) -> code.values().decode(payload);
          case Argument.Stored(var key) -> input(key).objectFor(codeBases, code);
        };
      }
      return arguments;
    }

    private StoredValue input(Key key) {
      var value = command.inputs().get(key);
      if (value instanceof StoredValue stored) {
        codeBases.addAll(stored.codeBases());
        return stored;
      }
      throw new IllegalStateException("the input '" + key + "' was not handed over");
    }

    /// Whether no class of the function's can be in it: a leaf, not a container.
    private static boolean isOfJdkAlone(@Nullable Object result) {
      return switch (result) {
        case null -> true;
        case String _,Boolean _,Character _,Byte _,Short _,Integer _,Long _,Float _,Double _ ->
          true;
        default -> result.getClass().isArray()
            && result.getClass().getComponentType().isPrimitive();
      };
    }

    private StoredValue stored(Key key, @Nullable Object result) {
      var size = Values.sizeOf(result);
      if (size > valueBytesMax) {
        throw new ValueTooLargeException(key, size, worker, valueBytesMax);
      }
      return StoredValue.made(result, size, isOfJdkAlone(result) ? Set.of() : codeBases, code);
    }
  }
}
