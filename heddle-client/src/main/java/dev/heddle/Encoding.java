package dev.heddle;

import dev.heddle.wire.ErrorCode;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A function or value on its way to become bytes: meets the futures in it, which become references
/// to inputs of the task. For one thread.
final class Encoding implements AutoCloseable {
  private static final ScopedValue<Encoding> CURRENT = ScopedValue.newInstance();

  /// Makes the bytes.
  interface Work<R> {
    R encode();
  }

  private final ClientCore core;
  private Set<Entry> captured = Set.of();
  private Set<Entry> needed = Set.of();
  private @Nullable String problem;

  Encoding(ClientCore core) {
    this.core = core;
  }

  /// Encodes within this.
  ///
  /// @throws IllegalArgumentException if there is a future in it that cannot be an input
  <R> R run(Work<R> work) {
    try {
      return ScopedValue.where(CURRENT, this).call(work::encode);
    } catch (RuntimeException e) {
      if (problem != null) {
        throw new IllegalArgumentException(problem, e);
      }
      throw e;
    }
  }

  /// The tasks that what was encoded refers to; pinned until this is closed.
  Set<Entry> captured() {
    return captured;
  }

  List<Long> capturedNumbers() {
    return captured.isEmpty() ? List.of() : captured.stream().map(entry -> entry.number).toList();
  }

  /// Those that were captured, and those that were [#need]ed.
  List<Entry> all() {
    if (captured.isEmpty()) {
      return needed.isEmpty() ? List.of() : List.copyOf(needed);
    }
    var all = new LinkedHashSet<>(captured);
    all.addAll(needed);
    return List.copyOf(all);
  }

  /// A future that is an argument; pinned until this is closed.
  ///
  /// @throws IllegalArgumentException if it is another client's, or was closed
  Entry need(Handle<?> handle) {
    if (handle.core() != core) {
      throw new IllegalArgumentException(foreign(handle));
    }
    var entry = handle.entry();
    if (!needed.contains(entry)) {
      try {
        core.ledger().pin(entry);
      } catch (IllegalStateException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
      if (needed.isEmpty()) {
        needed = new LinkedHashSet<>();
      }
      needed.add(entry);
    }
    return entry;
  }

  @Override
  public void close() {
    core.ledger().unpin(captured);
    core.ledger().unpin(needed);
    captured = Set.of();
    needed = Set.of();
  }

  /// Whether there can be no future in it.
  static boolean isPlain(@Nullable Object value) {
    return switch (value) {
      case null -> true;
      case String _,Number _,Boolean _,Character _ -> true;
      default -> value.getClass().isArray() && value.getClass().componentType().isPrimitive();
    };
  }

  /// What travels in place of a future.
  ///
  /// @throws InvalidObjectException if no function or argument is being encoded, or the future
  ///     cannot be an input of it
  static Serializable replacing(RemoteFuture<?> future) throws InvalidObjectException {
    if (!CURRENT.isBound()) {
      throw new InvalidObjectException(ErrorCode.FUTURE_MISPLACED.of("the future '"
          + future.key() + "' cannot be sent or stored: futures travel only in the functions and"
          + " arguments of tasks. Send its value, future.get(), or publish it"));
    }
    return CURRENT.get().reference(future);
  }

  private Serializable reference(RemoteFuture<?> future) throws InvalidObjectException {
    return switch (future) {
      case CapturedFuture<?> here -> new FutureReference.Here(here.key().text(), here.value());
      case Handle<?> handle -> {
        var why = refusal(handle);
        if (why != null) {
          problem = why;
          throw new InvalidObjectException(why);
        }
        add(handle.entry());
        yield new FutureReference.Stored(handle.key().text());
      }
    };
  }

  private void add(Entry entry) throws InvalidObjectException {
    if (captured.contains(entry)) {
      return;
    }
    try {
      core.ledger().pin(entry);
    } catch (IllegalStateException e) {
      problem = e.getMessage();
      throw (InvalidObjectException) new InvalidObjectException(problem).initCause(e);
    }
    if (captured.isEmpty()) {
      captured = new LinkedHashSet<>();
    }
    captured.add(entry);
  }

  private static String foreign(Handle<?> handle) {
    return ErrorCode.FUTURE_MISPLACED.of("the future '" + handle.key()
        + "' belongs to another client (" + handle.core() + "): publish it there,"
        + " client.publish(\"name\", future), and take it here, client.published(\"name\")");
  }

  private @Nullable String refusal(Handle<?> handle) {
    if (handle.core() != core) {
      return foreign(handle);
    }
    return switch (handle.entry().outcome) {
      case Outcome.Failed failed -> "the task '" + handle.key() + "' has failed, so it can be no"
          + " input: " + failed.failure;
      case Outcome.Ended(var cause) -> "the task '" + handle.key() + "' has ended without a value,"
          + " so it can be no input: " + cause.getMessage();
      case Outcome.Cancelled(var reason, _) ->
        "the task '" + handle.key() + "' was cancelled, so it"
            + " can be no input: " + reason;
      case Outcome.Closed(var reason) -> "the task '" + handle.key() + "' can be no input: "
          + reason;
      case Outcome.Decoded _,Outcome.Encoded _,Outcome.Elsewhere _ -> null;
      case null -> null;
    };
  }
}
