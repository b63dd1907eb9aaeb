package dev.heddle;

import dev.heddle.code.CodeBases;
import dev.heddle.code.RemoteFunction;
import dev.heddle.wire.Address;
import dev.heddle.wire.ClientId;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Begun;
import dev.heddle.wire.RefusedException;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The parts of a client, and who knows whom.
final class ClientCore implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final String name;
  private final Address address;
  private final UnaryOperator<RemoteFunction> functions;
  private final ClientId id = ClientId.random(new SecureRandom());
  private final ClientCode code;
  private final Callbacks callbacks;
  private final Ledger ledger;
  private final Session session;
  private final Fetching fetching;
  private final Reading reading;
  private final Submitter submitter;
  private final Client client;

  private ClientCore(String name, Address address, Secret secret, ClientOptions options,
      CodeBases codeBases, Client.Maker maker) {
    this.name = name;
    functions = options.functions();
    this.address = address;
    code = new ClientCode(codeBases);
    callbacks = new Callbacks(name);
    ledger = new Ledger(this);
    session = new Session(this, name, address, secret, options.patience(),
        options.recordFailures());
    fetching = new Fetching(this);
    reading = new Reading(this, fetching);
    submitter = new Submitter(this);
    client = maker.of(this);
  }

  /// Makes a client and connects it.
  static Client connect(String name, Address address, Secret secret, ClientOptions options,
      CodeBases codeBases, Client.Maker maker) throws IOException, InterruptedException {
    var core = new ClientCore(name, address, secret, options, codeBases, maker);
    var isOpen = false;
    try {
      core.session.open(core.id, name);
      isOpen = true;
      return core.client;
    } finally {
      if (!isOpen) {
        core.close();
      }
    }
  }

  Client client() {
    return client;
  }

  /// What travels in its place.
  RemoteFunction travelling(RemoteFunction function) {
    return functions.apply(function);
  }

  ClientId id() {
    return id;
  }

  String name() {
    return name;
  }

  Address address() {
    return address;
  }

  ClientCode code() {
    return code;
  }

  Callbacks callbacks() {
    return callbacks;
  }

  Ledger ledger() {
    return ledger;
  }

  Session session() {
    return session;
  }

  Fetching fetching() {
    return fetching;
  }

  Reading reading() {
    return reading;
  }

  Submitter submitter() {
    return submitter;
  }

  /// @return false if it was done
  boolean cancel(Entry entry, boolean mayInterrupt) {
    if (mayInterrupt) {
      if (!ledger.end(entry, new Outcome.Cancelled("by this program", Begun.PERHAPS))) {
        return false;
      }
      ledger.abort(List.of(entry));
      return true;
    }
    if (!ledger.end(entry, new Outcome.Closed("by this program"))) {
      return false;
    }
    ledger.withdraw(entry);
    return true;
  }

  /// Completes a stage when the task is done, not in the thread that says so.
  <T extends @Nullable Object> void complete(Handle<T> handle, CompletableFuture<T> stage) {
    var entry = handle.entry();
    var outcome = entry.outcome;
    if (outcome != null && outcome.isSettled()) {
      completeNow(handle, stage);
      return;
    }
    if (outcome != null || !ledger.await(entry, null, new Waiter() {
      @Override
      void wake() {
        callbacks.execute(() -> completeNow(handle, stage));
      }
    })) {
      callbacks.execute(() -> completeNow(handle, stage));
    }
  }

  private static <T extends @Nullable Object> void completeNow(Handle<T> handle,
      CompletableFuture<T> stage) {
    try {
      stage.complete(handle.get());
    } catch (ExecutionException e) {
      var cause = e.getCause();
      stage.completeExceptionally(cause == null ? e : cause);
    } catch (InterruptedException | CancellationException e) {
      stage.completeExceptionally(e);
    }
  }

  /// Something published was asked for: learns its key, or that there is no such thing.
  void lookAfter(Telling.Adoption adoption) {
    try {
      adopted(adoption);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | NoSuchElementException e) {
      ledger.end(adoption.entry(),
          new Outcome.Ended(new TaskLostException(String.valueOf(e.getMessage()))));
    }
  }

  /// @throws NoSuchElementException if nothing of that name is published
  void adopted(Telling.Adoption adoption) throws IOException, InterruptedException {
    try {
      if (adoption.answer().await(TIMEOUT) instanceof Message.Adopted(var key)
          && adoption.entry().label instanceof Label.Published label) {
        label.become(key);
      }
    } catch (RefusedException e) {
      throw (NoSuchElementException) new NoSuchElementException(
          ErrorCode.NOT_PUBLISHED.of(ErrorCode.without(String.valueOf(e.getMessage()))))
          .initCause(e);
    }
  }

  @Override
  public void close() {
    if (ledger.end(new ClientClosedException("the client of " + address
        + " was closed before the task was done"))) {
      session.close();
    }
    callbacks.close();
    code.close();
  }

  @Override
  public String toString() {
    return "client '" + name + "' of " + address;
  }
}
