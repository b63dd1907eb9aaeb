package dev.heddle;

import dev.heddle.code.CodeBases;
import dev.heddle.code.RemoteFunction;
import dev.heddle.code.TaskScope;
import dev.heddle.wire.Address;
import dev.heddle.wire.Argument;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Calls the function of a task once more, here, in the caller's thread, with the inputs that it had.
///
/// The scheduler says what the function, the arguments and the inputs are; each input is asked for like
/// something published, so that one whose value was released is computed again.
final class Replay {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final ClientCore core;

  Replay(ClientCore core) {
    this.core = core;
  }

  /// @param key of the task, or of one that has no value since it failed
  /// @return what the function gives
  /// @throws ExecutionException whose cause is what the function threw, or says which input has no value
  @Nullable
  Object run(Key key) throws InterruptedException, ExecutionException {
    var task = definition(key);
    var inputs = new HashMap<Key, RemoteFuture<?>>();
    try {
      for (var input : task.inputs()) {
        inputs.put(input, input(input));
      }
      var values = new HashMap<Key, @Nullable Object>();
      for (var input : inputs.entrySet()) {
        values.put(input.getKey(), input.getValue().get());
      }
      var result = call(task, values);
      if (!task.key().equals(key)) {
        throw new IllegalStateException("'" + key + "' has no value since '" + task.key()
            + "' failed, and that did not fail this time: it gave "
            + (result == null ? "null" : "a " + result.getClass().getName()));
      }
      return result;
    } finally {
      inputs.values().forEach(RemoteFuture::close);
    }
  }

  private Message.Definition definition(Key key) throws InterruptedException {
    if (core.session().ask(new Message.AskDefinition(key),
        TIMEOUT) instanceof Message.Definition task) {
      var from = core.ledger().awaitConnection(System.nanoTime() + TIMEOUT.toNanos());
      if (from != null) {
        core.code().heardOf(task.function(), from);
        for (var argument : task.arguments()) {
          if (argument instanceof Argument.Inline(var payload)) {
            core.code().heardOf(payload, from);
          }
        }
      }
      return task;
    }
    throw new ClusterUnavailableException("the scheduler at " + core.address()
        + " does not say what '" + key + "' is");
  }

  private RemoteFuture<?> input(Key key) throws InterruptedException {
    var future = new Publications(core).adopt(key.text());
    if (!future.key().equals(key)) {
      future.close();
      throw new IllegalStateException("the input '" + key + "' cannot be had: something else, '"
          + future.key() + "', is published under its key; unpublish that");
    }
    return future;
  }

  private @Nullable Object call(Message.Definition task, Map<Key, @Nullable Object> inputs)
      throws InterruptedException, ExecutionException {
    var thread = Thread.currentThread();
    var loaderBefore = thread.getContextClassLoader();
    var scope = new Scope(task.key(), inputs);
    try {
      return TaskScope.in(scope, () -> {
        var values = core.code().values();
        if (!(values.decode(task.function()) instanceof RemoteFunction function)) {
          throw new IllegalStateException("what was sent as a function is none");
        }
        var arguments = new ArrayList<@Nullable Object>();
        for (var argument : task.arguments()) {
          arguments.add(switch (argument) {
            case Argument.Inline(var payload) -> values.decode(payload);
            case Argument.Stored(var key) -> scope.input(key);
          });
        }
        thread.setContextClassLoader(function.getClass().getClassLoader());
        return function.apply(arguments.toArray());
      });
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable failure) { // The user's function may throw anything.
      Frames.fold(failure);
      throw Frames.outside(new ExecutionException(
          "'" + task.key() + "' failed when it was replayed here: " + failure, failure));
    } finally {
      thread.setContextClassLoader(loaderBefore);
      scope.close();
    }
  }

  /// What surrounds the function here.
  private final class Scope implements TaskScope {
    private final Key key;
    private final Map<Key, @Nullable Object> inputs;
    private final Map<Class<?>, AutoCloseable> shared = new HashMap<>();

    Scope(Key key, Map<Key, @Nullable Object> inputs) {
      this.key = key;
      this.inputs = inputs;
    }

    @Override
    public Key key() {
      return key;
    }

    @Override
    public String worker() {
      return core.name();
    }

    @Override
    public @Nullable Object input(Key input) {
      if (!inputs.containsKey(input)) {
        throw new IllegalStateException("'" + input + "' is not among the inputs of '" + key
            + "', which are " + inputs.keySet());
      }
      return inputs.get(input);
    }

    @Override
    public Optional<Address> scheduler() {
      return Optional.of(core.address());
    }

    @Override
    public Secret secret() {
      return core.session().secret();
    }

    @Override
    public CodeBases codeBases() {
      return core.code().codeBases();
    }

    @Override
    public <T extends @Nullable Object> T withoutSlot(Callable<T> wait) throws Exception {
      return wait.call();
    }

    /// A task's client is this very one.
    @Override
    public synchronized <T extends AutoCloseable> T shared(Class<T> type, Supplier<T> maker) {
      return type.cast(type == Client.class
          ? core.client()
          : shared.computeIfAbsent(type, _ -> maker.get()));
    }

    synchronized void close() {
      for (var each : List.copyOf(shared.values())) {
        try {
          each.close();
        } catch (Exception e) {
          throw new IllegalStateException("what '" + key + "' shares cannot be closed", e);
        }
      }
    }
  }
}
