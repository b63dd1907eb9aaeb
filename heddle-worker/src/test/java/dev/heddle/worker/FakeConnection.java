package dev.heddle.worker;

import dev.heddle.wire.Address;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ConnectionLostException;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A connection to a scheduler that nobody is at the other end of.
final class FakeConnection implements Connection {
  static final Address ADDRESS = new Address("scheduler", 8786);

  final List<String> closed = new ArrayList<>();
  long unwrittenBytes;

  @Override
  public Hello peer() {
    return new Hello(Hello.Role.SCHEDULER, "scheduler", "0", "0", Optional.of(ADDRESS));
  }

  @Override
  public Address remoteAddress() {
    return ADDRESS;
  }

  @Override
  public boolean isOpen() {
    return closed.isEmpty();
  }

  @Override
  public Call start(Message.Request request) throws ConnectionLostException {
    throw new AssertionError("nobody answers " + request);
  }

  @Override
  public List<Call> startAll(List<? extends Message.Request> requests)
      throws ConnectionLostException {
    throw new AssertionError("nobody answers " + requests);
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
    throw new AssertionError("nobody hears " + notice);
  }

  @Override
  public long unwrittenBytes() {
    return unwrittenBytes;
  }

  @Override
  public void flush() {}

  @Override
  public void awaitRoom(long bytesMax) {}

  @Override
  public void close(String reason) {
    closed.add(reason);
  }
}
