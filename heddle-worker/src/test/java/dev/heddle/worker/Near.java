package dev.heddle.worker;

import dev.heddle.wire.Address;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Message;
import java.util.List;
import java.util.Optional;

/// A connection of an asker to a worker whose pool is in this process, as the asker and as the worker
/// see it.
final class Near implements Connection {
  private SharedMemory owner = SharedMemory.none();
  private boolean open = true;

  /// What the asker says goes to this one from now on.
  Near to(SharedMemory owner) {
    this.owner = owner;
    return this;
  }

  void lose(SharedMemory... ends) {
    open = false;
    List.of(ends).forEach(end -> end.lost(this));
  }

  @Override
  public Hello peer() {
    return new Hello(Hello.Role.WORKER, "near", "0", "0", Optional.of(remoteAddress()));
  }

  @Override
  public Address remoteAddress() {
    return new Address("near", 8786);
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public Call start(Message.Request request) {
    throw new AssertionError("nobody answers " + request);
  }

  @Override
  public void ask(Message.Request request, Object question) {
    throw new AssertionError("nobody answers " + request);
  }

  @Override
  public void reply(long correlation, Message.Response response) {
    throw new AssertionError("nobody asked for " + response);
  }

  @Override
  public void notice(Message.Notice notice) {
    if (open && notice instanceof Message.LetGo(var handOvers)) {
      owner.letGo(this, handOvers);
    }
  }

  @Override
  public long unwrittenBytes() {
    return 0;
  }

  @Override
  public void flush() {}

  @Override
  public void awaitRoom(long bytesMax) {}

  @Override
  public void close(String reason) {
    open = false;
  }
}
